package dev.rekey.manifest;

import static dev.rekey.manifest.Laws.SETTINGS;
import static dev.rekey.manifest.Shapes.CONFIG;
import static dev.rekey.manifest.Shapes.RELOAD;
import static dev.rekey.manifest.Shapes.flags;
import static dev.rekey.manifest.Shapes.mount;
import static dev.rekey.manifest.Shapes.replaced;
import static dev.rekey.manifest.Shapes.small;
import static dev.rekey.manifest.Shapes.volume;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.InvalidInputException;
import dev.rekey.RefusedException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestMountsTest {
    private static final NodePath FILE = Laws.LAYOUT.managedPath();
    private static final String DIRECTORY = Laws.LAYOUT.configurationDirectory().value();

    /** The small manifest with another mount. */
    private static String mounted(String name, String mountPath, String volume) {
        String text = small(
                "    volumeMounts:\n", "    volumeMounts:\n    - {name: " + name + ", mountPath: " + mountPath + "}\n");
        return volume.isEmpty() ? text : replaced(text, "  volumes:\n", "  volumes:\n  - " + volume + "\n");
    }

    private static String told(String text) {
        return replaced(text, "    - --secure-port=6443\n", "    - " + CONFIG + "\n    - " + RELOAD + "\n");
    }

    @ParameterizedTest(name = "{1} mounted at {0} => the flags only")
    @CsvSource({
        "/etc/kubernetes/encryption-providers, /etc/kubernetes/encryption-providers",
        "/etc/kubernetes/encryption-providers/, /etc/kubernetes/encryption-providers",
        "/etc/kubernetes//encryption-providers, /etc/kubernetes/encryption-providers//",
        "/etc/kubernetes, /etc/kubernetes",
        "/etc, /etc/",
        "/, /",
    })
    void covered(String mountPath, String hostPath) {
        String before = mounted("etc", mountPath, "{name: etc, hostPath: {path: " + hostPath + "}}");
        ApiServerManifest after = Laws.replacing(before, SETTINGS, flags(4));
        assertThat(after.withoutEncryption(Laws.LAYOUT).text()).isEqualTo(before);
    }

    @Test
    @DisplayName("a subPath that leads to the directory => the flags only")
    void subPath() {
        String before = replaced(
                mounted("etc", DIRECTORY, "{name: etc, hostPath: {path: /etc}}"),
                "mountPath: " + DIRECTORY + "}",
                "mountPath: " + DIRECTORY + ", subPath: kubernetes/encryption-providers}");
        Laws.replacing(before, SETTINGS, flags(4));
    }

    @ParameterizedTest(name = "{0} => refused")
    @CsvSource(
            delimiter = ';',
            value = {
                "the directory shows another one; etc; {name: etc, hostPath: {path: /opt/enc}};"
                        + " leads to /opt/enc/encryption-providers.yaml of the host",
                "the directory shows an emptyDir; etc; {name: etc, emptyDir: {}}; leads to no place of the host",
                "the directory shows no volume; other; ''; leads to no place of the host",
            })
    void coveredByOther(String shape, String name, String volume, String found) {
        String before = mounted(name, DIRECTORY, volume);
        assertThatThrownBy(() -> ApiServerManifest.parse(before).withEncryption(SETTINGS))
                .isInstanceOf(RefusedException.class)
                .hasMessageStartingWith("apiserver manifest, line 13: a volume is mounted at " + DIRECTORY)
                .hasMessageContaining(found)
                .hasMessageEndingWith("nothing was changed. Set the layout's configurationDirectory to a directory that"
                        + " no volume covers, or remove the mount");
    }

    @Test
    @DisplayName("what could be a secret in a path => is not said")
    void aSecretInAPath() {
        String before = mounted(
                "encryption-providers-conf",
                "/opt/c2VjcmV0IG9mIHRoaXJ0eS10d28gYnl0ZXMh",
                "{name: encryption-providers-conf, emptyDir: {}}");
        assertThatThrownBy(() -> ApiServerManifest.parse(before).withEncryption(SETTINGS))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("is mounted at (not shown, as it could be a secret) already")
                .hasMessageNotContaining("c2VjcmV0");
    }

    @Test
    @DisplayName("a volume of our name mounted elsewhere => refused")
    void ourNameMountedElsewhere() {
        String before = mounted("encryption-providers-conf", "/opt", "{name: encryption-providers-conf, emptyDir: {}}");
        assertThatThrownBy(() -> ApiServerManifest.parse(before).withEncryption(SETTINGS))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("line 13: a volume named encryption-providers-conf is mounted at /opt already");
    }

    @Test
    @DisplayName("a volume of our name that is something else => refused, both ways")
    void ourNameIsSomethingElse() {
        String before = small("  volumes:\n", "  volumes:\n  - {name: encryption-providers-conf, emptyDir: {}}\n");
        assertThatThrownBy(() -> ApiServerManifest.parse(before).withEncryption(SETTINGS))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("line 16: the pod has a volume named encryption-providers-conf");
        assertThatThrownBy(() -> ApiServerManifest.parse(before).withoutEncryption(Laws.LAYOUT))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("does not lead to " + DIRECTORY);
    }

    @Test
    @DisplayName("our volume without its mount => the mount only")
    void ourVolumeWithoutMount() {
        String before = small(
                "  volumes:\n",
                "  volumes:\n  - {name: encryption-providers-conf, hostPath: {path: " + DIRECTORY + "}}\n");
        Laws.replacing(before, SETTINGS, flags(4) + mount(4));
    }

    @Test
    @DisplayName("our volume in a sidecar too => disabling is refused")
    void ourVolumeInSidecar() {
        String enabled = ApiServerManifest.parse(small(
                        "  volumes:\n",
                        "  - name: reader\n    volumeMounts:\n    - {name: encryption-providers-conf, mountPath: /c}\n"
                                + "  volumes:\n"))
                .withEncryption(SETTINGS)
                .text();
        assertThatThrownBy(() -> ApiServerManifest.parse(enabled).withoutEncryption(Laws.LAYOUT))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("another container mounts the volume encryption-providers-conf");
    }

    @Test
    @DisplayName("the file mounted alone => told so, and its directory takes the place")
    void pinned() {
        String before = told(mounted("file", FILE.value(), "{name: file, hostPath: {path: " + FILE + ", type: File}}"));
        Encryption told = ApiServerManifest.parse(before).encryption().orElseThrow();
        assertThat(told.mountedAsFile()).isTrue();
        assertThat(told.hostPath()).contains(FILE);
        Laws.replacing(
                before,
                SETTINGS,
                "-    - {name: file, mountPath: " + FILE + "}\n" + mount(4) + "-  - {name: file, hostPath: {path: "
                        + FILE + ", type: File}}\n" + volume(2));
    }

    @Test
    @DisplayName("another file of the host mounted as the file => refused")
    void pinnedToAnother() {
        String before = told(mounted("file", FILE.value(), "{name: file, hostPath: {path: /opt/keys.yaml}}"));
        assertThat(ApiServerManifest.parse(before).encryption().orElseThrow().hostPath())
                .contains(NodePath.of("/opt/keys.yaml"));
        assertThatThrownBy(() -> ApiServerManifest.parse(before).withEncryption(SETTINGS))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("leads to /opt/keys.yaml of the host");
    }

    @ParameterizedTest(name = "the flag says {0} => no file of the host is known")
    @ValueSource(
            strings = {"relative.yaml", "/not/mounted.yaml", "/etc/kubernetes/../x.yaml", "/etc/kubernetes/pki/$(N)"})
    void unknown(String path) {
        String text = small("    - --secure-port=6443\n", "    - --encryption-provider-config=" + path + "\n");
        Encryption told = ApiServerManifest.parse(text).encryption().orElseThrow();
        assertThat(told.configurationPath()).isEqualTo(path);
        assertThat(told.hostPath()).isEmpty();
        assertThat(told.mountedAsFile()).isFalse();
    }

    @Test
    @DisplayName("the deepest mount decides, whatever the order")
    void deepest() {
        String text = replaced(
                mounted("deep", "/etc/kubernetes/pki/deep", "{name: deep, hostPath: {path: /opt/deep}}"),
                "name: pki\n      mountPath: /etc/kubernetes/pki\n",
                "name: pki\n      mountPath: /etc/kubernetes/pki/\n");
        ApiServerManifest manifest = ApiServerManifest.parse(text);
        assertThat(manifest.hostPathOf(NodePath.of("/etc/kubernetes/pki/deep/a")))
                .contains(NodePath.of("/opt/deep/a"));
        assertThat(manifest.hostPathOf(NodePath.of("/etc/kubernetes/pki/deeper")))
                .contains(NodePath.of("/etc/kubernetes/pki/deeper"));
    }

    @Test
    @DisplayName("sockets of KMS plugins => the directory of each, the socket itself where the directory is shared")
    void kms() {
        List<NodePath> sockets = Stream.of(
                        "/var/run/kmsplugin/socket.sock",
                        "/var/run/kmsplugin/second.sock",
                        "/run/kms.sock",
                        "/etc/kubernetes/pki/kms.sock")
                .map(NodePath::of)
                .toList();
        String before = Shapes.SMALL;
        ApiServerManifest after =
                Laws.replacing(before, SETTINGS.withKmsSockets(sockets), flags(4) + mount(4) + """
                        +    - mountPath: /var/run/kmsplugin
                        +      name: encryption-providers-conf-kms-1
                        +      readOnly: true
                        +    - mountPath: /run/kms.sock
                        +      name: encryption-providers-conf-kms-2
                        +      readOnly: true
                        """ + volume(2) + """
                        +  - hostPath:
                        +      path: /var/run/kmsplugin
                        +      type: DirectoryOrCreate
                        +    name: encryption-providers-conf-kms-1
                        +  - hostPath:
                        +      path: /run/kms.sock
                        +      type: Socket
                        +    name: encryption-providers-conf-kms-2
                        """);
        assertThat(sockets).allMatch(after::covers);
        assertThat(sockets.stream().filter(ApiServerManifest.parse(before)::covers))
                .containsExactly(NodePath.of("/etc/kubernetes/pki/kms.sock"));
        assertThat(after.withEncryption(SETTINGS)).isSameAs(after);
        assertThat(after.withoutEncryption(Laws.LAYOUT).text()).isEqualTo(before);
    }

    @Test
    @DisplayName("more sockets than anybody has => refused, a bound on the work")
    void manySockets() {
        List<NodePath> sockets = Stream.iterate(0, i -> i + 1)
                .limit(33)
                .map(i -> NodePath.of("/kms/" + i + "/socket"))
                .toList();
        assertThatThrownBy(() -> ApiServerManifest.parse(Shapes.SMALL).withEncryption(SETTINGS.withKmsSockets(sockets)))
                .isInstanceOf(RefusedException.class);
    }

    @ParameterizedTest(name = "settings with {0} => invalid")
    @ValueSource(strings = {"/f.yaml", "/a/\u202e/f.yaml", "/a/$(X)/f.yaml", "/a/\ud83d/f.yaml", "/a/\u2028/f.yaml"})
    void settings(String file) {
        assertThatThrownBy(() -> EncryptionSettings.of(Laws.LAYOUT, NodePath.of(file)))
                .isInstanceOf(InvalidInputException.class);
    }

    @Test
    @DisplayName("a path with quotes, blanks and other letters => quoted, and read back")
    void oddPath() {
        NodePath file = NodePath.of("/etc/it's: a #\"key\"\\, 漢 🔑/f.yaml");
        EncryptionSettings settings = EncryptionSettings.of(Laws.LAYOUT, file);
        NodeLayout layout = new NodeLayout(
                Laws.LAYOUT.manifest(),
                file.parent(),
                "f.yaml",
                "g.yaml",
                Laws.LAYOUT.stateDirectory(),
                "encryption-providers-conf");
        for (String before : List.of(
                Shapes.SMALL,
                small("    - kube-apiserver\n    - --secure-port=6443\n", "    - kube-apiserver\n")
                        .replace("    command:\n    - kube-apiserver\n", "    command: [kube-apiserver]\n"))) {
            ApiServerManifest after = ApiServerManifest.parse(before).withEncryption(settings);
            assertThat(PodModel.decode(after.text())).isEqualTo(PodModel.enabled(before, settings));
            assertThat(after.encryption().orElseThrow().hostPath()).contains(file);
            assertThat(after.withoutEncryption(layout).text()).isEqualTo(before);
        }
    }
}
