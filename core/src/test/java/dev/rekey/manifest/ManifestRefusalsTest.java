package dev.rekey.manifest;

import static dev.rekey.manifest.Shapes.SMALL;
import static dev.rekey.manifest.Shapes.small;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.InvalidInputException;
import dev.rekey.RefusedException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be read or edited says where, what, that nothing was changed, and what to do; and quotes nothing. */
class ManifestRefusalsTest {
    private static final String PORT = "    - --secure-port=6443\n";
    private static final String LAST_KEY = "      path: /etc/kubernetes/pki\n";

    @ParameterizedTest(name = "{0} => refused")
    @MethodSource
    void refused(String shape, String text, String message) {
        assertThatThrownBy(() -> ApiServerManifest.parse(text)
                        .withEncryption(Laws.SETTINGS)
                        .withAnnotation("rekey.dev/restart", "1"))
                .isInstanceOf(RefusedException.class)
                .hasMessageStartingWith("apiserver manifest, line " + message)
                .hasMessageMatching("(?s).*; nothing was changed[.] [A-Z].*");
    }

    static Stream<Arguments> refused() {
        String a = "    - --a=b\n";
        return Stream.of(
                Arguments.of(
                        "a shell wrapper",
                        small(
                                "    - kube-apiserver\n" + PORT,
                                "    - /bin/sh\n    - -c\n    - exec kube-apiserver --a\n"),
                        "8: the apiserver is started through a shell"),
                Arguments.of(
                        "a shell wrapper in a container of another name",
                        small(
                                "  - name: kube-apiserver\n    command:\n    - kube-apiserver\n" + PORT,
                                "  - name: x\n    command: [bash, -ec, kube-apiserver --a]\n"),
                        "8: the apiserver is started through a shell"),
                Arguments.of(
                        "all arguments in one item",
                        small("    - kube-apiserver\n" + PORT, "    - kube-apiserver --secure-port=6443\n"),
                        "7: no container starts kube-apiserver"),
                Arguments.of(
                        "no such container",
                        SMALL.replace("kube-apiserver", "etcd"),
                        "7: no container starts kube-apiserver"),
                Arguments.of(
                        "two of them",
                        small("  volumes:\n", "  - {name: x, command: [kube-apiserver]}\n  volumes:\n"),
                        "15: two containers start a kube-apiserver"),
                Arguments.of("a DaemonSet", small("kind: Pod", "kind: DaemonSet"), "1: it is no v1 Pod"),
                Arguments.of("a PodList", "apiVersion: v1\nkind: PodList\nitems: []\n", "1: it is no v1 Pod"),
                Arguments.of("a List", "apiVersion: v1\nkind: List\nitems: []\n", "1: it is no v1 Pod"),
                Arguments.of("two documents", SMALL + "---\nkind: Pod\n", "20: a second document"),
                Arguments.of("a directive", "%YAML 1.1\n---\n" + SMALL, "1: a directive"),
                Arguments.of(
                        "a key twice",
                        SMALL.replace("kind: Pod", "kind: X\nkind: Pod"),
                        "3: a key of the Pod stands twice"),
                Arguments.of("two specs", SMALL + "spec: {}\n", "19: a key of the Pod stands twice"),
                Arguments.of(
                        "a merge key", small("  volumes:\n", "  <<: {}\n  volumes:\n"), "15: spec has a merge key"),
                Arguments.of(
                        "an explicit key",
                        small("  volumes:\n", "  ? [a]\n  : b\n  volumes:\n"),
                        "15: what is no text stands as a key"),
                Arguments.of("a null as a key", small("  volumes:\n", "  ~: b\n  volumes:\n"), "15: what is no text"),
                Arguments.of("a template", "kind: {{ .Kind }}\n", "1: what is no text stands as a key"),
                Arguments.of(
                        "a template as the image",
                        small("    command:\n", "    image: {{ image }}\n    command:\n"),
                        "9: what is no text stands as a key"),
                Arguments.of(
                        "a template in the image",
                        small("    command:\n", "    image: registry/{{ image }}\n    command:\n"),
                        "9: image looks like a template"),
                Arguments.of(
                        "a template in a sidecar",
                        small("  volumes:\n", "  - name: x\n    image: {{ image }}\n  volumes:\n"),
                        "16: what is no text stands as a key"),
                Arguments.of(
                        "an escape that only newer YAML has",
                        small("  volumes:\n", "  priorityClassName: \"a\\/b\"\n  volumes:\n"),
                        "15: a control character or an escape"),
                Arguments.of(
                        "an emoji as two escapes",
                        small("  volumes:\n", "  priorityClassName: \"\\ud83d\\ude00\"\n  volumes:\n"),
                        "15: a control character or an escape"),
                Arguments.of(
                        "a control character in quotes",
                        small("  volumes:\n", "  priorityClassName: 'a\u007f'\n  volumes:\n"),
                        "15: a control character or an escape"),
                Arguments.of(
                        "a tab that begins a block of text",
                        small("  volumes:\n", "  priorityClassName: |\n    \tb\n  volumes:\n"),
                        "15: a tab begins a block"),
                Arguments.of(
                        "a question mark without quotes in a flow list",
                        small(PORT, PORT + "    args: [--service-account-issuer=https://x/?a]\n"),
                        "12: a question mark stands without quotes"),
                Arguments.of(
                        "a question mark without quotes in a flow map",
                        small("  namespace: kube-system\n", "  annotations: {a: b?c}\n"),
                        "5: a question mark stands without quotes"),
                Arguments.of(
                        "a colon without a blank in a flow map",
                        small("  namespace: kube-system\n", "  annotations: {a:{b: c}}\n"),
                        "5: a colon stands without a blank"),
                Arguments.of(
                        "a number that JSON has not",
                        small("  volumes:\n", "  priority: -.inf\n  volumes:\n"),
                        "15: a number stands here that JSON has not"),
                Arguments.of(
                        "an anchor's name with other characters",
                        small("  namespace: kube-system\n", "  namespace: &a:b kube-system\n"),
                        "5: an anchor's name has more than"),
                Arguments.of(
                        "a tab that begins a line with a comment",
                        small("  volumes:\n", " \t # volumes\n  volumes:\n"),
                        "15: a tab stands between values"),
                Arguments.of(
                        "an anchor at what is edited",
                        small("    command:\n", "    command: &c\n"),
                        "9: command has a tag or an anchor"),
                Arguments.of(
                        "an alias for what is edited",
                        small(
                                        "    volumeMounts:\n    - name: pki\n      mountPath: /etc/kubernetes/pki\n",
                                        "    volumeMounts: *m\n")
                                .replace("metadata:\n", "metadata:\n  x: &m []\n"),
                        "13: volumeMounts is an alias"),
                Arguments.of(
                        "an alias for an argument",
                        small(PORT, PORT + "    - *p\n").replace("metadata:\n", "metadata:\n  x: &p --a\n"),
                        "13: an item of command is an alias"),
                Arguments.of("a tag", small("spec:\n", "spec: !x\n"), "6: spec has a tag or an anchor"),
                Arguments.of(
                        "an item folded into the one before it",
                        small(PORT, PORT + "     - --encryption-provider-config=/a\n"),
                        "11: an argument goes on with what looks like the next one"),
                Arguments.of(
                        "an item without its dash",
                        small(PORT, PORT + "      --encryption-provider-config=/a\n"),
                        "11: an argument goes on with what looks like the next one"),
                Arguments.of("a stray word", small(PORT, PORT + "    - stray\n"), "12: an argument is neither a flag"),
                Arguments.of("a double dash", small(PORT, PORT + "    - --\n"), "12: an argument is neither a flag"),
                Arguments.of(
                        "a word after the bare reload flag",
                        small(PORT, "    - --encryption-provider-config-automatic-reload\n    - \"false\"\n"),
                        "12: an argument is neither a flag"),
                Arguments.of(
                        "a template in an argument",
                        small("=6443", "={{ .Port }}"),
                        "11: an item of command looks like a"),
                Arguments.of(
                        "a variable in a path",
                        small("      mountPath: /etc", "      mountPath: ${ETC}"),
                        "14: mountPath"),
                Arguments.of(
                        "a relative path",
                        small("      mountPath: /etc", "      mountPath: etc"),
                        "13: mountPath is no abs"),
                Arguments.of(
                        "the same path mounted twice, once with a slash",
                        small(
                                "    volumeMounts:\n",
                                "    volumeMounts:\n    - {name: pki, mountPath: /etc/kubernetes/pki/}\n"),
                        "14: two volumes are mounted at /etc/kubernetes/pki"),
                Arguments.of("a volume twice", SMALL + "  - name: pki\n", "19: two volumes have the same name"),
                Arguments.of(
                        "a block scalar at the end without line end",
                        SMALL + "    x: |\n      a",
                        "19: a block scalar ends the text without a line end"),
                Arguments.of(
                        "a tab before a value", small("kind: Pod", "kind:\tPod"), "2: a tab stands between values"),
                Arguments.of(
                        "a tab after a dash", small("    - --sec", "    -\t--sec"), "11: a tab stands between values"),
                Arguments.of(
                        "a line separator",
                        small("kind: Pod", "kind: Pod #\u2028"),
                        "2: a character ends a line for some"),
                Arguments.of("bytes that are not UTF-8", SMALL + "# \uFFFD\n", "19: a character is lost"),
                Arguments.of("a mark inside", SMALL + "#\uFEFF\n", "19: a character ends a line for some"));
    }

    @Test
    @DisplayName("mounts that stand before the command => a refusal names the command's line as it was given")
    void linesAsGiven() {
        String command = """
                    command: [kube-apiserver, # the program
                      --encryption-provider-config-automatic-reload=true, # on
                      # the port
                      --secure-port=6443]
                """;
        String block = "    command:\n    - kube-apiserver\n" + PORT;
        String mounts = "    volumeMounts:\n    - name: pki\n      mountPath: /etc/kubernetes/pki\n";
        String text = small(block + mounts, mounts + command);
        assertThatThrownBy(() -> ApiServerManifest.parse(text).withEncryption(Laws.SETTINGS.withoutAutomaticReload()))
                .isInstanceOf(RefusedException.class)
                .hasMessageStartingWith("apiserver manifest, line 13: a comment stands within what is to be removed");
        assertThatThrownBy(() -> ApiServerManifest.parse(text).withoutEncryption(Laws.LAYOUT))
                .isInstanceOf(RefusedException.class)
                .hasMessageStartingWith("apiserver manifest, line 13: ");
    }

    @ParameterizedTest(name = "{0} => invalid")
    @MethodSource
    void invalid(String shape, String text, String message) {
        assertThatThrownBy(() -> ApiServerManifest.parse(text).withAnnotation("rekey.dev/restart", "1"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("apiserver manifest" + message)
                .hasMessageMatching("(?s).*; nothing was changed[.] [A-Z].*");
    }

    static Stream<Arguments> invalid() {
        return Stream.of(
                Arguments.of("nothing", "", ", line 1: there is no Pod"),
                Arguments.of(
                        "UTF-16 that was read as UTF-8",
                        "\uFFFD\uFFFD" + String.join("\0", "apiVersion: v1\n".split("", -1)),
                        ": it holds NUL characters, as UTF-16 does where UTF-8 should stand: convert it to UTF-8"),
                Arguments.of("a word", "hello", ", line 1: there is no Pod"),
                Arguments.of("a map without kind", "a: b\n", ", line 1: it has no kind"),
                Arguments.of("no YAML", "a: b\n  c: d\n", ", line 2: it is not valid YAML"),
                Arguments.of("tabs as indentation", SMALL.replace("  ", "\t"), ", line 4: it is not valid YAML"),
                Arguments.of(
                        "a tab in a folded line", small(PORT, PORT + "     \tb\n"), ", line 12: it is not valid YAML"),
                Arguments.of("a control character", small("kind: Pod", "kind: P\u0001"), ": it is not valid YAML"),
                Arguments.of(
                        "no metadata",
                        small("metadata:\n  name: kube-apiserver\n  namespace: kube-system\n", ""),
                        ", line 1: the Pod has no metadata"),
                Arguments.of(
                        "spec is null",
                        "apiVersion: v1\nkind: Pod\nmetadata: {}\nspec:\n",
                        ", line 1: the Pod has no spec"),
                Arguments.of(
                        "command is no list",
                        small("    command:\n    - kube-apiserver\n" + PORT, "    command: kube-apiserver\n"),
                        ", line 9: command is no list"),
                Arguments.of(
                        "an argument is a map",
                        small(PORT, "    - --a: b\n"),
                        ", line 11: an item of command is no text"));
    }

    @ParameterizedTest(name = "{0} => no message has it")
    @ValueSource(
            strings = {
                "kind: s3cr3t: x",
                "s3cr3t: [",
                "- s3cr3t\nkind: Pod",
                "s3cr3t: \"",
                "kind: s3cr3t",
                "*s3cr3t",
                "a: !s3cr3t>x ]"
            })
    void noContent(String text) {
        assertThatThrownBy(() -> ApiServerManifest.parse(text))
                .isInstanceOf(dev.rekey.RekeyException.class)
                .hasNoCause()
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3cr3t"));
    }
}
