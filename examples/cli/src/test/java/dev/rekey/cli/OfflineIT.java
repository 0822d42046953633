package dev.rekey.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The offline commands of the packaged jar in a shell's pipes, whose ends are no files. */
class OfflineIT {
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

    @Test
    void inAPipe_enableAndDisableGiveTheFirstTextBack() throws Exception {
        Files.writeString(folder.resolve("before.yaml"), MANIFEST);

        assertThat(
                        shell(
                                "cat before.yaml | rekey manifest enable - | tee enabled.yaml | rekey manifest disable - >after.yaml"))
                .isZero();

        assertThat(Files.readString(folder.resolve("after.yaml"))).isEqualTo(MANIFEST);
        assertThat(folder.resolve("enabled.yaml")).content().contains("--encryption-provider-config=");
    }

    @Test
    void aNamedPipe_isReadAsAFile() throws Exception {
        assertThat(shell("mkfifo pipe && { rekey config generate >pipe & } && rekey config check pipe >checked"))
                .isZero();

        assertThat(folder.resolve("checked")).content().contains("pipe: valid for Kubernetes");
    }

    @ParameterizedTest
    @CsvSource({"1, 65534", "65534, 12345"})
    void aFileWhoseOwnerOrGroupAUserCannotKeep_isNotReplacedByHim(int owner, int group) throws Exception {
        assumeTrue(Files.getAttribute(folder, "unix:uid").equals(0), "only root can be somebody else");
        Path file = Files.writeString(folder.resolve("before.yaml"), MANIFEST);
        String as = "chmod 777 . && chown " + owner + ":" + group + " before.yaml && chmod 666 before.yaml &&"
                + " cp \"$JAR\" . && setpriv --reuid 65534 --regid 65534 --clear-groups \"$JAVA\" -jar rekey.jar ";

        assertThat(shell(as + "manifest enable before.yaml --in-place")).isEqualTo(2);

        assertThat(folder.resolve("output")).content().contains("before.yaml: this user cannot keep its owner ");
        assertThat(file).hasContent(MANIFEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "POSIX"})
    void inALocaleThatLacksACharacterOfAPath_thatIsSaid(String locale) throws Exception {
        Files.writeString(folder.resolve("inventory.yaml"), """
                kubeconfig: "\\xfc.conf"
                nodes: [{name: cp1, local: true, apiServer: "https://10.0.0.1:6443"}]
                """);

        for (String line : List.of(
                "config check $name",
                "status --inventory $name",
                "manifest enable before.yaml --configuration /tmp/$name",
                "status --inventory inventory.yaml")) {
            Files.writeString(folder.resolve("before.yaml"), MANIFEST);
            assertThat(shell("name=$(printf '\\303\\274.yaml') && LC_ALL=" + locale + " && export LC_ALL && rekey "
                            + line))
                    .isEqualTo(2);
            assertThat(folder.resolve("output"))
                    .content()
                    .contains("Set LC_ALL=C.UTF-8")
                    .doesNotContain("Exception");
        }
    }

    @Test
    void theStatusOfAnInvalidFile_isTwo() throws Exception {
        assertThat(shell("echo 'kind: Pod' | rekey config check - >/dev/null")).isEqualTo(2);
    }

    /** Disks that are full, readers that are gone, and standard output that is closed. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "rekey config generate >/dev/full",
                "rekey manifest enable before.yaml >/dev/full",
                "rekey --help >/dev/full",
                "rekey config generate >&-",
                "{ rekey demo; echo $? >status; } | true; exit $(cat status)"
            })
    void whatCannotBePrinted_endsWithOne_withoutAStackTrace(String script) throws Exception {
        Files.writeString(folder.resolve("before.yaml"), MANIFEST);

        assertThat(shell(script)).isEqualTo(1);

        assertThat(folder.resolve("output"))
                .content()
                .contains("error (output): standard output could not be written")
                .doesNotContain("\tat ", "Exception");
    }

    private int shell(String script) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String jar = Path.of("target", "rekey.jar").toAbsolutePath().toString();
        String function = "JAVA='" + java + "'\nJAR='" + jar
                + "'\nrekey() { \"$JAVA\" -XX:TieredStopAtLevel=1 -jar \"$JAR\" \"$@\"; }\n";
        Process process = new ProcessBuilder("sh", "-c", function + script)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError("goes on for ever: " + script);
        }
        return process.exitValue();
    }
}
