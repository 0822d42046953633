package dev.rekey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.testing.FakeControlPlane;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WordsTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "config check f --output=x         | '--output': 'x' is none of text, json (help:",
                "config check f --output=JSON      | '--output': 'JSON' is none of text, json (help:",
                "stages f --to f --stage=x         | '--stage': 'x' is none of introduce, promote, retire (help:",
                "plan x --inventory f              | (CHANGE): 'x' is none of enable, rotate, disable, rewrite (help:",
                "rotate --timeout=x                | '--timeout': 'x' is no duration; write",
                "config check f --kubernetes=x     | '--kubernetes': 'x' is not a Kubernetes version",
                "config check f --kubernetes=1.5   | v1.5.0 is not supported: the flag --encryption-provider-config",
                "config check f --kubernetes=v1.12.10 | is there from v1.13 on",
                "status --inventory aNUL           | '--inventory': is no path, since it holds a NUL",
            })
    void aWordThatMeansNothing_isToldWithWhatDoes(String line, String said) {
        CommandRun.Result result =
                CommandRun.offline().runAsIs(line.replace("NUL", "\0").split(" "));

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).startsWith("error (usage): ").contains(said).doesNotContain("java.", "dev.rekey");
    }

    /** As of a variable that is not set: to rotate away from no key would rotate each time. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "rotate --yes --away-from=",
                "enable --yes --decrypt=",
                "status --inventory=",
                "plan rotate --away-from=",
                "config check f --kubernetes=",
                "config check _",
                "manifest enable f --configuration=",
                "stages f --to=",
                "stored f --key=",
                "status --manifest=",
            })
    void anEmptyWord_isNoneThatIsLeftOut(String line) {
        String[] words = line.replace("_", " ").split(" ");
        FakeControlPlane plane = FakeControlPlane.withMembers(1);
        plane.createSecrets(1);

        CommandRun.Result result = line.contains("away") || line.contains("decrypt")
                ? CommandRun.on(plane, folder).run(words)
                : CommandRun.offline().runAsIs(line.endsWith("_") ? new String[] {"config", "check", ""} : words);

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).startsWith("error (usage): ");
        assertThat(plane.archived()).isEmpty();
    }

    @Test
    void aFileOfArguments_isNotRead_sinceItMightHoldKeys() throws IOException {
        Path file = Files.writeString(folder.resolve("enc.yaml"), "secret: VGhpc0lz");

        CommandRun.Result result = CommandRun.offline().runAsIs("config", "check", "@" + file);

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).contains("there is no such file").doesNotContain("VGhpc0lz");
    }

    @ParameterizedTest
    @ValueSource(strings = {"manifest show", "kubeadm enable", "stages", "config check"})
    void aFileThatIsNoUtf8_isNamedOnce(String command) throws IOException {
        Path file = Files.write(folder.resolve("latin.yaml"), new byte[] {'a', (byte) 0xff});

        CommandRun.Result result = CommandRun.offline().runAsIs((command + " " + file).split(" "));

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.all().lines().findFirst().orElse(""))
                .containsOnlyOnce("latin.yaml")
                .contains("UTF-8");
    }

    /** As PowerShell's > and old editors write it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "config check FILE",
                "stages FILE",
                "stages /dev/null --to FILE",
                "manifest show FILE",
                "manifest enable FILE --in-place",
                "manifest disable FILE",
                "kubeadm show FILE",
                "kubeadm enable FILE",
                "kubeadm disable FILE --in-place",
                "stored FILE",
                "stored - --configuration FILE",
                "status --inventory FILE",
                "status --manifest FILE"
            })
    void utf16_isNamed_withWhatToDo(String line) throws IOException {
        for (Charset charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            byte[] bytes = "\uFEFF{\"kind\": \"Pod\"}\n".getBytes(charset);
            Path file = Files.write(folder.resolve("dump.yaml"), bytes);

            CommandRun.Result result = CommandRun.offline()
                    .piped("k8s:enc:aescbc:v1:key1:")
                    .runAsIs(line.replace("FILE", file.toString()).split(" "));

            assertThat(result.status()).isEqualTo(2);
            assertThat(result.all().lines().findFirst().orElse(""))
                    .containsOnlyOnce("dump.yaml")
                    .contains("UTF-16", "onvert it to UTF-8");
            assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"config check NAME", "manifest show NAME", "config check f --NAME"})
    void aNameThatATerminalWouldTakeForACommand_isShownWithoutIt(String line) {
        CommandRun.Result result = CommandRun.offline()
                .runAsIs(line.replace("NAME", "\u001b[2J\u009b").split(" "));

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.all()).contains("?[2J").doesNotContain("\u001b", "\u009b");
    }
}
