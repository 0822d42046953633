package dev.rekey.kubeone;

import dev.rekey.fuzz.Canaries;
import dev.rekey.fuzz.Fuzzer;
import dev.rekey.fuzz.Fuzzer.Said;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class KubeOneFuzzTest {
    private static final byte[] KEY = Canaries.key(7, 32);

    @Test
    void whateverTheText_aManifestIsReadOrRefused() {
        String custom = """
                apiVersion: kubeone.k8c.io/v1beta3
                kind: KubeOneCluster
                name: k1
                versions: {kubernetes: v1.36.3}
                apiEndpoint: {host: %1$s}
                controlPlane:
                  hosts:
                  - {publicAddress: %1$s, privateAddress: '%1$s', sshPort: 22, sshUsername: root, bastion: %1$s}
                  - publicAddress: "198.51.100.7"
                    sshPrivateKeyFile: /%1$s
                    sshHostPublicKey: %1$s # %1$s
                    bastionPort: 2222
                features:
                  encryptionProviders:
                    enable: true
                    customEncryptionConfiguration: |
                      apiVersion: apiserver.config.k8s.io/v1
                      kind: EncryptionConfiguration
                      resources:
                      - resources: [secrets]
                        providers:
                        - aescbc:
                            keys:
                            - name: key1
                              secret: %2$s
                """.formatted(Canaries.WORD, Base64.getEncoder().encodeToString(KEY));
        String plain = """
                apiVersion: kubeone.io/v1beta1
                kind: KubeOneCluster
                versions:
                  kubernetes: '1.18.6'
                features:
                  encryptionProviders:
                    enable: false
                """;
        Fuzzer.run("KubeOne manifest", seeds(custom, plain), Canaries.of(List.of(KEY)), KubeOneFuzzTest::readManifest);
    }

    @Test
    void whateverTheText_anOutputOfTerraformIsReadOrRefused() {
        String output = """
                {
                  "kubeone_api": {"value": {"endpoint": "%1$s"}},
                  "kubeone_hosts": {
                    "sensitive": false,
                    "value": {
                      "control_plane": {
                        "bastion": "%1$s", "bastion_port": 22, "bastion_host_key": null,
                        "hostnames": ["%1$s", "b"],
                        "private_address": ["%1$s", "172.31.2.2"],
                        "public_address": [],
                        "ssh_hosts_keys": ["%1$s", null],
                        "ssh_port": "22", "ssh_private_key_file": "/%1$s", "ssh_user": "root"
                      }
                    }
                  }
                }
                """.formatted(Canaries.WORD);
        Fuzzer.run("Terraform output", seeds(output), Canaries.of(List.of(KEY)), (input, said) -> {
            TerraformOutput read = TerraformOutput.parse(new String(input, StandardCharsets.UTF_8));
            said.check(read);
            read.hosts().forEach(KubeOneHost::name);
        });
    }

    private static void readManifest(byte[] input, Said said) {
        KubeOneManifest manifest = KubeOneManifest.parse(new String(input, StandardCharsets.UTF_8));
        said.check(manifest.change());
        manifest.exposeCustomConfiguration();
        manifest.hosts().forEach(KubeOneHost::name);
    }

    private static List<byte[]> seeds(String... texts) {
        return List.of(texts).stream()
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }
}
