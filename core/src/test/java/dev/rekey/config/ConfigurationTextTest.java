package dev.rekey.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.rekey.InvalidInputException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigurationTextTest {
    private static final ServerProfile SERVER = ServerProfile.of("1.36.3");

    /** As it stands in a well-known guide: {@code secret} is indented one blank less than {@code name}. */
    private static final String ONE_BLANK_SHORT = """
            apiVersion: apiserver.config.k8s.io/v1
            kind: EncryptionConfiguration
            resources:
            - providers:
              - aescbc:
                  keys:
                  - name: kubeone-xkau31
                   secret: 6utsip/8CJ1GFQpM6iWq4oL2z2g8tJ5UkGbIgkSWAAc=
              - identity: {}
              resources:
              - secrets
            """;

    @Test
    void textThatIsNoYamlGivesPositionAndCauseAndNoKey() {
        assertThatThrownBy(() -> ConfigurationText.parse(ONE_BLANK_SHORT))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("line 8, column 8")
                .hasMessageContaining("not valid YAML")
                .hasMessageContaining("indentation")
                .hasNoCause()
                .satisfies(
                        e -> assertThat(e.getMessage()).doesNotContain("6utsip").doesNotContain("AAc="));
    }

    @Test
    void theSameTextWithItsBlankIsRead() {
        String mended = ONE_BLANK_SHORT.replace("       secret", "        secret");

        ConfigurationText read = ConfigurationText.parse(mended);

        assertThat(read.validate(SERVER)).isEmpty();
        assertThat(read.configuration().writerOf("secrets").ref()).isEqualTo(new KeyRef("aescbc", "kubeone-xkau31"));
        assertThat(read.line("resources[0].providers[0].aescbc.keys[0].secret")).isEqualTo(8);
        assertThat(read.line("resources[0].providers[1]")).isEqualTo(9);
        assertThat(read.exposeText()).isEqualTo(mended);
    }

    @Test
    void eachFindingNamesItsFieldAndLine() {
        String text = """
                # a comment
                apiVersion: apiserver.config.k8s.io/v1
                kind: EncryptionConfiguration
                resources:
                - resources:
                  - secretz
                  providers:
                  - aescbc:
                      keys:
                      - name: yes
                        secret: AQIDBA==
                      - secret: ${KEY}
                        name: b
                        comment: none
                """;

        assertThat(ConfigurationText.check(text, SERVER))
                .extracting(Finding::line, Finding::code, Finding::path)
                .containsExactly(
                        tuple(6, "resource-unknown", "resources[0].resources[0]"),
                        tuple(8, "identity-missing", "resources[0].providers"),
                        tuple(10, "wrong-type", "resources[0].providers[0].aescbc.keys[0].name"),
                        tuple(11, "key-length", "resources[0].providers[0].aescbc.keys[0].secret"),
                        tuple(12, "base64", "resources[0].providers[0].aescbc.keys[1].secret"),
                        tuple(14, "unknown-field", "resources[0].providers[0].aescbc.keys[1].comment"));
    }

    @Test
    void anExceptionSaysHowManyErrorsThereAre() {
        String text = """
                apiVersion: apiserver.config.k8s.io/v1
                kind: EncryptionConfiguration
                resource: []
                Resources: []
                """;

        assertThatThrownBy(() -> EncryptionConfiguration.parse(text))
                .hasMessage(
                        "the encryption configuration cannot be read: line 3, column 1, resource: the server knows no"
                                + " field 'resource' here; known are apiVersion, kind, resources (and 1 more)");
    }

    @Test
    void aVariableThatWasNotExpandedIsSaidToBeOne() {
        String text = """
                apiVersion: apiserver.config.k8s.io/v1
                kind: EncryptionConfiguration
                resources:
                - resources: [secrets]
                  providers:
                  - aescbc: {keys: [{name: a, secret: "${ENCRYPTION_KEY}"}]}
                  - identity: {}
                """;

        assertThat(messages(text))
                .containsExactly("the secret is not base64: it looks like a variable that was not expanded");
    }

    @Test
    void namesInMessagesAreShortAndHaveNoControlCharacters() {
        String text = "\"a\\u001b[31m" + "x".repeat(500) + "\": 1\n";

        assertThat(messages(text))
                .allSatisfy(message -> assertThat(message).hasSizeLessThan(400).doesNotContain("\u001b"));
    }

    @Test
    void theValueAloneHasTheSameFindingsWithoutLines() {
        EncryptionConfiguration configuration = EncryptionConfiguration.parse("""
                apiVersion: apiserver.config.k8s.io/v1
                kind: EncryptionConfiguration
                resources:
                - resources: [secretz]
                  providers:
                  - identity: {}
                """);

        assertThat(configuration.validate(SERVER))
                .extracting(Finding::code, Finding::line)
                .containsExactly(tuple("resource-unknown", 0), tuple("writer-identity", 0));
    }

    private static List<String> messages(String text) {
        return ConfigurationText.check(text, SERVER).stream()
                .map(Finding::message)
                .toList();
    }
}
