package dev.rekey.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.config.Finding.Severity;
import dev.rekey.fuzz.GoProgram;
import dev.rekey.fuzz.Mutations;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Asks the real loader of kube-apiserver, built with Go, whether the kept verdicts are its own, and about thousands of other
 * texts; more on request: {@code -Drekey.texts=200000 -Drekey.seed=7}. Where the loader cannot be built the tests are
 * skipped, or fail where real servers are required, as in the other modules.
 */
class CorpusIT {
    /**
     * For these a text is refused that a server takes, as docs/findings.md lists; syntax where it stands behind the first document,
     * or where our parser finds a tab or an escape first.
     */
    private static final Set<String> REFUSED_ON_PURPOSE = Set.of("unsupported-text", "syntax", "kms-endpoint");

    private static GoProgram loader;

    @BeforeAll
    static void build() {
        loader = GoProgram.build("verdict");
    }

    @Test
    void theKeptVerdictsAreTheLoadersOwn() {
        List<Corpus> cases = Corpus.cases();

        assertThat(ask(cases)).isEqualTo(cases.stream().map(Corpus::loads136).toList());
    }

    @Test
    void nothingIsReadThatTheServerRefuses() {
        long seed = Long.getLong("rekey.seed", 1);
        Mutations mutations = new Mutations(seed);
        List<Corpus> loadable = Corpus.cases().stream().filter(Corpus::loads136).toList();
        List<Corpus> cases = new ArrayList<>();
        for (int i = 0; i < Integer.getInteger("rekey.texts", 20_000); i++) {
            Corpus given = loadable.get(i % loadable.size());
            String text = mutations.mutate(given.text());
            cases.add(new Corpus("text " + i, given.flags(), true, true, Set.of(), text));
        }

        List<Boolean> loads = ask(cases);

        int loading = 0;
        int refused = 0;
        for (int i = 0; i < cases.size(); i++) {
            Corpus given = cases.get(i);
            List<String> errors = ConfigurationText.check(given.text(), given.profile("1.36.3")).stream()
                    .filter(finding -> finding.severity() == Severity.ERROR)
                    .map(Finding::code)
                    .toList();
            if (!loads.get(i)) {
                assertThat(errors)
                        .as("seed %d, %s:%n%s", seed, given.name(), given.text())
                        .isNotEmpty();
            } else {
                loading++;
                refused += errors.isEmpty() ? 0 : 1;
                assertThat(REFUSED_ON_PURPOSE)
                        .as("seed %d, %s:%n%s", seed, given.name(), given.text())
                        .containsAll(errors);
            }
        }
        assertThat(loading).isGreaterThan(cases.size() / 20);
        assertThat(refused).isLessThan(loading / 5);
    }

    private static List<Boolean> ask(List<Corpus> cases) {
        return loader.ask(cases.stream().map(CorpusIT::question).toList()).stream()
                .map(line -> line.contains("\"loads\":true"))
                .toList();
    }

    private static String question(Corpus given) {
        byte[] text = given.text().getBytes(StandardCharsets.UTF_8);
        return "{\"name\":\"x\",\"text\":\"" + Base64.getEncoder().encodeToString(text) + "\",\"reload\":"
                + given.flags().contains("reload") + ",\"kmsV1\":"
                + given.flags().contains("kms-v1") + "}";
    }
}
