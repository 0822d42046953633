package dev.rekey.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FindingsDocumentTest {
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `([a-z0-9-]+)` \\| (error|warning|info) \\| [^|]+ \\| [^|]+ \\|$");

    @Test
    void theTableOfFindingsIsTheOneOfTheCode() throws IOException {
        List<String> rows = ROW.matcher(Files.readString(Path.of("../docs/findings.md")))
                .results()
                .map(row -> row.group(1) + " " + row.group(2))
                .toList();

        assertThat(rows)
                .containsExactlyElementsOf(Arrays.stream(Code.values())
                        .map(code -> code.text() + " " + code.severity().name().toLowerCase(Locale.ROOT))
                        .toList());
    }

    /** What no case of the corpus brings about would be a promise that nobody tested. */
    @Test
    void everyCodeIsBroughtAboutBySomeConfiguration() {
        Set<String> seen = new TreeSet<>();
        for (Corpus given : Corpus.cases()) {
            Stream.of("1.18.6", "1.24.17", "1.36.3")
                    .flatMap(version -> ConfigurationText.check(given.text(), given.profile(version)).stream())
                    .map(Finding::code)
                    .forEach(seen::add);
        }
        ConfigurationText.check("\ud800", ServerProfile.of("1.36.3")).forEach(finding -> seen.add(finding.code()));

        assertThat(seen)
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Code.values()).map(Code::text).toList());
    }
}
