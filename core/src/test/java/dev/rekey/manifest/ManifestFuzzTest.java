package dev.rekey.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.RekeyException;
import dev.rekey.fuzz.Canaries;
import dev.rekey.fuzz.Fuzzer;
import dev.rekey.fuzz.Fuzzer.Said;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ManifestFuzzTest {
    private static final NodeLayout LAYOUT = Laws.LAYOUT;
    private static final EncryptionSettings SETTINGS = Laws.SETTINGS;
    private static final EncryptionSettings OTHER = EncryptionSettings.of(LAYOUT, LAYOUT.customPath())
            .withoutAutomaticReload()
            .withKmsSockets(List.of(NodePath.of("/var/run/kms/a.sock"), NodePath.of("/run/b.sock")));

    @Test
    void whateverTheText_aManifestIsEditedAsPromisedOrRefused() {
        Fuzzer.run("manifest", manifests(), Canaries.of(List.of()), ManifestFuzzTest::readManifest);
    }

    @Test
    void whateverTheText_aClusterConfigurationIsEditedAsPromisedOrRefused() {
        Fuzzer.run("cluster configuration", kubeadm(), Canaries.of(List.of()), ManifestFuzzTest::readKubeadm);
    }

    @Test
    void whateverTheFile_whatStandsAroundAClusterConfigurationStays() {
        List<byte[]> seeds = new ArrayList<>(kubeadm());
        kubeadm().forEach(text -> seeds.addAll(around(text)));
        Fuzzer.run("kubeadm file", seeds, Canaries.of(List.of()), ManifestFuzzTest::readFile);
    }

    private static void readManifest(byte[] input, Said said) {
        String text = new String(input, StandardCharsets.UTF_8);
        ApiServerManifest.isApiServerPod(text);
        ApiServerManifest manifest = ApiServerManifest.parse(text);
        assertThat(manifest.text()).isEqualTo(text);
        assertThat(ApiServerManifest.isApiServerPod(text)).isTrue();
        said.check(manifest);
        edited(said, () -> {
            ApiServerManifest without = manifest.withoutEncryption(LAYOUT);
            assertThat(without.encryption()).isEmpty();
            assertThat(without.withoutEncryption(LAYOUT)).isSameAs(without);
            ApiServerManifest after = enabled(manifest, SETTINGS);
            if (without == manifest && isBare(manifest)) {
                assertThat(after.withoutEncryption(LAYOUT).text()).isEqualTo(text);
                if (!manifest.covers(SETTINGS.directory()) && PodModel.isDecodable(text)) {
                    assertThat(PodModel.isEnabled(text, after.text(), SETTINGS)).isTrue();
                }
            }
        });
        edited(said, () -> enabled(enabled(manifest, SETTINGS), OTHER));
        edited(said, () -> enabled(manifest, OTHER));
        edited(said, () -> {
            ApiServerManifest marked = manifest.withAnnotation("rekey.dev/restart", "1/2");
            assertThat(marked.withAnnotation("rekey.dev/restart", "1/2")).isSameAs(marked);
            ApiServerManifest unmarked = manifest.withoutAnnotation("rekey.dev/restart");
            assertThat(marked.withoutAnnotation("rekey.dev/restart").text())
                    .isEqualTo(unmarked == manifest ? text : unmarked.text());
            assertThat(ApiServerManifest.parse(marked.text()).encryption().map(Object::toString))
                    .isEqualTo(manifest.encryption().map(Object::toString));
        });
    }

    private static ApiServerManifest enabled(ApiServerManifest manifest, EncryptionSettings settings) {
        ApiServerManifest after = manifest.withEncryption(settings);
        assertThat(after.withEncryption(settings)).isSameAs(after);
        ApiServerManifest again = ApiServerManifest.parse(after.text());
        assertThat(again.withEncryption(settings)).isSameAs(again);
        assertTold(again.encryption(), settings);
        assertThat(settings.kmsSockets()).allMatch(again::covers);
        assertThat(again.podName()).isEqualTo(manifest.podName());
        assertThat(after.withoutEncryption(LAYOUT).encryption()).isEmpty();
        return after;
    }

    /** Without a flag that counts as not there and would be replaced, such as an empty one. */
    private static boolean isBare(ApiServerManifest manifest) {
        return manifest.flag("encryption-provider-config").isEmpty()
                && manifest.flag("experimental-encryption-provider-config").isEmpty()
                && manifest.flag("encryption-provider-config-automatic-reload").isEmpty();
    }

    private static void assertTold(Optional<Encryption> told, EncryptionSettings settings) {
        assertThat(told).hasValueSatisfying(encryption -> {
            assertThat(encryption.hostPath()).contains(settings.configurationFile());
            assertThat(encryption.automaticReload()).isEqualTo(settings.automaticReload());
            assertThat(encryption.mountedAsFile()).isFalse();
        });
    }

    private static void readKubeadm(byte[] input, Said said) {
        String text = new String(input, StandardCharsets.UTF_8);
        KubeadmClusterConfiguration configuration = KubeadmClusterConfiguration.parse(text);
        assertThat(configuration.text()).isEqualTo(text);
        said.check(configuration);
        edited(said, () -> {
            KubeadmClusterConfiguration without = configuration.withoutEncryption(LAYOUT);
            assertThat(without.encryption()).isEmpty();
            assertThat(without.withoutEncryption(LAYOUT)).isSameAs(without);
            KubeadmClusterConfiguration after = enabled(configuration, SETTINGS);
            boolean hadNone = !text.contains("encryption") && !text.contains("\\");
            if (hadNone && without == configuration) {
                assertThat(after.withoutEncryption(LAYOUT).text()).isEqualTo(text);
            }
        });
        edited(said, () -> enabled(enabled(configuration, SETTINGS), OTHER));
    }

    private static KubeadmClusterConfiguration enabled(
            KubeadmClusterConfiguration configuration, EncryptionSettings settings) {
        KubeadmClusterConfiguration after = configuration.withEncryption(settings);
        assertThat(after.withEncryption(settings)).isSameAs(after);
        KubeadmClusterConfiguration again = KubeadmClusterConfiguration.parse(after.text());
        assertThat(again.withEncryption(settings)).isSameAs(again);
        assertTold(again.encryption(), settings);
        assertThat(settings.kmsSockets()).allMatch(again::covers);
        return after;
    }

    private static void readFile(byte[] input, Said said) {
        String text = new String(input, StandardCharsets.UTF_8);
        KubeadmFile file = KubeadmFile.parse(text);
        assertThat(file.text()).isEqualTo(text);
        said.check(file);
        edited(said, () -> {
            KubeadmClusterConfiguration before = file.clusterConfiguration();
            assertThat(file.with(before).text()).isEqualTo(text);
            KubeadmFile after = file.with(enabled(before, SETTINGS));
            KubeadmFile again = KubeadmFile.parse(after.text());
            assertTold(again.clusterConfiguration().encryption(), SETTINGS);
            KubeadmClusterConfiguration without = before.withoutEncryption(LAYOUT);
            if (without == before && !text.contains("encryption") && !text.contains("\\")) {
                KubeadmFile undone = again.with(again.clusterConfiguration().withoutEncryption(LAYOUT));
                assertThat(undone.text()).isEqualTo(text);
            }
        });
    }

    private static void edited(Said said, Runnable edit) {
        try {
            edit.run();
        } catch (RekeyException e) {
            said.check(e);
            assertThat(e).hasNoCause();
        }
    }

    static List<byte[]> manifests() {
        String json = """
                {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "kube-apiserver"}, "spec": {"containers": [
                  {"name": "kube-apiserver", "command": ["kube-apiserver", "--a=%s"]}], "volumes": []}}
                """;
        String args = """
                --- # %1$s
                kind: Pod
                apiVersion: v1
                metadata: {name: "kube-apiserver", annotations: {a: %1$s}}
                spec:
                    initContainers: [{name: i, command: [a, %1$s]}]
                    containers:
                    -   name: side
                        image: x
                    -   name: kube-apiserver
                        command: [/usr/local/bin/kube-apiserver]
                        args: ['--secure-port', "6443", --b=%1$s]
                        env:
                        - {name: A, value: %1$s}
                ...
                """;
        List<byte[]> seeds = new ArrayList<>();
        for (String text : List.of(
                Laws.resource("kubeadm-1.36.yaml"),
                Laws.resource("kubeone-1.27.yaml"),
                Shapes.SMALL,
                json.formatted(Canaries.WORD),
                args.formatted(Canaries.WORD),
                args.formatted(Canaries.WORD).replace("\n", "\r\n"))) {
            seeds.add(bytes(text));
            seeds.add(bytes(text.replace("--secure-port=", "--secure-port=" + Canaries.WORD)));
            seeds.add(bytes(text.replace("kind: Pod\n", "kind: Pod # " + Canaries.WORD + "\n")));
        }
        seeds.add(bytes(ApiServerManifest.parse(Shapes.SMALL)
                .withEncryption(SETTINGS)
                .withEncryption(OTHER)
                .withAnnotation("rekey.dev/restart", Canaries.WORD)
                .text()));
        return seeds;
    }

    private static List<byte[]> kubeadm() {
        String args = """
                kind: ClusterConfiguration
                apiVersion: kubeadm.k8s.io/v1beta3
                apiServer:
                    extraArgs: {"a": "%1$s", b: c} # %1$s
                    extraVolumes:
                    - {name: pki, hostPath: /pki, mountPath: /pki}
                    certSANs: [%1$s]
                """.formatted(Canaries.WORD);
        List<byte[]> seeds = new ArrayList<>();
        for (String text : List.of(
                Laws.resource("cluster-configuration-v1beta3.yaml"),
                Laws.resource("cluster-configuration-v1beta4.yaml"),
                args)) {
            seeds.add(bytes(text));
            seeds.add(bytes(text.replace("\n", "\r\n")));
            seeds.add(bytes(text.replace("RBAC", Canaries.WORD)));
            seeds.add(bytes(KubeadmClusterConfiguration.parse(text)
                    .withEncryption(SETTINGS)
                    .text()));
        }
        return seeds;
    }

    private static List<byte[]> around(byte[] configuration) {
        String text = new String(configuration, StandardCharsets.UTF_8);
        String map = """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: kubeadm-config, annotations: {a: %1$s}}
                data:
                  Other: %1$s
                  ClusterConfiguration: |
                %2$s""";
        String init = "apiVersion: kubeadm.k8s.io/v1beta3\nkind: InitConfiguration\nbootstrapTokens: [%s]\n---\n";
        return List.of(
                bytes(map.formatted(Canaries.WORD, text.indent(4))),
                bytes(init.formatted(Canaries.WORD) + text + "---\n# " + Canaries.WORD + "\nkind: Other\n"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
