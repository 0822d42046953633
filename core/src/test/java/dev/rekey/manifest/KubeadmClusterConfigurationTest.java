package dev.rekey.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.RefusedException;
import dev.rekey.RekeyException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class KubeadmClusterConfigurationTest {
    private static final String HEAD = """
            apiVersion: kubeadm.k8s.io/%s
            kind: ClusterConfiguration
            """;
    private static final String PATH = "/etc/kubernetes/encryption-providers/encryption-providers.yaml";
    private static final String LISTED = """
            +  extraArgs:
            +  - name: encryption-provider-config
            +    value: /etc/kubernetes/encryption-providers/encryption-providers.yaml
            +  - name: encryption-provider-config-automatic-reload
            +    value: 'true'
            """;
    private static final String MAPPED = """
            +    encryption-provider-config: /etc/kubernetes/encryption-providers/encryption-providers.yaml
            +    encryption-provider-config-automatic-reload: 'true'
            """;
    private static final String ITEM = """
            +  - hostPath: /etc/kubernetes/encryption-providers
            +    mountPath: /etc/kubernetes/encryption-providers
            +    name: encryption-providers-conf
            +    pathType: DirectoryOrCreate
            +    readOnly: true
            """;
    private static final String VOLUME = "+  extraVolumes:\n" + ITEM;

    private static String v3(String apiServer) {
        return apiServer + HEAD.formatted("v1beta3");
    }

    private static String v4(String apiServer) {
        return apiServer + HEAD.formatted("v1beta4");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"list", "map"})
    void enabledAndBack(String shape, String before, String diff) {
        Laws.enablingKubeadm(before, diff);
        Laws.enablingKubeadm(before.replace("\n", "\r\n"), diff);
        Laws.enablingKubeadm(before.substring(0, before.length() - 1), diff);
        Laws.enablingKubeadm("# 🔑\n" + before + "# 🔑", diff);
    }

    static Stream<Arguments> list() {
        return Stream.of(
                Arguments.of(
                        "v1beta4 of a new cluster => apiServer: {} in block style",
                        Laws.resource("cluster-configuration-v1beta4.yaml"),
                        "-apiServer: {}\n+apiServer:\n" + LISTED + VOLUME),
                Arguments.of(
                        "apiServer: {} last and with a comment => keeps the comment",
                        v4("") + "apiServer: {} # none\n",
                        "-apiServer: {} # none\n+apiServer: # none\n" + LISTED + VOLUME),
                Arguments.of(
                        "other arguments, one of them twice => after them",
                        v4("""
                                apiServer:
                                  extraArgs:
                                  - name: service-account-issuer
                                    value: https://a
                                  - name: service-account-issuer
                                    value: https://b
                                """),
                        LISTED.replace("+  extraArgs:\n", "") + VOLUME),
                Arguments.of("other volumes => after them", v4("""
                                apiServer:
                                  extraVolumes:
                                  - hostPath: /opt/a
                                    mountPath: /opt/a
                                    name: a
                                """), ITEM + LISTED),
                Arguments.of(
                        "extraArgs: [] => stays in flow style",
                        v4("apiServer:\n  extraArgs: []\n  extraVolumes: []\n"),
                        "-  extraArgs: []\n-  extraVolumes: []\n+  extraArgs: [" + flowArguments() + "]\n"
                                + "+  extraVolumes: [" + flowVolume() + "]\n"),
                Arguments.of(
                        "no apiServer => one in flow style",
                        v4(""),
                        "+apiServer: { \"extraArgs\": [ " + flowArguments() + " ], \"extraVolumes\": [ " + flowVolume()
                                + " ] }\n"),
                Arguments.of(
                        "an apiServer that holds only [] => keeps it",
                        v4("apiServer: {extraArgs: []}\n"),
                        "-apiServer: {extraArgs: []}\n+apiServer: {extraArgs: [" + flowArguments()
                                + "], \"extraVolumes\": [ " + flowVolume() + " ]}\n"),
                Arguments.of(
                        "an empty configuration argument => stays, ours comes after it",
                        v4("""
                                apiServer:
                                  extraArgs:
                                  - name: encryption-provider-config
                                    value: ""
                                """),
                        LISTED.replace("+  extraArgs:\n", "") + VOLUME),
                Arguments.of(
                        "arguments of the same name elsewhere => are none of the apiserver's",
                        v4("apiServer: {}\n") + """
                                controllerManager:
                                  extraArgs:
                                  - name: encryption-provider-config
                                    value: /nowhere
                                """,
                        "-apiServer: {}\n+apiServer:\n" + LISTED + VOLUME));
    }

    static Stream<Arguments> map() {
        return Stream.of(
                Arguments.of(
                        "v1beta3 with arguments => after them",
                        Laws.resource("cluster-configuration-v1beta3.yaml"),
                        MAPPED + VOLUME),
                Arguments.of(
                        "v1beta3 without arguments => a map under a new key",
                        v3("apiServer:\n  timeoutForControlPlane: 4m0s\n"),
                        "+  extraArgs:\n" + MAPPED + VOLUME),
                Arguments.of(
                        "v1beta2 with nothing => apiServer: {} in block style",
                        "apiServer: {}\n" + HEAD.formatted("v1beta2"),
                        "-apiServer: {}\n+apiServer:\n+  extraArgs:\n" + MAPPED + VOLUME));
    }

    private static String flowArguments() {
        return "{\"name\": \"encryption-provider-config\", \"value\": \"" + PATH
                + "\"}, {\"name\": \"encryption-provider-config-automatic-reload\", \"value\": \"true\"}";
    }

    private static String flowVolume() {
        return "{\"hostPath\": \"/etc/kubernetes/encryption-providers\", \"mountPath\":"
                + " \"/etc/kubernetes/encryption-providers\", \"name\": \"encryption-providers-conf\","
                + " \"pathType\": \"DirectoryOrCreate\", \"readOnly\": true}";
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("there")
    void replacing(String shape, String before, String diff) {
        Laws.replacingKubeadm(before, Laws.SETTINGS, diff);
    }

    static Stream<Arguments> there() {
        String args = "apiServer:\n  extraArgs:\n";
        String reload = "+    encryption-provider-config-automatic-reload: 'true'\n";
        return Stream.of(
                Arguments.of(
                        "another path in the map => ours in its place",
                        v3(args + "    encryption-provider-config: /a\n"),
                        "-    encryption-provider-config: /a\n+    encryption-provider-config: " + PATH + "\n" + reload
                                + VOLUME),
                Arguments.of(
                        "reload false in the map => true in its place",
                        v3(args + "    encryption-provider-config-automatic-reload: \"false\"\n"),
                        "-    encryption-provider-config-automatic-reload: \"false\"\n"
                                + "+    encryption-provider-config-automatic-reload: \"true\"\n"
                                + "+    encryption-provider-config: " + PATH + "\n" + VOLUME),
                Arguments.of(
                        "another path twice in the list => ours in the last place",
                        v4(args + "  - {name: encryption-provider-config, value: /a}\n"
                                + "  - {name: encryption_provider_config, value: /b}\n"),
                        "-  - {name: encryption_provider_config, value: /b}\n"
                                + "+  - {name: encryption_provider_config, value: " + PATH + "}\n"
                                + "+  - name: encryption-provider-config-automatic-reload\n+    value: 'true'\n"
                                + VOLUME),
                Arguments.of(
                        "the file mounted alone => its directory",
                        v4("""
                                apiServer:
                                  extraVolumes:
                                  - {name: file, hostPath: %s, mountPath: %s}
                                """.formatted(PATH, PATH)),
                        LISTED + "-  - {name: file, hostPath: " + PATH + ", mountPath: " + PATH + "}\n" + ITEM));
    }

    @Test
    @DisplayName("what kubeadm has written anew => disabling leaves apiServer: {}, as kubeadm writes it")
    void writtenAnew() {
        String anew = """
                apiServer:
                  extraArgs:
                  - name: encryption-provider-config
                    value: /etc/kubernetes/encryption-providers/encryption-providers.yaml
                  - name: encryption-provider-config-automatic-reload
                    value: "true"
                  extraVolumes:
                  - hostPath: /etc/kubernetes/encryption-providers
                    mountPath: /etc/kubernetes/encryption-providers
                    name: encryption-providers-conf
                    pathType: DirectoryOrCreate
                    readOnly: true
                apiVersion: kubeadm.k8s.io/v1beta4
                kind: ClusterConfiguration
                """;
        KubeadmClusterConfiguration parsed = KubeadmClusterConfiguration.parse(anew);
        assertThat(parsed.withEncryption(Laws.SETTINGS)).isSameAs(parsed);
        assertThat(parsed.withoutEncryption(Laws.LAYOUT).text()).isEqualTo(v4("apiServer: {}\n"));
    }

    @Test
    @DisplayName("sockets of KMS plugins => a volume each")
    void kms() {
        NodePath socket = NodePath.of("/opt/kms/a.sock");
        String before = v4("apiServer: {}\n");
        KubeadmClusterConfiguration after =
                KubeadmClusterConfiguration.parse(before).withEncryption(Laws.SETTINGS.withKmsSockets(List.of(socket)));
        assertThat(after.covers(socket)).isTrue();
        assertThat(after.text()).contains("    name: encryption-providers-conf-kms-1\n");
        assertThat(after.withoutEncryption(Laws.LAYOUT).text()).isEqualTo(before);
    }

    @ParameterizedTest(name = "{0} => refused")
    @MethodSource
    void refused(String shape, String text, String message) {
        assertThatThrownBy(() -> KubeadmClusterConfiguration.parse(text)
                        .withEncryption(Laws.SETTINGS)
                        .withoutEncryption(Laws.LAYOUT))
                .isInstanceOf(RekeyException.class)
                .hasMessageStartingWith("kubeadm's ClusterConfiguration, line ")
                .hasMessageContaining("; nothing was changed. ")
                .hasMessageContaining(message);
    }

    static Stream<Arguments> refused() {
        String a = "apiServer: &a {}\n";
        return Stream.of(
                Arguments.of(
                        "v1beta4 with a map", v4("apiServer: {extraArgs: {a: b}}\n"), "line 1: extraArgs is a map"),
                Arguments.of("v1beta3 with a list", v3("apiServer: {extraArgs: []}\n"), "line 1: extraArgs is a list"),
                Arguments.of("v1beta1", HEAD.formatted("v1beta1"), "its apiVersion is none of"),
                Arguments.of("another kind", "kind: InitConfiguration\n", "its kind is not ClusterConfiguration"),
                Arguments.of("a list", "- kind: ClusterConfiguration\n", "the document is no map"),
                Arguments.of("nothing", "", "it is empty"),
                Arguments.of("no YAML", "a: [\n", "it is not valid YAML"),
                Arguments.of("two documents", v4("") + "---\nkind: X\n", "line 4: a second document"),
                Arguments.of("an anchor", v4(a), "apiServer has a tag or an anchor"),
                Arguments.of("apiServer as a list", v4("apiServer: []\n"), "apiServer is no map"),
                Arguments.of(
                        "a key twice", v4("apiServer: {}\napiServer: {}\n"), "line 2: a key of the document stands"),
                Arguments.of(
                        "an argument's name with =",
                        v3("apiServer: {extraArgs: {encryption-provider-config=-x: a}}\n"),
                        "line 1: the name of an argument holds '='"),
                Arguments.of("an argument without value", v4("apiServer: {extraArgs: [{name: a}]}\n"), "has no value"),
                Arguments.of(
                        "our volume elsewhere",
                        v4("""
                                apiServer:
                                  extraVolumes:
                                  - name: encryption-providers-conf
                                    hostPath: /opt
                                    mountPath: /opt
                                """),
                        "line 3: a volume named encryption-providers-conf is mounted at /opt already"),
                Arguments.of(
                        "the directory mounted from elsewhere",
                        v4("""
                                apiServer:
                                  extraVolumes:
                                  - {name: x, hostPath: /opt, mountPath: /etc/kubernetes}
                                """),
                        "line 3: a volume is mounted at /etc/kubernetes, so that"));
    }

    @Test
    @DisplayName("our volume name with another directory => disabling is refused")
    void foreignVolume() {
        String text =
                v4("apiServer:\n  extraVolumes:\n  - {name: encryption-providers-conf, hostPath: /o, mountPath: /o}\n");
        assertThatThrownBy(() -> KubeadmClusterConfiguration.parse(text).withoutEncryption(Laws.LAYOUT))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("line 3: the volume encryption-providers-conf does not lead to");
    }
}
