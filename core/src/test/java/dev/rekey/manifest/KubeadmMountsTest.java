package dev.rekey.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.RefusedException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** kubeadm adds mounts of its own to those in the text; PodsIT asks kubeadm itself. */
class KubeadmMountsTest {
    static final String HEAD = """
            apiVersion: kubeadm.k8s.io/v1beta4
            kind: ClusterConfiguration
            """;
    static final String KUBESPRAY = HEAD + "certificatesDir: /etc/kubernetes/ssl\n";
    static final String EXTERNAL_ETCD = HEAD + """
            etcd:
              external:
                endpoints: ['https://etcd-1:2379']
                caFile: /etc/etcd/pki/ca.crt
                certFile: /opt/etcd/apiserver.crt
                keyFile: /opt/etcd/keys/apiserver.key
            """;
    private static final String OWN_NAME = HEAD + """
            apiServer:
              extraVolumes:
              - {name: %s, hostPath: %s, mountPath: %2$s}
            """;

    static EncryptionSettings in(String directory) {
        return EncryptionSettings.of(Laws.LAYOUT, NodePath.of(directory).resolve("encryption.yaml"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("covered")
    void isTold_andNothingMountedTwice(String shape, String text, String directory) {
        EncryptionSettings settings = in(directory);
        KubeadmClusterConfiguration before = KubeadmClusterConfiguration.parse(text);
        KubeadmClusterConfiguration after = before.withEncryption(settings);

        assertThat(after.text().split("mountPath", -1)).hasSameSizeAs(text.split("mountPath", -1));
        assertThat(after.encryption().orElseThrow().hostPath()).contains(settings.configurationFile());
        assertThat(after.withEncryption(settings)).isSameAs(after);
        assertThat(after.withoutEncryption(Laws.LAYOUT).text()).isEqualTo(text);

        NodePath socket = NodePath.of(directory).resolve("kms.sock");
        assertThat(before.covers(socket)).isTrue();
        assertThat(before.withEncryption(settings.withKmsSockets(List.of(socket)))
                        .text())
                .isEqualTo(after.text());
    }

    static Stream<Arguments> covered() {
        return Stream.of(
                Arguments.of("the configuration in /etc/kubernetes/pki => no mount", HEAD, "/etc/kubernetes/pki"),
                Arguments.of("a directory below it => no mount", HEAD, "/etc/kubernetes/pki/encryption"),
                Arguments.of("another certificatesDir => no mount there", KUBESPRAY, "/etc/kubernetes/ssl"),
                Arguments.of("the authorities of the host => no mount", HEAD, "/etc/ssl/certs"),
                Arguments.of("an external etcd's authority => no mount", EXTERNAL_ETCD, "/etc/etcd/pki"),
                Arguments.of("its certificate => no mount", EXTERNAL_ETCD, "/opt/etcd"),
                Arguments.of("its key, below that => no mount", EXTERNAL_ETCD, "/opt/etcd/keys"),
                Arguments.of(
                        "a directory of authorities in extraVolumes, by kubeadm's own name => no mount",
                        OWN_NAME.formatted("usr-share-ca-certificates", "/usr/share/ca-certificates"),
                        "/usr/share/ca-certificates"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("uncovered")
    void isMounted(String shape, String text, String directory) {
        KubeadmClusterConfiguration after =
                KubeadmClusterConfiguration.parse(text).withEncryption(in(directory));

        assertThat(after.text()).containsOnlyOnce("\"mountPath\": \"" + directory + "\"");
    }

    static Stream<Arguments> uncovered() {
        return Stream.of(
                Arguments.of(
                        "/etc/kubernetes/pki beside another certificatesDir => a mount",
                        KUBESPRAY,
                        "/etc/kubernetes/pki"),
                Arguments.of("a name that begins like it => a mount", HEAD, "/etc/kubernetes/pki-2"),
                Arguments.of("an etcd's certificates where it is not external => a mount", HEAD, "/etc/etcd/pki"),
                Arguments.of(
                        "below the authorities that only some hosts have => a mount", HEAD, "/etc/pki/encryption"));
    }

    @Test
    @DisplayName("the volume k8s-certs in extraVolumes => takes the place of kubeadm's own")
    void ownName() {
        String text = OWN_NAME.formatted("k8s-certs", "/opt/pki");
        assertThat(KubeadmClusterConfiguration.parse(text)
                        .withEncryption(in("/etc/kubernetes/pki"))
                        .text())
                .contains("mountPath: /etc/kubernetes/pki\n");
    }

    @ParameterizedTest(
            name = "the configuration or a socket in {0}, which kubeadm mounts where it is there => neither is mounted")
    @ValueSource(
            strings = {
                "/etc/pki",
                "/etc/pki/ca-trust",
                "/etc/pki/tls/certs",
                "/etc/ca-certificates",
                "/usr/share/ca-certificates",
                "/usr/local/share/ca-certificates"
            })
    void uncertain(String directory) {
        KubeadmClusterConfiguration before = KubeadmClusterConfiguration.parse(HEAD);
        NodePath socket = NodePath.of(directory).resolve("kms.sock");

        for (EncryptionSettings settings : List.of(in(directory), Laws.SETTINGS.withKmsSockets(List.of(socket)))) {
            assertThatThrownBy(() -> before.withEncryption(settings))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("line 1: kubeadm itself mounts " + directory + " on hosts that have it")
                    .hasMessageContaining(directory.substring(1).replace('/', '-'));
        }
    }

    @ParameterizedTest(name = "{0} => refused")
    @MethodSource
    void refused(String shape, String text, String message) {
        assertThatThrownBy(() -> KubeadmClusterConfiguration.parse(text))
                .isInstanceOf(RefusedException.class)
                .hasMessageStartingWith("kubeadm's ClusterConfiguration, line " + message);
    }

    static Stream<Arguments> refused() {
        String twice = OWN_NAME + "  - {name: %1$s, hostPath: /b, mountPath: /b}\n";
        return Stream.of(
                Arguments.of(
                        "a volume at certificatesDir that is not kubeadm's",
                        OWN_NAME.formatted("certs", "/etc/kubernetes/pki"),
                        "5: a volume is mounted at /etc/kubernetes/pki, where kubeadm mounts its own k8s-certs"),
                Arguments.of("a volume's name twice", twice.formatted("a", "/a"), "6: two volumes have the same name"),
                Arguments.of(
                        "a relative certificatesDir",
                        HEAD + "certificatesDir: pki\n",
                        "1: certificatesDir is no absolute path"),
                Arguments.of(
                        "a template in the version",
                        HEAD + "kubernetesVersion: v{{ version }}\n",
                        "3: kubernetesVersion looks like a template"),
                Arguments.of(
                        "a template as the version",
                        HEAD + "kubernetesVersion: {{ version }}\n",
                        "3: what is no text stands as a key"));
    }
}
