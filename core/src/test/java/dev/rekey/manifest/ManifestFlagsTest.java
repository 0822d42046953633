package dev.rekey.manifest;

import static dev.rekey.manifest.Laws.SETTINGS;
import static dev.rekey.manifest.Shapes.CONFIG;
import static dev.rekey.manifest.Shapes.RELOAD;
import static dev.rekey.manifest.Shapes.mount;
import static dev.rekey.manifest.Shapes.small;
import static dev.rekey.manifest.Shapes.volume;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ManifestFlagsTest {
    private static final String MOUNTED = mount(4) + volume(2);

    /** The small manifest with these arguments, parted by a bar. */
    private static String with(String arguments) {
        String items = Stream.of(arguments.split("[|]"))
                .map(item -> "    - " + item + "\n")
                .collect(Collectors.joining());
        return small("    - --secure-port=6443\n", items);
    }

    @ParameterizedTest(name = "of the pod {0}, of the container {1} => root: {2}")
    @CsvSource(
            delimiter = ';',
            value = {
                "{}; {}; true",
                "{seccompProfile: {type: RuntimeDefault}}; {privileged: true}; true",
                "{runAsUser: 0}; {}; true",
                "{}; {runAsUser: 0, runAsNonRoot: false}; true",
                "{runAsUser: 1000}; {}; false",
                "{}; {runAsUser: 1000}; false",
                "{runAsUser: 1000}; {runAsUser: 0}; true",
                "{runAsUser: 0}; {runAsUser: 1000}; false",
                "{runAsNonRoot: true}; {}; false",
                "{}; {runAsNonRoot: true}; false",
                "{runAsNonRoot: true}; {runAsNonRoot: false}; true",
                "{runAsGroup: 1000}; {}; true"
            })
    void user(String ofPod, String ofContainer, boolean root) {
        String text = small("    command:\n", "    securityContext: " + ofContainer + "\n    command:\n")
                + "  securityContext: " + ofPod + "\n";

        assertThat(ApiServerManifest.parse(text).runsAsRoot()).isEqualTo(root);
    }

    @ParameterizedTest(name = "read: {0} => {1}")
    @CsvSource(
            delimiter = ';',
            value = {
                "--encryption-provider-config=/a; /a",
                "--encryption-provider-config|/a; /a",
                "--encryption-provider-config|--x; --x",
                "--encryption_provider_config=/a; /a",
                "--encryption-provider_config|/a; /a",
                "--experimental-encryption-provider-config=/a; /a",
                "--encryption-provider-config=/a|--encryption-provider-config=/b; /b",
                "--encryption-provider-config=/a|--experimental-encryption-provider-config=/b; /b",
                "'--encryption-provider-config=/a'; /a",
                "--encryption-provider-config=\"/a\"; \"/a\"",
                "--encryption-provider-config=a/b; a/b",
                "--encryption-provider-config=; none",
                "--encryption-provider-config=/a|--encryption-provider-config=; none",
                "--encryption-provider-config; none",
                "--encryption-provider-config-automatic-reload; none",
                "--encryption-provider-config-automatic-reload=/a; none",
                "--etcd-servers|--encryption-provider-config=/a; /a",
            })
    void configuration(String arguments, String path) {
        String found = ApiServerManifest.parse(with(arguments))
                .encryption()
                .map(Encryption::configurationPath)
                .orElse("none");
        assertThat(found).isEqualTo(path);
    }

    @ParameterizedTest(name = "read: --encryption-provider-config-automatic-reload{0} => {1}")
    @CsvSource(
            delimiter = ';',
            value = {
                "''; true",
                "=true; true",
                "=1; true",
                "=T; true",
                "=yes; false",
                "=false; false",
                "=true|--encryption-provider-config-automatic-reload=false; false",
                "=false|--encryption_provider_config_automatic_reload; true",
            })
    void reload(String value, boolean isOn) {
        String text = with("--encryption-provider-config=/a|" + Shapes.RELOAD.replace("=true", "") + value);
        assertThat(ApiServerManifest.parse(text).encryption().orElseThrow().automaticReload())
                .isEqualTo(isOn);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("undoable")
    void enabledAndBack(String shape, String arguments, String diff) {
        String before = with(arguments);
        ApiServerManifest after = Laws.replacing(before, SETTINGS, diff + MOUNTED);
        assertThat(after.withoutEncryption(Laws.LAYOUT).text()).isEqualTo(before);
    }

    static Stream<Arguments> undoable() {
        String both = Shapes.flags(4);
        return Stream.of(
                Arguments.of("an empty value => stays, ours comes after it", "--encryption-provider-config=", both),
                Arguments.of(
                        "an empty item as value => stays, ours comes after it",
                        "--encryption-provider-config|\"\"",
                        both),
                Arguments.of(
                        "reload false alone => stays, ours comes after it",
                        "--encryption-provider-config-automatic-reload=false",
                        both));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("replaced")
    void replacing(String shape, String arguments, String diff) {
        Laws.replacing(with(arguments), SETTINGS, diff + MOUNTED);
    }

    static Stream<Arguments> replaced() {
        String config = "+    - " + CONFIG + "\n";
        String reload = "+    - " + RELOAD + "\n";
        return Stream.of(
                Arguments.of(
                        "another path => ours in its place",
                        "--encryption-provider-config=/a|--v=2",
                        "-    - --encryption-provider-config=/a\n" + config + reload),
                Arguments.of(
                        "another path in quotes => in the same quotes",
                        "\"--encryption-provider-config=/a\"",
                        "-    - \"--encryption-provider-config=/a\"\n+    - \"" + CONFIG + "\"\n" + reload),
                Arguments.of(
                        "another path with quotes inside a plain scalar => ours in its place",
                        "--encryption-provider-config=\"/a\"",
                        "-    - --encryption-provider-config=\"/a\"\n" + config + reload),
                Arguments.of("only reload true => the configuration", RELOAD, config),
                Arguments.of(
                        "only reload bare => the configuration",
                        "--encryption-provider-config-automatic-reload",
                        config),
                Arguments.of(
                        "ours and reload false => stays, true comes after it and counts",
                        CONFIG + "|" + RELOAD.replace("true", "false"),
                        reload),
                Arguments.of(
                        "another path in the next item => in that item",
                        "--encryption-provider-config|/a|--v=2",
                        "-    - /a\n+    - /etc/kubernetes/encryption-providers/encryption-providers.yaml\n" + reload),
                Arguments.of(
                        "twice => the last one, which counts",
                        "--encryption-provider-config=/a|--encryption-provider-config=/b",
                        "-    - --encryption-provider-config=/b\n" + config + reload),
                Arguments.of(
                        "underscores => our spelling",
                        "--encryption_provider_config=/a",
                        "-    - --encryption_provider_config=/a\n" + config + reload),
                Arguments.of(
                        "the old name => the new one",
                        "--experimental-encryption-provider-config=/a",
                        "-    - --experimental-encryption-provider-config=/a\n" + config + reload),
                Arguments.of(
                        "the old name and the next item => the new name, in that item",
                        "--experimental-encryption-provider-config|/a",
                        "-    - --experimental-encryption-provider-config\n-    - /a\n"
                                + "+    - --encryption-provider-config\n"
                                + "+    - /etc/kubernetes/encryption-providers/encryption-providers.yaml\n" + reload),
                Arguments.of(
                        "no value at all => ours, since the next item would be taken for it",
                        "--encryption-provider-config",
                        "-    - --encryption-provider-config\n" + config + reload),
                Arguments.of(
                        "ours and reload bare => nothing",
                        CONFIG + "|--encryption-provider-config-automatic-reload",
                        ""),
                Arguments.of("ours and reload 1 => nothing", CONFIG + "|" + RELOAD.replace("true", "1"), ""),
                Arguments.of(
                        "reload with nonsense => true in its place",
                        CONFIG + "|" + RELOAD.replace("true", "yes"),
                        "-    - " + RELOAD.replace("true", "yes") + "\n" + reload));
    }

    @Test
    @DisplayName("settings without reload => reload true is taken out, in any spelling")
    void withoutReload() {
        Laws.replacing(
                with(RELOAD + "|--encryption_provider_config_automatic_reload|" + CONFIG),
                SETTINGS.withoutAutomaticReload(),
                "-    - " + RELOAD + "\n-    - --encryption_provider_config_automatic_reload\n" + MOUNTED);
    }

    @Test
    @DisplayName("disabling => every occurrence goes with its value, whatever its spelling and place")
    void disabled() {
        String before = """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: kube-apiserver
                spec:
                  containers:
                  - name: kube-apiserver
                    command: [kube-apiserver, --encryption-provider-config=/a, --v=2, --encryption-provider-config]
                    args:
                    - /b # value of the last word before
                    - --encryption_provider_config=/c
                """;
        assertThat(Laws.LineDiff.of(
                        before,
                        ApiServerManifest.parse(before)
                                .withoutEncryption(Laws.LAYOUT)
                                .text()))
                .isEqualTo("""
                        -    command: [kube-apiserver, --encryption-provider-config=/a, --v=2, --encryption-provider-config]
                        -    args:
                        -    - /b # value of the last word before
                        -    - --encryption_provider_config=/c
                        +    command: [kube-apiserver, --v=2]
                        """);
    }
}
