package dev.rekey.manifest;

import static dev.rekey.manifest.Laws.SETTINGS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.InvalidInputException;
import dev.rekey.config.EncryptionConfiguration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** From the endpoints of a configuration to the mounts of an apiserver, in both kinds of text. */
class KmsMountsTest {
    @Test
    void aSocketThatIsTheRoot_isRefused_sinceTheHostsRootWouldBeMountedOverTheContainers() {
        assertThatThrownBy(() -> SETTINGS.withKmsSockets(List.of(NodePath.of("/"))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("a KMS socket at / ");
    }

    private static final String DIRECTORY = "DirectoryOrCreate";
    private static final String KUBEADM = """
            apiServer: {}
            apiVersion: kubeadm.k8s.io/v1beta4
            kind: ClusterConfiguration
            """;

    private record Expected(String path, String type) {}

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void mounted(String shape, List<String> endpoints, List<Expected> mounts) {
        EncryptionSettings settings = SETTINGS.withKmsSockets(sockets(endpoints));
        String before = Shapes.SMALL;
        ApiServerManifest after = ApiServerManifest.parse(before).withEncryption(settings);
        List<String> paths = mounts.stream().map(Expected::path).toList();

        Object model = PodModel.enabled(before, SETTINGS);
        for (int i = 0; i < mounts.size(); i++) {
            String name = "encryption-providers-conf-kms-" + (i + 1);
            model = PodModel.mounted(
                    model, name, mounts.get(i).path(), mounts.get(i).type());
        }
        assertThat(PodModel.decode(after.text())).isEqualTo(model);
        assertThat(after.kmsMounts()).extracting(NodePath::value).containsExactlyElementsOf(paths);
        assertThat(settings.kmsSockets()).allMatch(after::covers);
        assertThat(after.withEncryption(settings)).isSameAs(after);
        assertThat(after.withoutEncryption(Laws.LAYOUT).text()).isEqualTo(before);

        KubeadmClusterConfiguration kubeadm =
                KubeadmClusterConfiguration.parse(KUBEADM).withEncryption(settings);
        assertThat(kubeadm.withEncryption(settings)).isSameAs(kubeadm);
        assertThat(kubeadm.withoutEncryption(Laws.LAYOUT).text()).isEqualTo(KUBEADM);
        assertThat(settings.kmsSockets()).allMatch(kubeadm::covers);
    }

    static Stream<Arguments> mounted() {
        return Stream.of(
                Arguments.of(
                        "a socket in a directory of its own => the directory, since a plugin that restarts makes another socket",
                        List.of("unix:///var/run/kmsplugin/socket.sock"),
                        List.of(new Expected("/var/run/kmsplugin", DIRECTORY))),
                Arguments.of(
                        "one slash (unix:/opt/kms/a.sock) => the same",
                        List.of("unix:/opt/kms/a.sock"),
                        List.of(new Expected("/opt/kms", DIRECTORY))),
                Arguments.of(
                        "a socket among the host's programs or devices => the socket alone, as theirs must not lie over the image's",
                        List.of("unix:///usr/local/bin/kms.sock", "unix:///lib64/a/kms.sock", "unix:///dev/kms.sock"),
                        List.of(
                                new Expected("/usr/local/bin/kms.sock", "Socket"),
                                new Expected("/lib64/a/kms.sock", "Socket"),
                                new Expected("/dev/kms.sock", "Socket"))),
                Arguments.of(
                        "a socket in a directory that others use too (/run, /var/run, /var/lib, ...) => the socket alone",
                        List.of("unix:///run/kms.sock", "unix:///var/run/kms.sock", "unix:///var/lib/kms.sock"),
                        List.of(
                                new Expected("/run/kms.sock", "Socket"),
                                new Expected("/var/run/kms.sock", "Socket"),
                                new Expected("/var/lib/kms.sock", "Socket"))),
                Arguments.of(
                        "two slashes (unix://var/run/x.sock) => /run/x.sock, which is what the server dials",
                        List.of("unix://var/run/x.sock"),
                        List.of(new Expected("/run/x.sock", "Socket"))),
                Arguments.of("an abstract socket => no mount", List.of("unix:///@kms"), List.of()),
                Arguments.of(
                        "two plugins in one directory => one mount",
                        List.of("unix:///opt/kms/a.sock", "unix:///opt/kms/b.sock"),
                        List.of(new Expected("/opt/kms", DIRECTORY))),
                Arguments.of(
                        "two plugins in two directories => two mounts",
                        List.of("unix:///opt/kms/a.sock", "unix:///opt/other/b.sock"),
                        List.of(new Expected("/opt/kms", DIRECTORY), new Expected("/opt/other", DIRECTORY))),
                Arguments.of(
                        "a socket below the directory of another one => one mount",
                        List.of("unix:///opt/kms/a.sock", "unix:///opt/kms/deep/b.sock"),
                        List.of(new Expected("/opt/kms", DIRECTORY))),
                Arguments.of(
                        "a socket beside the configuration => its mount does",
                        List.of("unix:///etc/kubernetes/encryption-providers/kms.sock"),
                        List.of()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void covered(String shape, String mountPath, String hostPath, boolean isCovered) {
        EncryptionSettings settings = SETTINGS.withKmsSockets(List.of(NodePath.of("/opt/kms/a.sock")));
        String before = Shapes.replaced(
                Shapes.small(
                        "    volumeMounts:\n", "    volumeMounts:\n    - {name: kms, mountPath: " + mountPath + "}\n"),
                "  volumes:\n",
                "  volumes:\n  - {name: kms, hostPath: {path: " + hostPath + "}}\n");

        ApiServerManifest after = ApiServerManifest.parse(before).withEncryption(settings);

        assertThat(after.text().contains("encryption-providers-conf-kms-1")).isEqualTo(!isCovered);
        assertThat(after.covers(NodePath.of("/opt/kms/a.sock"))).isTrue();
        assertThat(after.withoutEncryption(Laws.LAYOUT).text()).isEqualTo(before);
    }

    static Stream<Arguments> covered() {
        return Stream.of(
                Arguments.of("the socket's directory is mounted => no mount", "/opt/kms", "/opt/kms", true),
                Arguments.of("with a slash at the end => no mount", "/opt/kms/", "/opt/kms/", true),
                Arguments.of("a directory above is mounted => no mount", "/opt", "/opt", true),
                Arguments.of("the socket is mounted from elsewhere => no mount", "/opt/kms/a.sock", "/srv/b", true),
                Arguments.of("a directory beside it is mounted => a mount", "/opt/kms2", "/opt/kms2", false));
    }

    private static List<NodePath> sockets(List<String> endpoints) {
        List<String> providers = new ArrayList<>();
        for (String endpoint : endpoints) {
            providers.add("  - kms: {apiVersion: v2, name: p" + providers.size() + ", endpoint: '" + endpoint + "'}\n");
        }
        return EncryptionConfiguration.parse("""
                        apiVersion: apiserver.config.k8s.io/v1
                        kind: EncryptionConfiguration
                        resources:
                        - resources: [secrets]
                          providers:
                        """ + String.join("", providers) + "  - identity: {}\n")
                .kmsSockets()
                .stream()
                .filter(socket -> socket.startsWith("/"))
                .map(NodePath::of)
                .toList();
    }
}
