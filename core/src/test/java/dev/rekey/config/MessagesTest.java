package dev.rekey.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.config.Finding.Severity;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What findings say, where the right code alone would help nobody. */
class MessagesTest {
    private static final ServerProfile SERVER = ServerProfile.of("1.36.3");
    private static final String HEAD =
            "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n";

    @ParameterizedTest(name = "{0} => {1}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "'${KEY}'; it looks like a variable that was not expanded",
                "'AQID BAUG'; it holds blanks",
                "'AQID-_UG'; the url-safe alphabet",
                "'AQIDB'; no multiple of four",
                "'AQIDBA='; no multiple of four",
                "'AQI*'; a character that is not of the alphabet",
                "\"AQI*\\n\"; a character that is not of the alphabet",
            })
    void whyASecretIsNotBase64(String secret, String why) {
        assertThat(said("aescbc: {keys: [{name: a, secret: " + secret + "}]}"))
                .anySatisfy(message -> assertThat(message)
                        .startsWith("the secret is not base64: ")
                        .contains(why));
    }

    @ParameterizedTest(name = "{0} => {1}")
    @CsvSource(
            delimiter = ';',
            value = {
                "{keys: {}}; a map",
                "{keys: 1}; a number",
                "{keys: true}; a boolean",
                "{keys: a}; a text",
                "[]; a list"
            })
    void whatStandsInTheWrongPlace(String value, String what) {
        assertThat(said("aescbc: " + value))
                .anySatisfy(message -> assertThat(message).contains("here stands " + what + ","));
    }

    @Test
    void aShortKey_itsBitsAreSaid() {
        assertThat(said("aescbc: {keys: [{name: a, secret: AQIDBAUGBwgJCgsMDQ4PEA==}]}"))
                .contains("the key is of 128 bits; the server takes it, and 256 bits are usual");
    }

    @Test
    void aConfigurationThatWasRead_isValidatedWithLines() {
        ConfigurationText text =
                ConfigurationText.parse(HEAD + "- resources: [secret]\n  providers: [{identity: {}}]\n");

        assertThat(text.validate(SERVER))
                .isEqualTo(ConfigurationText.check(text.exposeText(), SERVER))
                .anySatisfy(finding -> {
                    assertThat(finding.line()).isEqualTo(4);
                    assertThat(finding.message()).contains("did you mean secrets?");
                });
    }

    @Test
    void aFindingForJson() {
        Finding finding = new Finding(Severity.WARNING, "key-hex", "resources[0]", 4, "text");

        assertThat(finding.toMap())
                .containsExactly(
                        Map.entry("severity", "warning"),
                        Map.entry("code", "key-hex"),
                        Map.entry("path", "resources[0]"),
                        Map.entry("line", 4),
                        Map.entry("message", "text"));
    }

    @Test
    void namesAreShownWithoutWhatTheyStandFor() {
        Provider kms = new Provider.Kms("vault", "v2", "unix:///s3cr3t", Optional.empty(), Duration.ofSeconds(3));
        Key key = new Key("key1", KeyMaterial.of(new byte[32]));

        assertThat(new EncryptionConfiguration(
                        List.of(new Entry(List.of("secrets"), List.of(kms, new Provider.AesCbc(List.of(key)))))))
                .hasToString("EncryptionConfiguration[entries=[Entry[resources=[secrets], providers=[Kms[name=vault,"
                        + " apiVersion=v2], AesCbc[keys=[Key[name=key1, material=KeyMaterial[32 bytes]]]]]]]]");
        assertThat(kms.readers()).hasToString("[OfKms[name=vault, apiVersion=v2]]");
        assertThat(new Provider.Identity().type()).isEqualTo("identity");
    }

    @Test
    void theHashIsTheOneThatAnApiserverTells() {
        byte[] abc = "abc".getBytes(StandardCharsets.US_ASCII);

        assertThat(Rendered.of(abc).sha256())
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
                .isEqualTo(Rendered.sha256(abc));
    }

    @Test
    void anEntryWithoutResources_hasNoReaders() {
        Entry none = new Entry(List.of(), List.of(new Provider.Identity()));

        assertThat(new EncryptionConfiguration(List.of(none)).readers()).isEmpty();
    }

    private static List<String> said(String provider) {
        return ConfigurationText.check(HEAD + "- resources: [secrets]\n  providers:\n  - " + provider + "\n", SERVER)
                .stream()
                .map(Finding::message)
                .toList();
    }
}
