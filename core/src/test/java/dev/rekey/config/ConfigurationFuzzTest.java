package dev.rekey.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.InvalidInputException;
import dev.rekey.config.Finding.Severity;
import dev.rekey.fuzz.Canaries;
import dev.rekey.fuzz.Fuzzer;
import dev.rekey.fuzz.Fuzzer.Said;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ConfigurationFuzzTest {
    private static final ServerProfile SERVER = ServerProfile.of("1.36.3").withAutomaticReload(true);

    private static final List<byte[]> KEYS =
            Corpus.SECRETS.values().stream().map(Base64.getDecoder()::decode).toList();
    private static final Canaries PIECES = Canaries.of(KEYS, 8);

    /** Their messages say the name of a resource or of a key. */
    private static final Set<String> NAMING =
            Set.of("resource-unknown", "resource-masked", "writer-identity", "identity-missing", "key-name-reused");

    @Test
    void whateverTheBytes_thereAreFindingsOrAConfigurationThatIsReadBackEqual() {
        Fuzzer.run("configuration", seeds(), Canaries.of(KEYS), ConfigurationFuzzTest::read);
    }

    private static void read(byte[] input, Said said) {
        List<Finding> findings = ConfigurationText.check(input, SERVER);
        findings.forEach(finding -> {
            said.check(finding.message());
            said.check(finding.path());
            if (!NAMING.contains(finding.code())) {
                assertThat(PIECES.in(finding.path() + finding.message()))
                        .as(finding.toString())
                        .isEmpty();
            }
        });
        ConfigurationText text;
        try {
            text = ConfigurationText.parse(input);
        } catch (InvalidInputException e) {
            assertThat(errors(findings)).isNotEmpty();
            throw e;
        }
        EncryptionConfiguration configuration = text.configuration();
        said.check(text);
        said.check(configuration.readers());
        configuration.rules().forEach(rule -> said.check(configuration.writerOf(rule)));
        configuration.kmsSockets();
        assertThat(errors(configuration.validate(SERVER))).isEqualTo(errors(findings));
        Rendered rendered = configuration.render();
        assertThat(EncryptionConfiguration.parse(rendered.exposeBytes())).isEqualTo(configuration);
        assertThat(EncryptionConfiguration.parse(rendered.exposeBytes()).render())
                .isEqualTo(rendered);
    }

    private static Set<String> errors(List<Finding> findings) {
        Set<String> codes = new TreeSet<>();
        findings.stream()
                .filter(finding -> finding.severity() == Severity.ERROR)
                .forEach(finding -> codes.add(finding.code()));
        return codes;
    }

    private static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (Corpus given : Corpus.cases()) {
            String text = given.text() + "\n# " + Canaries.WORD + "\n";
            seeds.add(text.getBytes(StandardCharsets.UTF_8));
        }
        return seeds;
    }
}
