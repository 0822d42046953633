package dev.rekey.manifest;

import static dev.rekey.manifest.Shapes.SMALL;
import static dev.rekey.manifest.Shapes.small;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The other files of a manifest directory: which of them kubelet could take for a kube-apiserver. */
class OtherManifestsTest {
    @ParameterizedTest(name = "{0} => {2}")
    @MethodSource
    void isApiServerPod(String shape, String text, boolean isOne) {
        assertThat(ApiServerManifest.isApiServerPod(text)).isEqualTo(isOne);
    }

    static Stream<Arguments> isApiServerPod() {
        String etcd = SMALL.replace("kube-apiserver", "etcd");
        return Stream.of(
                Arguments.of("a backup", SMALL, true),
                Arguments.of("a backup in CRLF with a mark", "\uFEFF" + SMALL.replace("\n", "\r\n"), true),
                Arguments.of("etcd", etcd, false),
                Arguments.of(
                        "the name of the pod",
                        small(
                                "  - name: kube-apiserver\n    command:\n    - kube-apiserver\n",
                                "  - name: x\n    command:\n    - x\n"),
                        true),
                Arguments.of("the name of the container", "spec: {containers: [{name: kube-apiserver}]}", true),
                Arguments.of("the program", "spec: {containers: [{name: a, command: [/bin/kube-apiserver]}]}", true),
                Arguments.of(
                        "the program in a shell",
                        "spec: {containers: [{command: [sh, -c, kube-apiserver --a]}]}",
                        true),
                Arguments.of(
                        "the log of one", "spec: {containers: [{command: [tail, /var/log/kube-apiserver]}]}", false),
                Arguments.of("a proxy for one", etcd + "# for kube-apiserver\n", false),
                Arguments.of("JSON", "{\"metadata\": {\"name\": \"kube-apiserver\"}}", true),
                Arguments.of("the second of two documents", etcd + "---\n" + SMALL, true),
                Arguments.of("aliases that could hide one", "a: &a kube-apiserver\nmetadata: {name: *a}\n", true),
                Arguments.of("no YAML that mentions one", "kube-apiserver: [", true),
                Arguments.of("no YAML", "etcd: [", false),
                Arguments.of("nothing", "", false),
                Arguments.of("bytes", "\u0000\u0001", false));
    }
}
