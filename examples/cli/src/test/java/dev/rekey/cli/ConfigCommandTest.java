package dev.rekey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.KeyRef;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigCommandTest {
    private static final String VALID = """
            apiVersion: apiserver.config.k8s.io/v1
            kind: EncryptionConfiguration
            resources:
            - resources:
              - secrets
              providers:
              - aescbc:
                  keys:
                  - name: key-1
                    secret: VGhpc0lzQTMyQnl0ZUtleUZvclRlc3RzT25seSEhISE=
              - identity: {}
            """;
    private static final String KMS_V1 = """
            apiVersion: apiserver.config.k8s.io/v1
            kind: EncryptionConfiguration
            resources:
            - resources: [secrets]
              providers:
              - kms: {name: vault, endpoint: "unix:///run/kms/a.sock"}
              - identity: {}
            """;

    @TempDir
    private Path folder;

    private final CommandRun command = CommandRun.offline();

    @Test
    void generate_printsAConfigurationThatCheckTakes() {
        CommandRun.Result generated = command.runAsIs("config", "generate");

        assertThat(generated.status()).isZero();
        assertThat(generated.err()).isEmpty();
        EncryptionConfiguration read = EncryptionConfiguration.parse(generated.out());
        assertThat(read.render().exposeBytes()).isEqualTo(generated.out().getBytes(StandardCharsets.UTF_8));
        assertThat(read.writerOf("secrets").ref().toString()).matches("aescbc key rekey-1-[a-z0-9]{6}");
        assertThat(read.readersOf("secrets")).hasSize(2);
        assertThat(command.piped(generated.out())
                        .runAsIs("config", "check", "-", "--automatic-reload")
                        .status())
                .isZero();
    }

    @Test
    void generate_drawsAnotherKeyEachTime() {
        assertThat(command.runAsIs("config", "generate").out())
                .isNotEqualTo(command.runAsIs("config", "generate").out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"aescbc", "aesgcm", "secretbox"})
    void generate_takesProviderResourcesAndPrefix(String provider) {
        EncryptionConfiguration read = EncryptionConfiguration.parse(command.runAsIs(
                        "config",
                        "generate",
                        "--provider",
                        provider,
                        "--resource",
                        "secrets, configmaps",
                        "--resource",
                        "*.apps",
                        "--key-prefix",
                        "kubeone")
                .out());

        assertThat(read.rules()).containsExactly("secrets", "configmaps", "*.apps");
        KeyRef writer = read.writerOf("deployments.apps").ref();
        assertThat(writer.type()).isEqualTo(provider);
        assertThat(writer.name()).startsWith("kubeone-1-");
    }

    @Test
    void generateAsJson_hasTextAndKeyName() {
        JsonObject json =
                command.runAsIs("config", "generate", "--output", "json").json();

        EncryptionConfiguration read =
                EncryptionConfiguration.parse(json.get("configuration").getAsString());
        assertThat(json.get("key").getAsString())
                .isEqualTo(read.writerOf("secrets").ref().name());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--provider kms",
                "--provider rot13",
                "--resource Secrets",
                "--resource *",
                "--resource secrets,secrets",
                "--resource=",
                "--resource=,",
                "--resource=secrets,,configmaps",
                "--key-prefix=",
                "--kubernetes 1.12.9",
                "--key-prefix a:b",
                "--kubernetes new",
                "--no-such-option"
            })
    void generate_refusesWhatNoServerWouldTake(String options) {
        CommandRun.Result result = command.runAsIs(("config generate " + options).split(" "));

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).startsWith("error (").doesNotContain("dev.rekey.", "secret:");
    }

    @Test
    void generate_warnsOfWhatAServerTakesAndIgnores() {
        CommandRun.Result result =
                command.runAsIs("config", "generate", "--resource", "*.apps", "--kubernetes", "1.26.0");

        assertThat(result.status()).isZero();
        assertThat(result.err()).startsWith("what was asked for: warning (").contains("resources[0].resources[0]");
    }

    @Test
    void aValidFile_endsWithZero() throws IOException {
        String file = Files.writeString(folder.resolve("enc.yaml"), VALID).toString();

        CommandRun.Result result = command.runAsIs("config", "check", file, "--kubernetes", "1.36.3");

        assertThat(result.status()).isZero();
        assertThat(result.out()).contains(file + ": valid for Kubernetes v1.36.3");
    }

    @Test
    void aValidFileAsJson_hasNoErrorAmongItsFindings() {
        JsonObject json = command.piped(VALID)
                .runAsIs("config", "check", "-", "--output", "json")
                .json();

        assertThat(json.keySet()).containsExactly("valid", "findings");
        assertThat(json.get("valid").getAsBoolean()).isTrue();
    }

    @Test
    void anInvalidFile_endsWithTwo_andNamesItsLine() throws IOException {
        String file = Files.writeString(folder.resolve("enc.yaml"), VALID.replace("secret: VGhp", "secret: GhpSECRET"))
                .toString();

        CommandRun.Result text = command.runAsIs("config", "check", file);
        assertThat(text.status()).isEqualTo(2);
        assertThat(text.out())
                .contains(file + ":10: error (base64): resources[0].providers[0].aescbc.keys[0].secret: ")
                .contains("invalid for Kubernetes v1.36.3 (errors: 1, ")
                .doesNotContain("GhpSECRET");
        assertThat(text.err()).isEmpty();

        CommandRun.Result json = command.runAsIs("config", "check", file, "--output=json");
        assertThat(json.status()).isEqualTo(2);
        assertThat(json.json().get("valid").getAsBoolean()).isFalse();
        JsonObject finding = json.json().getAsJsonArray("findings").get(0).getAsJsonObject();
        assertThat(finding.keySet()).containsExactly("severity", "code", "path", "line", "message");
        assertThat(finding.get("severity").getAsString()).isEqualTo("error");
        assertThat(finding.get("line").getAsInt()).isEqualTo(10);
        assertThat(json.out()).doesNotContain("GhpSECRET");
    }

    @ParameterizedTest
    @CsvSource({"1.28.4, '', 0", "1.29.0, '', 2", "1.36.3, --feature-gate KMSv1=true, 0", "1.36.3, '', 2"})
    void aKmsOfV1_isJudgedByVersionAndGate(String version, String more, int status) {
        String[] line =
                ("config check - --kubernetes " + version + " " + more).strip().split(" ");

        assertThat(command.piped(KMS_V1).runAsIs(line).status()).isEqualTo(status);
    }

    @Test
    void automaticReload_isJudgedToo() {
        String twice = KMS_V1.replace(
                "  - identity: {}\n",
                "  - identity: {}\n"
                        + KMS_V1.substring(KMS_V1.indexOf("- resources: [")).replace("[secrets]", "[configmaps]"));

        assertThat(command.piped(twice)
                        .runAsIs("config", "check", "-", "--kubernetes", "1.28.0")
                        .status())
                .isZero();
        assertThat(command.piped(twice)
                        .runAsIs("config", "check", "-", "--kubernetes", "1.28.0", "--automatic-reload")
                        .status())
                .isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello", "\uFEFF", "{", "a: [", "a: b: c", "---\n---\n", "\u0000"})
    void whatIsNoConfiguration_isAFinding(String text) {
        CommandRun.Result result = command.piped(text).runAsIs("config", "check", "-", "--output", "json");

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.json().get("valid").getAsBoolean()).isFalse();
        assertThat(result.json().getAsJsonArray("findings")).isNotEmpty();
    }

    @Test
    void bytesThatAreNoText_areAFinding() {
        CommandRun.Result result =
                command.piped(new byte[] {'a', (byte) 0xff}).runAsIs("config", "check", "-", "--output", "json");

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.out()).contains("not-utf-8");
    }

    @Test
    void aFileThatIsNotThere_orADirectory_isAnError() {
        CommandRun.Result absent =
                command.runAsIs("config", "check", folder.resolve("x").toString(), "--output", "json");
        assertThat(absent.status()).isEqualTo(2);
        assertThat(absent.json().getAsJsonObject("error").get("message").getAsString())
                .contains("there is no such file");
        CommandRun.Result directory = command.runAsIs("config", "check", folder.toString());
        assertThat(directory.status()).isEqualTo(2);
        assertThat(directory.err()).contains("is a directory");
    }
}
