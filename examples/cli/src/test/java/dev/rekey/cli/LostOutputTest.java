package dev.rekey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.lifecycle.Change;
import dev.rekey.testing.FakeControlPlane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A result that cannot be printed was not given. */
class LostOutputTest {
    private static final String CONFIGURATION = """
            apiVersion: apiserver.config.k8s.io/v1
            kind: EncryptionConfiguration
            resources:
            - resources: [secrets]
              providers:
              - aescbc: {keys: [{name: key-1, secret: VGhpc0lzQTMyQnl0ZUtleUZvclRlc3RzT25seSEhISE=}]}
              - identity: {}
            """;
    private static final String MANIFEST = """
            apiVersion: v1
            kind: Pod
            metadata: {name: kube-apiserver}
            spec:
              containers:
              - name: kube-apiserver
                command: [kube-apiserver, --v=2]
            """;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "config generate",
                "config check enc.yaml",
                "stages enc.yaml",
                "manifest show manifest.yaml",
                "manifest enable manifest.yaml",
                "manifest disable manifest.yaml",
                "manifest show manifest.yaml --output json",
                "stored value",
                "stored value --configuration enc.yaml --decrypt",
                "config --help",
                "--version",
                "demo"
            })
    void ofAnOfflineCommand_endsWithOne_andIsTold(String line) throws IOException {
        write();
        String[] words = line.split(" ");
        for (int i = 0; i < words.length; i++) {
            words[i] = Files.exists(folder.resolve(words[i]))
                    ? folder.resolve(words[i]).toString()
                    : words[i];
        }
        assertThat(CommandRun.offline().runAsIs(words).status()).isZero();

        CommandRun.Result result = CommandRun.offline().toAFullDisk().runAsIs(words);

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).containsOnlyOnce("error (output): standard output could not be written to its end");
    }

    @Test
    void ofAFailedCommand_keepsItsStatus() {
        CommandRun.Result result = CommandRun.offline()
                .toAFullDisk()
                .runAsIs("config", "check", folder.resolve("absent").toString(), "--output", "json");

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).contains("there is no such file", "error (output)");
    }

    @Test
    void ofAnEditInPlace_whichPrintsNothing_isNoFailure() throws IOException {
        write();
        String manifest = folder.resolve("manifest.yaml").toString();

        assertThat(CommandRun.offline()
                        .toAFullDisk()
                        .runAsIs("manifest", "enable", manifest, "--in-place")
                        .status())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "plan enable", "enable --yes"})
    void ofACommandOnACluster_endsWithOne(String line) {
        FakeControlPlane plane = FakeControlPlane.withMembers(1);

        CommandRun.Result result = CommandRun.on(plane, folder).toAFullDisk().run(line.split(" "));

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).containsOnlyOnce("error (output)");
    }

    @Test
    void aPlanThatCannotBeShown_isNotAskedFor_andNothingIsChanged() {
        FakeControlPlane plane = FakeControlPlane.withMembers(1);
        CommandRun command =
                CommandRun.on(plane, folder).asked(question -> true).toAFullDisk();

        CommandRun.Result result = command.run("enable");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("nothing was changed, since the plan could not be shown");
        assertThat(command.questions()).isEmpty();
        assertThat(plane.lifecycle().build().plan(Change.enable()).isEmpty()).isFalse();
    }

    private void write() throws IOException {
        Files.writeString(folder.resolve("enc.yaml"), CONFIGURATION);
        Files.writeString(folder.resolve("manifest.yaml"), MANIFEST);
        Files.writeString(folder.resolve("value"), "k8s\0 plain");
    }
}
