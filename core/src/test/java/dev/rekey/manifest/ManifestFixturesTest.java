package dev.rekey.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ManifestFixturesTest {
    private static final String ENABLED = """
            +    - --encryption-provider-config=/etc/kubernetes/encryption-providers/encryption-providers.yaml
            +    - --encryption-provider-config-automatic-reload=true
            +    - mountPath: /etc/kubernetes/encryption-providers
            +      name: encryption-providers-conf
            +      readOnly: true
            +  - hostPath:
            +      path: /etc/kubernetes/encryption-providers
            +      type: DirectoryOrCreate
            +    name: encryption-providers-conf
            """;

    @Test
    @DisplayName("kubeadm's manifest => two flags, a mount and a volume, each at the end of its list")
    void kubeadm() {
        ApiServerManifest after = Laws.enabling(Laws.resource("kubeadm-1.36.yaml"), ENABLED);
        assertThat(after.podName()).isEqualTo("kube-apiserver");
        assertThat(after.namespace()).isEqualTo("kube-system");
        assertThat(after.flag("etcd-servers")).contains("https://127.0.0.1:2379");
        assertThat(after.flag("no-such-flag")).isEmpty();
        assertThat(after.hostPathOf(NodePath.of("/etc/kubernetes/pki/sa.key")))
                .contains(NodePath.of("/etc/kubernetes/pki/sa.key"));
        assertThat(after.hostPathOf(NodePath.of("/var/log/audit.log"))).isEmpty();
    }

    @Test
    @DisplayName("KubeOne's manifest with encryption => only automatic reload is added")
    void kubeOne() {
        String before = Laws.resource("kubeone-1.27.yaml");
        assertThat(ApiServerManifest.parse(before).encryption().orElseThrow().automaticReload())
                .isFalse();
        Laws.replacing(before, Laws.SETTINGS, "+    - --encryption-provider-config-automatic-reload=true\n");
    }

    @Test
    @DisplayName("KubeOne's manifest with encryption => disabling takes out its flag, mount and volume")
    void kubeOneDisabled() {
        String before = Laws.resource("kubeone-1.27.yaml");
        String after =
                ApiServerManifest.parse(before).withoutEncryption(Laws.LAYOUT).text();
        String mount = """
                    - mountPath: /etc/kubernetes/encryption-providers
                      name: encryption-providers-conf
                      readOnly: true
                """;
        String volume = """
                  - hostPath:
                      path: /etc/kubernetes/encryption-providers
                      type: DirectoryOrCreate
                    name: encryption-providers-conf
                """;
        String flag =
                "    - --encryption-provider-config=/etc/kubernetes/encryption-providers/encryption-providers.yaml\n";
        assertThat(after).isEqualTo(before.replace(flag, "").replace(mount, "").replace(volume, ""));
        assertThat(Laws.enabling(
                                after,
                                Laws.SETTINGS.withoutAutomaticReload(),
                                ENABLED.replace("+    - --encryption-provider-config-automatic-reload=true\n", ""))
                        .encryption())
                .isPresent();
    }

    @Test
    @DisplayName("a manifest under another root => the paths of that layout")
    void underAnotherRoot() {
        NodeLayout layout = NodeLayout.DEFAULT.under(NodePath.of("/srv/members/cp 1"));
        EncryptionSettings settings = EncryptionSettings.of(layout, layout.managedPath());
        String before = Laws.resource("kubeadm-1.36.yaml");
        ApiServerManifest after = ApiServerManifest.parse(before).withEncryption(settings);
        assertThat(after.text())
                .contains("    - '--encryption-provider-config=/srv/members/cp 1/etc/kubernetes/encryption-providers/"
                        + "encryption-providers.yaml'\n")
                .contains("    - mountPath: '/srv/members/cp 1/etc/kubernetes/encryption-providers'\n");
        assertThat(after.withoutEncryption(layout).text()).isEqualTo(before);
    }

    @Test
    @DisplayName("annotations => one more, changed, and taken away again")
    void annotation() {
        String before = Laws.resource("kubeadm-1.36.yaml");
        ApiServerManifest manifest = ApiServerManifest.parse(before);
        ApiServerManifest first = manifest.withAnnotation("rekey.dev/restart", "0ff1ce/1");
        assertThat(Laws.LineDiff.of(before, first.text())).isEqualTo("+    rekey.dev/restart: '0ff1ce/1'\n");
        assertThat(first.withAnnotation("rekey.dev/restart", "0ff1ce/1")).isSameAs(first);
        ApiServerManifest second = first.withAnnotation("rekey.dev/restart", "abc/2");
        assertThat(Laws.LineDiff.of(before, second.text())).isEqualTo("+    rekey.dev/restart: 'abc/2'\n");
        assertThat(second.withoutAnnotation("rekey.dev/restart").text()).isEqualTo(before);
        assertThat(manifest.withoutAnnotation("rekey.dev/restart")).isSameAs(manifest);
    }
}
