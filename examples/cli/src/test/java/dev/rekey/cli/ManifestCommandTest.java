package dev.rekey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestCommandTest {
    private static final String USUAL = "/etc/kubernetes/encryption-providers/encryption-providers.yaml";
    private static final String PLAIN = """
            apiVersion: v1
            kind: Pod
            metadata:
              name: kube-apiserver
              namespace: kube-system
            spec:
              containers:
              - name: kube-apiserver
                command:
                - kube-apiserver # 🔑
                - --secure-port=6443
                volumeMounts:
                - name: pki
                  mountPath: /etc/kubernetes/pki
              volumes:
              - name: pki
                hostPath:
                  path: /etc/kubernetes/pki
            """;
    private static final String ENABLED = """
            apiVersion: v1
            kind: Pod
            metadata:
              name: kube-apiserver
              namespace: kube-system
            spec:
              containers:
              - name: kube-apiserver
                command:
                - kube-apiserver # 🔑
                - --secure-port=6443
                - --encryption-provider-config=/etc/kubernetes/encryption-providers/encryption-providers.yaml
                - --encryption-provider-config-automatic-reload=true
                volumeMounts:
                - name: pki
                  mountPath: /etc/kubernetes/pki
                - mountPath: /etc/kubernetes/encryption-providers
                  name: encryption-providers-conf
                  readOnly: true
              volumes:
              - name: pki
                hostPath:
                  path: /etc/kubernetes/pki
              - hostPath:
                  path: /etc/kubernetes/encryption-providers
                  type: DirectoryOrCreate
                name: encryption-providers-conf
            """;
    private static final String KMS = """
            apiVersion: apiserver.config.k8s.io/v1
            kind: EncryptionConfiguration
            resources:
            - resources: [secrets]
              providers:
              - kms: {apiVersion: v2, name: one, endpoint: "unix:///var/run/kmsplugin/one.sock"}
              - kms: {apiVersion: v2, name: two, endpoint: "unix:/run/two.sock"}
              - kms: {apiVersion: v2, name: abstract, endpoint: "unix:///@three"}
              - identity: {}
            """;

    @TempDir
    private Path folder;

    private final CommandRun command = CommandRun.offline();
    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("kube-apiserver.yaml"), PLAIN);
    }

    @Test
    void enable_printsTheNewTextAndNothingElse_andLeavesTheFile() throws IOException {
        CommandRun.Result result = command.runAsIs("manifest", "enable", file.toString());

        assertThat(result.status()).isZero();
        assertThat(result.out()).isEqualTo(ENABLED);
        assertThat(result.err()).isEqualTo("note: the apiserver will not start before its host has " + USUAL + "\n");
        assertThat(file).hasContent(PLAIN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void inAPipe_everyByteComesThrough_andDisableGivesTheFirstTextBack(String lineEnd) {
        String before = "\uFEFF" + PLAIN.strip().replace("\n", lineEnd);

        String enabled =
                command.piped(before).runAsIs("manifest", "enable", "-").out();
        assertThat(enabled).isEqualTo("\uFEFF" + ENABLED.strip().replace("\n", lineEnd));
        assertThat(command.piped(enabled).runAsIs("manifest", "enable", "-").out())
                .isEqualTo(enabled);
        CommandRun.Result disabled = command.piped(enabled).runAsIs("manifest", "disable", "-");
        assertThat(disabled.out()).isEqualTo(before);
        assertThat(disabled.err()).contains("reads only what is stored plain");
        CommandRun.Result again = command.piped(before).runAsIs("manifest", "disable", "-");
        assertThat(again.out()).isEqualTo(before);
        assertThat(again.err()).isEmpty();
    }

    @Test
    void whereTheFileWasMountedAlone_enableTellsThatDisableDoesNotGiveThatBack() {
        String before = PLAIN.replace(
                        "    volumeMounts:\n", "    volumeMounts:\n    - {name: one, mountPath: " + USUAL + "}\n")
                .replace("  volumes:\n", "  volumes:\n  - {name: one, hostPath: {path: " + USUAL + "}}\n");

        CommandRun.Result enabled = command.piped(before).runAsIs("manifest", "enable", "-");

        assertThat(enabled.out()).isEqualTo(ENABLED);
        assertThat(enabled.err())
                .endsWith(
                        "note: disable will not give the first text back: it had a flag, a volume or a mount of the file"
                                + " alone for encryption already\n");
    }

    @Test
    void showAsJson_hasNullWhereThereIsNone() {
        JsonObject plain = show(PLAIN);
        assertThat(plain.toString())
                .isEqualTo(
                        "{\"configurationPath\":null,\"hostPath\":null,\"automaticReload\":null,\"kmsSockets\":null}");

        JsonObject enabled = show(ENABLED);
        assertThat(enabled.get("configurationPath").getAsString()).isEqualTo(USUAL);
        assertThat(enabled.get("hostPath").getAsString()).isEqualTo(USUAL);
        assertThat(enabled.get("automaticReload").getAsBoolean()).isTrue();
        assertThat(enabled.get("kmsSockets").isJsonNull()).isTrue();

        JsonObject elsewhere = show(PLAIN.replace("--secure-port=6443", "--encryption-provider-config=/in/the/image"));
        assertThat(elsewhere.get("configurationPath").getAsString()).isEqualTo("/in/the/image");
        assertThat(elsewhere.get("hostPath").isJsonNull()).isTrue();
        assertThat(elsewhere.get("automaticReload").getAsBoolean()).isFalse();
    }

    @Test
    void showAsText_isForPeople() {
        assertThat(command.piped(PLAIN).runAsIs("manifest", "show", "-").out())
                .contains("no encryption configuration: everything is written plain");
        assertThat(command.piped(ENABLED).runAsIs("manifest", "show", "-").out())
                .contains("configuration:    " + USUAL, "automatic reload: yes");
    }

    @Test
    void socketsOfKmsPlugins_areMountedAndShown() throws IOException {
        String kms = Files.writeString(folder.resolve("kms.yaml"), KMS).toString();
        String relative = Path.of("").toAbsolutePath().relativize(Path.of(kms)).toString();

        String enabled = command.piped(PLAIN)
                .runAsIs("manifest", "enable", "-", "--configuration", relative)
                .out();

        assertThat(enabled)
                .contains("--encryption-provider-config=" + USUAL + "\n")
                .contains("    - mountPath: /var/run/kmsplugin\n")
                .contains("    - mountPath: /run/two.sock\n")
                .doesNotContain("three");
        assertThat(show(enabled).getAsJsonArray("kmsSockets").toString())
                .isEqualTo("[\"/var/run/kmsplugin\",\"/run/two.sock\"]");
        CommandRun.Result sockets = command.piped(enabled)
                .runAsIs("manifest", "show", "-", "--output", "json", "--configuration", relative);
        assertThat(sockets.json().getAsJsonArray("kmsSockets").toString())
                .isEqualTo("[\"/var/run/kmsplugin/one.sock\",\"/run/two.sock\"]");
        assertThat(command.piped(enabled).runAsIs("manifest", "disable", "-").out())
                .isEqualTo(PLAIN);
    }

    @Test
    void aConfigurationInAPipe_isReadOnce() throws IOException {
        String relative = Path.of("")
                .toAbsolutePath()
                .relativize(Files.writeString(folder.resolve("kms.yaml"), KMS))
                .toString();
        String enabled = command.piped(PLAIN)
                .runAsIs("manifest", "enable", "-", "--configuration", relative)
                .out();

        CommandRun.Result piped =
                command.piped(KMS).runAsIs("manifest", "enable", file.toString(), "--configuration", "-");

        assertThat(piped.out()).isEqualTo(enabled);
        assertThat(piped.status()).as(piped::err).isZero();
        assertThat(command.piped(KMS)
                        .runAsIs("manifest", "enable", file.toString(), "--configuration", "-", "--in-place")
                        .status())
                .isZero();
        assertThat(file).hasContent(enabled);
    }

    @Test
    void anAbsolutePath_isWhereTheApiserverFindsIt() throws IOException {
        String path = Files.writeString(folder.resolve("kms.yaml"), KMS).toString();

        String enabled = command.piped(PLAIN)
                .runAsIs("manifest", "enable", "-", "--configuration", path)
                .out();

        JsonObject shown = show(enabled);
        assertThat(shown.get("hostPath").getAsString()).isEqualTo(path);
        assertThat(shown.getAsJsonArray("kmsSockets")).hasSize(2);
        assertThat(command.piped(enabled)
                        .runAsIs("manifest", "disable", "-", "--configuration", path)
                        .out())
                .isEqualTo(PLAIN);
        CommandRun.Result absent = command.piped(PLAIN)
                .runAsIs("manifest", "enable", "-", "--configuration", "/no/such/directory/enc.yaml");
        assertThat(absent.status()).isZero();
        assertThat(show(absent.out()).get("hostPath").getAsString()).isEqualTo("/no/such/directory/enc.yaml");
        assertThat(absent.err()).contains("that file is not on this machine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"enable", "disable"})
    void anotherPath_isRefusedWithThree_unlessReplaced(String verb) {
        String foreign =
                ENABLED.replace("encryption-provider-config=" + USUAL, "encryption-provider-config=/opt/enc.yaml");

        CommandRun.Result refused = command.piped(foreign).runAsIs("manifest", verb, "-", "--output", "json");
        assertThat(refused.status()).isEqualTo(3);
        assertThat(refused.json().getAsJsonObject("error").get("message").getAsString())
                .startsWith("standard input: the apiserver is told to read /opt/enc.yaml, not " + USUAL)
                .contains("nothing was changed", "--replace");
        CommandRun.Result replaced = command.piped(foreign).runAsIs("manifest", verb, "-", "--replace");
        assertThat(replaced.status()).isZero();
        assertThat(replaced.out()).isEqualTo(verb.equals("enable") ? ENABLED : PLAIN);
        if (verb.equals("enable")) {
            assertThat(replaced.err()).contains("it was told to read /opt/enc.yaml: see that each key there");
        }
    }

    @Test
    void anApiserverThatKnowsNoReload_isNotToldOfIt() {
        assertThat(command.piped(PLAIN)
                        .runAsIs("manifest", "enable", "-", "--kubernetes", "1.25.9")
                        .out())
                .isEqualTo(ENABLED.replace("    - --encryption-provider-config-automatic-reload=true\n", ""));
    }

    @Test
    void whatCannotBeEditedSafely_isRefusedWithThree_andItsLine() throws IOException {
        Files.writeString(file, PLAIN.replace("    command:\n", "    command: &c\n"));

        CommandRun.Result result = command.runAsIs("manifest", "enable", file.toString(), "--in-place");

        assertThat(result.status()).isEqualTo(3);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains(file + ": apiserver manifest, line 9: command has a tag or an anchor");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s3cr3t", "kind: [s3cr3t", "apiVersion: v1\nkind: s3cr3t: x\n"})
    void whatIsNoManifest_endsWithTwo_andIsNotQuoted(String text) {
        for (String verb : new String[] {"show", "enable", "disable"}) {
            CommandRun.Result result = command.piped(text).runAsIs("manifest", verb, "-", "--output", "json");
            assertThat(result.status()).isEqualTo(2);
            assertThat(result.json().keySet()).containsExactly("error");
            assertThat(result.all()).doesNotContain("s3cr3t");
        }
    }

    @Test
    void inPlace_replacesTheFileAndPrintsNothing() throws IOException {
        CommandRun.Result result = command.runAsIs("manifest", "enable", file.toString(), "--in-place");
        assertThat(result.status()).isZero();
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).startsWith(file + ": changed\n");
        assertThat(Files.readString(file)).isEqualTo(ENABLED);

        CommandRun.Result again =
                command.runAsIs("manifest", "enable", file.toString(), "--in-place", "--output", "json");
        assertThat(again.json().get("changed").getAsBoolean()).isFalse();
        assertThat(again.err()).isEqualTo(file + ": nothing to do\n");

        assertThat(command.runAsIs("manifest", "disable", file.toString(), "--in-place")
                        .status())
                .isZero();
        assertThat(Files.readString(file)).isEqualTo(PLAIN);
    }

    @Test
    void anApiServerThatDoesNotRunAsRoot_isNoted() {
        CommandRun.Result result =
                command.piped(PLAIN + "  securityContext: {runAsUser: 65534}\n").runAsIs("manifest", "enable", "-");

        assertThat(result.status()).isZero();
        assertThat(result.err())
                .contains("note: the apiserver does not run as root: see that its user may read " + USUAL + "\n");
    }

    @Test
    void bytesThatAreNoText_endWithTwo() {
        assertThat(command.piped(new byte[] {'a', (byte) 0xff})
                        .runAsIs("manifest", "enable", "-")
                        .err())
                .contains("standard input: is not UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"enable - --in-place", "show", "show - --in-place", "enable - --configuration -", "edit -"})
    void wrongUsage_endsWithTwo(String line) {
        CommandRun.Result result = command.piped(PLAIN).runAsIs(("manifest " + line).split(" "));

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a/../enc.yaml", "/enc.yaml", "/"})
    void aPlaceThatCannotBeMounted_isToldByItsName(String configuration) {
        CommandRun.Result result =
                command.runAsIs("manifest", "enable", file.toString(), "--configuration", configuration);

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).startsWith("error (invalid-input): " + configuration + ": a ");
    }

    @Test
    void aConfigurationThatCannotBeRead_endsWithTwo_andShowsNoKey() throws IOException {
        String broken = Files.writeString(
                        folder.resolve("broken.yaml"), KMS.replace("- identity: {}", "- aescbc: s3cr3t"))
                .toString();

        CommandRun.Result result = command.runAsIs("manifest", "enable", file.toString(), "--configuration", broken);

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).contains(broken + ": the encryption configuration cannot be read");
        assertThat(result.all()).doesNotContain("s3cr3t");
    }

    private JsonObject show(String text) {
        CommandRun.Result result = command.piped(text).runAsIs("manifest", "show", "-", "--output", "json");
        assertThat(result.status()).isZero();
        return result.json();
    }
}
