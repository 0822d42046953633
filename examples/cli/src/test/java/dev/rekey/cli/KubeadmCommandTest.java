package dev.rekey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KubeadmCommandTest {
    private static final String USUAL = "/etc/kubernetes/encryption-providers/encryption-providers.yaml";
    private static final String CONFIG_MAP = """
            apiVersion: v1
            data:
              ClusterConfiguration: |
                apiServer: {}
                apiVersion: kubeadm.k8s.io/v1beta4
                kind: ClusterConfiguration
            kind: ConfigMap
            metadata:
              name: kubeadm-config
            """;
    private static final String DOCUMENTS = """
            apiVersion: kubeadm.k8s.io/v1beta3
            kind: InitConfiguration
            ---
            apiVersion: kubeadm.k8s.io/v1beta3
            kind: ClusterConfiguration
            apiServer:
              extraArgs:
                audit-log-path: /var/log/audit.log
            ---
            apiVersion: kubelet.config.k8s.io/v1beta1
            kind: KubeletConfiguration
            """;

    private final CommandRun command = CommandRun.offline();

    @ParameterizedTest
    @ValueSource(strings = {CONFIG_MAP, DOCUMENTS})
    void enable_changesTheClusterConfigurationAlone_andDisableGivesTheTextBack(String before) {
        CommandRun.Result enabled = command.piped(before).runAsIs("kubeadm", "enable", "-");

        assertThat(enabled.status()).isZero();
        assertThat(enabled.err()).contains("note: ");
        JsonObject shown = show(enabled.out());
        assertThat(shown.get("configurationPath").getAsString()).isEqualTo(USUAL);
        assertThat(shown.get("hostPath").getAsString()).isEqualTo(USUAL);
        assertThat(shown.get("automaticReload").getAsBoolean()).isTrue();
        assertThat(shown.get("kmsSockets").isJsonNull()).isTrue();
        assertThat(command.piped(enabled.out())
                        .runAsIs("kubeadm", "enable", "-")
                        .out())
                .isEqualTo(enabled.out());
        assertThat(command.piped(enabled.out())
                        .runAsIs("kubeadm", "disable", "-")
                        .out())
                .isEqualTo(before);
        assertThat(show(before).get("configurationPath").isJsonNull()).isTrue();
    }

    @Test
    void inAConfigMap_theBlockKeepsItsIndentation() {
        assertThat(command.piped(CONFIG_MAP).runAsIs("kubeadm", "enable", "-").out())
                .isEqualTo(CONFIG_MAP.replace("    apiServer: {}\n", """
                            apiServer:
                              extraArgs:
                              - name: encryption-provider-config
                                value: /etc/kubernetes/encryption-providers/encryption-providers.yaml
                              - name: encryption-provider-config-automatic-reload
                                value: 'true'
                              extraVolumes:
                              - hostPath: /etc/kubernetes/encryption-providers
                                mountPath: /etc/kubernetes/encryption-providers
                                name: encryption-providers-conf
                                pathType: DirectoryOrCreate
                                readOnly: true
                        """));
    }

    @Test
    void aFileInADirectoryThatKubeadmMountsItself_isToldWithoutAMount_andShownOnTheHost() {
        String path = "/etc/kubernetes/pki/encryption.yaml";

        CommandRun.Result enabled =
                command.piped(CONFIG_MAP).runAsIs("kubeadm", "enable", "-", "--configuration", path);

        assertThat(enabled.out()).contains("value: " + path).doesNotContain("extraVolumes");
        assertThat(show(enabled.out()).get("hostPath").getAsString()).isEqualTo(path);
        assertThat(command.piped(CONFIG_MAP)
                        .runAsIs("kubeadm", "enable", "-", "--configuration", "/usr/share/ca-certificates/e.yaml")
                        .status())
                .isEqualTo(3);
    }

    @Test
    void anotherPath_isRefusedWithThree_unlessReplaced() {
        String foreign =
                DOCUMENTS.replace("audit-log-path: /var/log/audit.log", "encryption-provider-config: /opt/e.yaml");

        assertThat(command.piped(foreign).runAsIs("kubeadm", "enable", "-").status())
                .isEqualTo(3);
        assertThat(command.piped(foreign)
                        .runAsIs("kubeadm", "enable", "-", "--replace")
                        .out())
                .contains("encryption-provider-config: " + USUAL);
    }

    @Test
    void aMapInV1beta4_isRefusedWithItsLineOfTheGivenText() {
        CommandRun.Result result = command.piped(DOCUMENTS.replace("v1beta3\nkind: Cluster", "v1beta4\nkind: Cluster"))
                .runAsIs("kubeadm", "enable", "-");

        assertThat(result.status()).isEqualTo(3);
        assertThat(result.err())
                .contains("standard input: kubeadm's ClusterConfiguration, line 8: extraArgs is a map,");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a: b", "kind: InitConfiguration\n---\nkind: KubeletConfiguration\n", "s3cr3t: ["})
    void whereThereIsNone_endsWithTwo(String text) {
        for (String verb : new String[] {"show", "enable", "disable"}) {
            CommandRun.Result result = command.piped(text).runAsIs("kubeadm", verb, "-");
            assertThat(result.status()).isEqualTo(2);
            assertThat(result.out()).isEmpty();
            assertThat(result.err()).doesNotContain("s3cr3t");
        }
    }

    private JsonObject show(String text) {
        CommandRun.Result result = command.piped(text).runAsIs("kubeadm", "show", "-", "--output", "json");
        assertThat(result.status()).isZero();
        assertThat(result.json().keySet())
                .containsExactly("configurationPath", "hostPath", "automaticReload", "kmsSockets");
        return result.json();
    }
}
