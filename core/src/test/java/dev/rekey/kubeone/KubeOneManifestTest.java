package dev.rekey.kubeone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.InvalidInputException;
import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.lifecycle.Change;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KubeOneManifestTest {
    private static final String HEAD = """
            apiVersion: kubeone.k8c.io/v1beta3
            kind: KubeOneCluster
            name: k1-cluster
            """;

    @Test
    void theSeedsFirstManifest_enables() {
        KubeOneManifest manifest = KubeOneManifest.parse("""
                apiVersion: kubeone.io/v1beta1
                kind: KubeOneCluster
                name: k1-cluster
                versions:
                  kubernetes: '1.18.6'
                features:
                  # enable encryption providers
                  encryptionProviders:
                    enable: true
                """);

        assertThat(manifest.change()).contains(Change.enable());
        assertThat(manifest.exposeCustomConfiguration()).isEmpty();
        assertThat(manifest.clusterName()).isEqualTo("k1-cluster");
        assertThat(manifest.kubernetesVersion()).isEqualTo("1.18.6");
        assertThat(manifest.hosts()).isEmpty();
    }

    @Test
    void theSeedsSecondManifest_disables() {
        assertThat(KubeOneManifest.parse("""
                        apiVersion: kubeone.io/v1beta1
                        kind: KubeOneCluster
                        name: k1-cluster
                        versions:
                          kubernetes: '1.18.6'
                        features:
                          # enable encryption providers
                          encryptionProviders:
                            enable: false
                        """).change()).contains(Change.disable());
    }

    @Test
    void theSeedsCustomConfiguration_isThereByteForByte() {
        KubeOneManifest manifest = KubeOneManifest.parse("""
                apiVersion: kubeone.io/v1beta1
                kind: KubeOneCluster
                name: k1-cluster
                versions:
                  kubernetes: '1.18.6'
                features:
                  encryptionProviders:
                    enable: true
                    customEncryptionConfiguration: |
                      apiVersion: apiserver.config.k8s.io/v1
                      kind: EncryptionConfiguration
                      resources:
                      - providers:
                        - aescbc:
                            keys:
                            - name: custom-key
                              secret: lsn9B5vaIePTsbH2cxxzB0EfbBIZkYplC1fwfiNksJo=
                        - identity: {}
                        resources:
                        - secrets
                """);

        assertThat(manifest.exposeCustomConfiguration()).contains("""
                apiVersion: apiserver.config.k8s.io/v1
                kind: EncryptionConfiguration
                resources:
                - providers:
                  - aescbc:
                      keys:
                      - name: custom-key
                        secret: lsn9B5vaIePTsbH2cxxzB0EfbBIZkYplC1fwfiNksJo=
                  - identity: {}
                  resources:
                  - secrets
                """);
        assertThat(manifest.change()).isEmpty();
        assertThat(manifest.toString()).isEqualTo("KubeOneManifest[k1-cluster, 0 hosts]");
    }

    @Test
    void theSeedsKmsConfiguration_isReadAndItsSocketFound() {
        KubeOneManifest manifest = KubeOneManifest.parse("""
                apiVersion: kubeone.io/v1beta1
                kind: KubeOneCluster
                name: kms-test
                versions:
                  kubernetes: '1.18.6'
                cloudProvider:
                  aws: {}
                features:
                  encryptionProviders:
                    enable: true
                    customEncryptionConfiguration: |
                      apiVersion: apiserver.config.k8s.io/v1
                      kind: EncryptionConfiguration
                      resources:
                        - resources:
                          - secrets
                          providers:
                          - identity: {}
                          - kms:
                              name: aws-encryption-provider
                              endpoint: unix:///var/run/kmsplugin/socket.sock
                              cachesize: 1000
                              timeout: 3s
                """);

        assertThat(EncryptionConfiguration.parse(
                                manifest.exposeCustomConfiguration().orElseThrow())
                        .kmsSockets())
                .containsExactly("/var/run/kmsplugin/socket.sock");
    }

    /** Trailing blanks, a blank line in the middle, quotes, comments: all of it belongs to the user's file. */
    @Test
    void aCustomConfiguration_keepsItsCommentsBlanksAndQuotes() {
        String custom = "# ours\nkind: 'EncryptionConfiguration'   \n\nresources: []  # äöü 🔑\n";

        assertThat(KubeOneManifest.parse(HEAD
                                + "features:\n  encryptionProviders:\n    enable: true\n    customEncryptionConfiguration: |\n"
                                + custom.indent(6).replace("      \n", "\n"))
                        .exposeCustomConfiguration())
                .contains(custom);
        assertThat(KubeOneManifest.parse(HEAD
                                + "features: {encryptionProviders: {enable: true, customEncryptionConfiguration: \""
                                + custom.replace("\n", "\\n") + "\"}}\n")
                        .exposeCustomConfiguration())
                .contains(custom);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "nothing",
            value = {
                "                                                              | nothing",
                "features:                                                     | nothing",
                "features: {}                                                  | nothing",
                "features: {metricsServer: {enable: true}}                     | nothing",
                "features: {encryptionProviders: }                             | nothing",
                "features: {encryptionProviders: null}                         | nothing",
                "features: {encryptionProviders: {}}                           | nothing",
                "features: {encryptionProviders: {enable: null}}               | nothing",
                "features: {encryptionProviders: {enable: true}}               | enable",
                "features: {encryptionProviders: {enable: True}}               | enable",
                "features: {encryptionProviders: {enable: false}}              | disable",
                "features: {encryptionProviders: {enable: true, customEncryptionConfiguration: ''}} | enable",
                "features: {encryptionProviders: {enable: false, customEncryptionConfiguration: 'a: b'}} | disable",
                "features: {encryptionProviders: {customEncryptionConfiguration: 'a: b'}} | nothing"
            })
    void whatIsNotSaidChangesNothing(String features, String change) {
        KubeOneManifest manifest = KubeOneManifest.parse(HEAD + (features == null ? "" : features) + "\n");

        assertThat(manifest.change().map(Change::describe)).isEqualTo(Optional.ofNullable(change));
        assertThat(manifest.exposeCustomConfiguration()).isEmpty();
    }

    @Test
    void hostsHaveWhatTheManifestSaysAndKubeOnesDefaults() {
        KubeOneManifest manifest = KubeOneManifest.parse(HEAD + """
                controlPlane:
                  hosts:
                  - publicAddress: 203.0.113.1
                    privateAddress: 10.0.0.1
                    hostname: cp-1
                    sshPort: 2222
                    sshUsername: ubuntu
                    sshPrivateKeyFile: ~/.ssh/k1
                    sshCertFile: ~/.ssh/k1-cert.pub
                    sshHostPublicKey: AAAAC3NzaC1lZDI1NTE5AAAAIA
                    bastion: bastion.example.com
                    bastionPort: 2200
                    bastionUser: jump
                    bastionPrivateKeyFile: ~/.ssh/bastion
                    bastionHostPublicKey: AAAAB3NzaC1yc2E
                    isLeader: true
                    taints:
                    - {key: node-role.kubernetes.io/control-plane, effect: NoSchedule}
                  - privateAddress: 10.0.0.2
                    sshUsername: ubuntu
                    sshPrivateKeyFile: id
                    bastion: bastion.example.com
                  - publicAddress: 203.0.113.3
                staticWorkers:
                  hosts:
                  - publicAddress: 203.0.113.9
                """);

        assertThat(manifest.hosts())
                .containsExactly(
                        new KubeOneHost(
                                "cp-1",
                                "203.0.113.1",
                                "10.0.0.1",
                                new SshAccess(
                                        "203.0.113.1",
                                        2222,
                                        "ubuntu",
                                        "~/.ssh/k1",
                                        "~/.ssh/k1-cert.pub",
                                        "",
                                        "AAAAC3NzaC1lZDI1NTE5AAAAIA"),
                                Optional.of(new SshAccess(
                                        "bastion.example.com",
                                        2200,
                                        "jump",
                                        "~/.ssh/bastion",
                                        "",
                                        "",
                                        "AAAAB3NzaC1yc2E"))),
                        new KubeOneHost(
                                "",
                                "10.0.0.2",
                                "10.0.0.2",
                                new SshAccess("10.0.0.2", 22, "ubuntu", "id", "", "", ""),
                                Optional.of(new SshAccess("bastion.example.com", 22, "ubuntu", "id", "", "", ""))),
                        new KubeOneHost(
                                "",
                                "203.0.113.3",
                                "203.0.113.3",
                                new SshAccess("203.0.113.3", 22, "root", "", "", "env:SSH_AUTH_SOCK", ""),
                                Optional.empty()));
        assertThat(manifest.hosts()).extracting(KubeOneHost::name).containsExactly("cp-1", "10.0.0.2", "203.0.113.3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kubeone.io/v1beta1", "kubeone.k8c.io/v1beta2", "kubeone.k8c.io/v1beta3"})
    void eachVersionOfTheApiIsRead(String version) {
        assertThat(KubeOneManifest.parse(
                                "{apiVersion: " + version + ", kind: KubeOneCluster, versions: {kubernetes: v1.36.3}}")
                        .kubernetesVersion())
                .isEqualTo("1.36.3");
    }

    @Test
    void whatIsNotLookedAtMayBeAnything() {
        assertThat(KubeOneManifest.parse("---\n" + HEAD + """
                        unheardOf: &a {x: [1, {y: !!set {z}}]}
                        addons: *a
                        other: {<<: *a}
                        cloudProvider: {aws: {}, aws: {}}
                        features:
                          unknown: on
                          encryptionProviders: {enable: true, later: 0o7}
                        """).change()).contains(Change.enable());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "features: {encryptionProviders: {enable: yes}} | line 4, column 42, features.encryptionProviders.enable: here has to be true or false",
                "features: {encryptionProviders: {enable: 'true'}} | features.encryptionProviders.enable: here has to be true or false",
                "features: {encryptionProviders: {enable: [true]}} | features.encryptionProviders.enable: here has to be true or false",
                "features: {encryptionProviders: true} | line 4, column 33, features.encryptionProviders: here has to be a map",
                "features: [] | features: here has to be a map",
                "features: {encryptionProviders: {enable: true, enable: false}} | features.encryptionProviders.enable: the field stands twice",
                "features: {encryptionProviders: {enable: true}, encryptionProviders: {}} | features.encryptionProviders: the field stands twice",
                "x: &t true\\nfeatures: {encryptionProviders: {enable: *t}} | line 5, column 42, features.encryptionProviders.enable: an alias stands here",
                "x: &t {enable: true}\\nfeatures: {encryptionProviders: {<<: *t}} | features.encryptionProviders: a merge key (<<) stands here",
                "features: {encryptionProviders: {enable: true, customEncryptionConfiguration: {secret: topsecret}}} | customEncryptionConfiguration: here has to be a text",
                "controlPlane: {hosts: {}} | controlPlane.hosts: here has to be a list",
                "controlPlane: {hosts: [10.0.0.1]} | controlPlane.hosts[0]: here has to be a map",
                "controlPlane: {hosts: [{hostname: cp-1}]} | controlPlane.hosts[0]: a host needs a publicAddress or a privateAddress",
                "controlPlane: {hosts: [{publicAddress: a, sshPort: 70000}]} | controlPlane.hosts[0].sshPort: here has to be a port",
                "controlPlane: {hosts: [{publicAddress: a, sshPort: 022}]} | controlPlane.hosts[0].sshPort: here has to be a port",
                "controlPlane: {nodeSets: [{name: cp, replicas: 3}]} | controlPlane.nodeSets: hosts that KubeOne creates are not named here",
                "--- {} | there are 2 documents in it",
                "secret: \"topsecret | line 5, column 1: the text is not valid YAML"
            })
    void whatMattersAndIsWrongIsRefusedWithItsPlace(String text, String message) {
        assertThatThrownBy(() -> KubeOneManifest.parse(HEAD + text.replace("\\n", "\n") + "\n"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("the KubeOne manifest")
                .hasMessageContaining(message)
                .hasNoCause()
                .satisfies(refused -> assertThat(refused.toString()).doesNotContain("topsecret"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "publicAddress: '{{ topsecret }}' | publicAddress",
                "publicAddress: {{ topsecret }} | publicAddress",
                "publicAddress: a, privateAddress: '${topsecret}' | privateAddress",
                "publicAddress: <topsecret> | publicAddress",
                "publicAddress: a, hostname: '{{topsecret}}-1' | hostname",
                "publicAddress: a, sshUsername: $TOPSECRET | sshUsername",
                "publicAddress: a, sshUsername: $(whoami) | sshUsername",
                "publicAddress: a, sshPrivateKeyFile: '$HOME/.ssh/topsecret' | sshPrivateKeyFile",
                "publicAddress: a, sshCertFile: <cert> | sshCertFile",
                "publicAddress: a, sshAgentSocket: '${SSH_AUTH_SOCK}' | sshAgentSocket",
                "publicAddress: a, sshHostPublicKey: '{{ key }}' | sshHostPublicKey",
                "publicAddress: a, sshPort: '{{ port }}' | sshPort",
                "publicAddress: a, bastion: '%BASTION%' | bastion",
                "publicAddress: a, bastionUser: '{{ user }}' | bastionUser",
                "publicAddress: a, bastionPrivateKeyFile: '<no value>' | bastionPrivateKeyFile"
            })
    void aTemplateThatIsNotFilledIn_isNoHost(String fields, String field) {
        assertThatThrownBy(() -> KubeOneManifest.parse(HEAD + "controlPlane: {hosts: [{" + fields + "}]}\n"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("the KubeOne manifest, line 4, column ")
                .hasMessageEndingWith(", controlPlane.hosts[0]." + field
                        + ": a template stands here that is not filled in; fill it in and call again")
                .satisfies(refused -> assertThat(refused.toString()).doesNotContainIgnoringCase("topsecret"));
    }

    /** KubeOne's decoder of manifests is strict about capitals. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "controlPlane: {hosts: [{publicAddress: a, sshusername: ubuntu}]} | controlPlane.hosts[0].sshUsername",
                "controlPlane: {hosts: [{PublicAddress: a, privateAddress: b}]} | controlPlane.hosts[0].publicAddress",
                "controlPlane: {hosts: [{publicAddress: a, BASTION: b}]} | controlPlane.hosts[0].bastion",
                "controlplane: {hosts: [{publicAddress: a}]} | controlPlane",
                "controlPlane: {Hosts: [{publicAddress: a}]} | controlPlane.hosts",
                "features: {encryptionproviders: {enable: false}} | features.encryptionProviders",
                "features: {encryptionProviders: {Enable: false}} | features.encryptionProviders.enable",
                "features: {encryptionProviders: {enable: true, customEncryptionconfiguration: topsecret}} | features.encryptionProviders.customEncryptionConfiguration",
                "Features: {} | features"
            })
    void aFieldWithOtherCapitals_isNotPassedOver(String text, String field) {
        String name = field.substring(field.lastIndexOf('.') + 1);

        assertThatThrownBy(() -> KubeOneManifest.parse(HEAD + text + "\n"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("the KubeOne manifest, line 4, column ")
                .hasMessageEndingWith(", " + field + ": the field stands here with other capitals; write it as " + name)
                .satisfies(refused -> assertThat(refused.toString()).doesNotContain("topsecret"));
    }

    /** It is the user's file, and has judges of its own. */
    @Test
    void aCustomConfiguration_mayHoldWhatLooksLikeATemplate() {
        assertThat(KubeOneManifest.parse(
                                HEAD
                                        + "features: {encryptionProviders: {enable: true, customEncryptionConfiguration: '# {{ x }}'}}\n")
                        .exposeCustomConfiguration())
                .contains("# {{ x }}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kind: KubeOneCluster | this version is not known",
                "{kind: KubeOneCluster, apiVersion: kubeone.io/v1beta2} | apiVersion: this version is not known",
                "{kind: KubeOneCluster, apiVersion: kubeone.io/v1alpha1} | apiVersion: this version is not known",
                "{kind: Cluster, apiVersion: kubeone.io/v1beta1} | kind: this is no KubeOneCluster",
                "[] | line 1, column 1: here has to be a map",
                "k\0i\0n\0d\0:\0 | the text holds NUL characters, as UTF-16 does where UTF-8 should stand: convert it to UTF-8",
                "'' | there are 0 documents in it"
            })
    void whatIsNoManifestIsRefused(String text, String message) {
        assertThatThrownBy(() -> KubeOneManifest.parse(text == null ? "" : text))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(message);
    }

    @Test
    void terraformsHostsComeFirst() {
        KubeOneManifest manifest = KubeOneManifest.parse(HEAD + "controlPlane: {hosts: [{publicAddress: 10.0.0.9}]}\n");

        assertThat(manifest.hosts(TerraformOutput.parse("{}"))).isEqualTo(manifest.hosts());
        assertThat(manifest.hosts(TerraformOutput.parse(
                        "{\"kubeone_hosts\": {\"value\": {\"control_plane\": {\"public_address\": [\"10.0.0.1\"]}}}}")))
                .extracting(KubeOneHost::publicAddress)
                .isEqualTo(List.of("10.0.0.1"));
    }
}
