package dev.rekey.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.InvalidInputException;
import dev.rekey.RefusedException;
import dev.rekey.RekeyException;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Where people keep a ClusterConfiguration: what is around it stays. */
class KubeadmFileTest {
    private static final String ALONE = """
            apiServer: {}
            apiVersion: kubeadm.k8s.io/v1beta4
            kind: ClusterConfiguration
            networking:
              # cluster's own
              dnsDomain: cluster.local
            """;
    private static final String CONFIG_MAP = """
            apiVersion: v1
            data:
              ClusterConfiguration: |
                apiServer: {}
                apiVersion: kubeadm.k8s.io/v1beta4
                kind: ClusterConfiguration

                networking:
                  # cluster's own
                  dnsDomain: cluster.local
            kind: ConfigMap
            metadata:
              name: kubeadm-config
            """;
    private static final String ADDED = """
            +  extraArgs:
            +  - name: encryption-provider-config
            +    value: /etc/kubernetes/encryption-providers/encryption-providers.yaml
            +  - name: encryption-provider-config-automatic-reload
            +    value: 'true'
            +  extraVolumes:
            +  - hostPath: /etc/kubernetes/encryption-providers
            +    mountPath: /etc/kubernetes/encryption-providers
            +    name: encryption-providers-conf
            +    pathType: DirectoryOrCreate
            +    readOnly: true
            """;
    private static final String INIT = """
            apiVersion: kubeadm.k8s.io/v1beta4
            kind: InitConfiguration
            nodeRegistration: &node {name: 'cp1'}
            """;
    private static final String KUBELET = """
            kind: KubeletConfiguration
            text: |
              kind: ClusterConfiguration
               --- no document
            """;

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void enabledAndBack(String shape, String before, int indent) {
        for (String text : new String[] {
            before, before.replace("\n", "\r\n"), before.substring(0, before.length() - 1), "\uFEFF" + before
        }) {
            KubeadmFile file = KubeadmFile.parse(text);
            assertThat(file.text()).isEqualTo(text);
            KubeadmFile after = file.with(file.clusterConfiguration().withEncryption(Laws.SETTINGS));
            String blanks = " ".repeat(indent);
            assertThat(Laws.LineDiff.of(text, after.text()).replace("\uFEFF", ""))
                    .isEqualTo("-" + blanks + "apiServer: {}\n+" + blanks + "apiServer:\n"
                            + ADDED.replace("+", "+" + blanks));
            KubeadmFile again = KubeadmFile.parse(after.text());
            assertThat(again.clusterConfiguration().withEncryption(Laws.SETTINGS))
                    .isSameAs(again.clusterConfiguration());
            assertThat(again.clusterConfiguration().encryption()).isPresent();
            assertThat(again.with(again.clusterConfiguration().withoutEncryption(Laws.LAYOUT))
                            .text())
                    .isEqualTo(text);
        }
    }

    static Stream<Arguments> enabledAndBack() {
        return Stream.of(
                Arguments.of("alone => in it", ALONE, 0),
                Arguments.of("the first of two documents => in that one", ALONE + "---\n" + KUBELET, 0),
                Arguments.of("the last of two documents => in that one", INIT + "---\n" + ALONE, 0),
                Arguments.of(
                        "among three documents with comments => in that one",
                        "# init\n---\n" + INIT + "# end\n--- # cluster\n" + ALONE + "# end\n---\n" + KUBELET,
                        0),
                Arguments.of("documents that end in ... => in that one", INIT + "...\n---\n" + ALONE + "...\n", 0),
                Arguments.of("empty documents around it => in that one", "---\n---\n" + ALONE + "---\n", 0),
                Arguments.of("in a ConfigMap's block scalar => with its indentation", CONFIG_MAP, 4),
                Arguments.of(
                        "in a block scalar with a comment and a minus => the same",
                        CONFIG_MAP.replace("|\n", "|- # kubeadm's\n"),
                        4),
                Arguments.of(
                        "in a block scalar that keeps empty lines after it => they stay",
                        CONFIG_MAP.replace("|\n", "|+\n").replace("cluster.local\n", "cluster.local\n\n\n"),
                        4),
                Arguments.of(
                        "in a block scalar that ends the text => at its end",
                        "kind: ConfigMap\ndata:\n  ClusterConfiguration: |\n" + ALONE.indent(6),
                        6),
                Arguments.of("a ConfigMap among other documents => in that one", INIT + "---\n" + CONFIG_MAP, 4));
    }

    @ParameterizedTest(name = "{0} => refused")
    @MethodSource
    void refused(String shape, String text, String message) {
        assertThatThrownBy(() -> KubeadmFile.parse(text).clusterConfiguration().withEncryption(Laws.SETTINGS))
                .isInstanceOf(RefusedException.class)
                .hasMessageStartingWith("kubeadm's ClusterConfiguration, line " + message)
                .hasMessageContaining("; nothing was changed. ");
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of("two ClusterConfigurations", ALONE + "---\n" + ALONE, "7: a second ClusterConfiguration"),
                Arguments.of(
                        "a ClusterConfiguration and a ConfigMap of one",
                        ALONE + "---\n" + CONFIG_MAP,
                        "7: a second ClusterConfiguration"),
                Arguments.of("an anchor, in the second document", INIT + "---\n" + ALONE.replace("{}", "&a {}"), "5: "),
                Arguments.of("an anchor, in a block scalar", CONFIG_MAP.replace("{}", "&a {}"), "4: apiServer has"),
                Arguments.of(
                        "a quoted text in the ConfigMap",
                        "kind: ConfigMap\ndata:\n  ClusterConfiguration: \"kind: ClusterConfiguration\\n\"\n",
                        "3: what stands under ClusterConfiguration is no simple block scalar"),
                Arguments.of(
                        "a folded text in the ConfigMap",
                        CONFIG_MAP.replace("|\n", ">\n"),
                        "3: what stands under ClusterConfiguration is no simple block scalar"),
                Arguments.of(
                        "an indentation indicator in the ConfigMap",
                        CONFIG_MAP.replace("|\n", "|2\n"),
                        "3: what stands under ClusterConfiguration is no simple block scalar"),
                Arguments.of(
                        "blanks in an empty line of the ConfigMap's text",
                        CONFIG_MAP.replace("\n\n", "\n  \n"),
                        "3: an empty line of what stands under ClusterConfiguration holds blanks"),
                Arguments.of("an alias in the ConfigMap", """
                        kind: ConfigMap
                        data: {a: &a b, ClusterConfiguration: *a}
                        """, "2: ClusterConfiguration is an alias"),
                Arguments.of(
                        "a list that holds the ConfigMap",
                        "apiVersion: v1\nkind: List\nitems:\n- "
                                + CONFIG_MAP.stripTrailing().replace("\n", "\n  ") + "\n",
                        "1: the ConfigMap stands in a list"),
                Arguments.of("a key of the ConfigMap twice", CONFIG_MAP + "data: {ClusterConfiguration: x}\n", "14: "),
                Arguments.of(
                        "two documents with carriage returns for line ends",
                        (INIT + "---\n" + ALONE).replace('\n', '\r'),
                        "1: a carriage return alone ends a line"),
                Arguments.of("more than 64 documents", ("---\n" + INIT).repeat(65), "1: there are more than 64"));
    }

    @ParameterizedTest(name = "{0} => invalid")
    @MethodSource
    void invalid(String shape, String text, String message) {
        assertThatThrownBy(() -> KubeadmFile.parse(text))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("kubeadm's ClusterConfiguration, line " + message)
                .hasMessageNotContaining("cp1");
    }

    static Stream<Arguments> invalid() {
        return Stream.of(
                Arguments.of("nothing", "", "1: it is empty"),
                Arguments.of("another kind", INIT, "1: its kind is not ClusterConfiguration"),
                Arguments.of("other documents only", INIT + "---\n" + KUBELET, "1: none of its documents"),
                Arguments.of("another ConfigMap", "kind: ConfigMap\ndata: {a: b}\n", "1: its kind is not"),
                Arguments.of("no YAML in the second document", INIT + "---\nkind: [\n", "6: it is not valid YAML"),
                Arguments.of(
                        "no ClusterConfiguration in the block scalar",
                        CONFIG_MAP.replace("kind: ClusterConfiguration", "kind: X"),
                        "4: its kind is not ClusterConfiguration"));
    }

    @Test
    @DisplayName("one that was made from another file's => a mistake of the caller")
    void mixedUp() {
        KubeadmFile first = KubeadmFile.parse(INIT + "---\n" + ALONE);
        KubeadmFile second = KubeadmFile.parse(ALONE);
        assertThatThrownBy(() -> first.with(second.clusterConfiguration()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("a file cut off, doubled or shuffled anywhere => edited and undone, or refused, and nothing else")
    void mutated() {
        Random random = new Random(7);
        String text = INIT + "--- # cluster\n" + CONFIG_MAP + "---\n" + KUBELET;
        int edited = 0;
        for (int i = 0; i < 1_000; i++) {
            String mutant = HostileManifestTest.mutant(text, random);
            try {
                KubeadmFile file = KubeadmFile.parse(mutant);
                KubeadmFile after = file.with(file.clusterConfiguration().withEncryption(Laws.SETTINGS));
                assertThat(KubeadmFile.parse(after.text())
                                .clusterConfiguration()
                                .encryption())
                        .isPresent();
                assertThat(after.with(after.clusterConfiguration().withoutEncryption(Laws.LAYOUT))
                                .text())
                        .isEqualTo(mutant);
                edited++;
            } catch (RekeyException e) {
                assertThat(e.getMessage())
                        .startsWith("kubeadm's ClusterConfiguration")
                        .hasSizeLessThan(400);
            }
        }
        assertThat(edited).isBetween(200, 900);
    }
}
