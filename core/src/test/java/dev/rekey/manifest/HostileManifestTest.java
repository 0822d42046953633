package dev.rekey.manifest;

import static dev.rekey.manifest.Shapes.small;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.rekey.RekeyException;
import java.lang.management.ManagementFactory;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** All tests of this module run with a small stack. */
class HostileManifestTest {
    @ParameterizedTest(name = "{0} => refused")
    @MethodSource
    void refused(String shape, String text) {
        assertThatThrownBy(() -> ApiServerManifest.parse(text)
                        .withEncryption(Laws.SETTINGS)
                        .withoutEncryption(Laws.LAYOUT))
                .isInstanceOf(RekeyException.class)
                .hasMessageStartingWith("apiserver manifest")
                .hasMessageMatching("(?s).{1,400}");
        assertThat(ApiServerManifest.isApiServerPod(text)).isEqualTo(text.contains("kube-apiserver"));
    }

    static Stream<Arguments> refused() {
        StringBuilder deepMap = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            deepMap.append(" ".repeat(i)).append("a:\n");
        }
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i < 10; i++) {
            bomb.append("a" + i + ": &a" + i + " [" + ("*a" + (i - 1) + ", ").repeat(9) + "x]\n");
        }
        String many = "    - --encryption-provider-config=/a\n".repeat(20_000);
        String mounts = Stream.iterate(0, i -> i + 1)
                .limit(5_000)
                .map(i -> "    - {name: encryption-providers-conf, mountPath: /m" + i + "}\n")
                .reduce("", String::concat);
        return Stream.of(
                Arguments.of("100,000 open brackets", "[".repeat(100_000)),
                Arguments.of("100,000 open braces", "{a: ".repeat(100_000)),
                Arguments.of("500 maps in each other", deepMap.toString()),
                Arguments.of("100,000 dashes", "- ".repeat(100_000)),
                Arguments.of("aliases that multiply", bomb.toString()),
                Arguments.of("an alias of itself", "a: &a [*a]\n"),
                Arguments.of("more than a megabyte", small("kind: Pod", "kind: Pod #" + "x".repeat(1 << 20))),
                Arguments.of("a megabyte of tabs", "a:" + "\t".repeat((1 << 20) - 10) + "b"),
                Arguments.of("half of a character", small("kind: Pod", "kind: \ud83d")),
                Arguments.of("a flag 20,000 times", small("    - --secure-port=6443\n", many)),
                Arguments.of(
                        "a mount of ours 5,000 times",
                        small("    volumeMounts:\n", "    volumeMounts:\n" + mounts)
                                .replace(
                                        "  volumes:\n",
                                        "  volumes:\n  - name: encryption-providers-conf\n    hostPath: {path: "
                                                + Laws.LAYOUT.configurationDirectory() + "}\n")));
    }

    @Test
    @DisplayName("10,000 arguments and 5,000 mounts of others => edited in a handful of parses")
    void large() {
        String arguments = Stream.iterate(0, i -> i + 1)
                .limit(10_000)
                .map(i -> "    - --a" + i + "=b\n")
                .reduce("", String::concat);
        String mounts = Stream.iterate(0, i -> i + 1)
                .limit(5_000)
                .map(i -> "    - {name: pki, mountPath: /m" + i + "}\n")
                .reduce("", String::concat);
        String before = small("    - --secure-port=6443\n", arguments)
                .replace("    volumeMounts:\n", "    volumeMounts:\n" + mounts);
        ApiServerManifest after = ApiServerManifest.parse(before).withEncryption(Laws.SETTINGS);
        assertThat(after.withoutEncryption(Laws.LAYOUT).text()).isEqualTo(before);
    }

    @Test
    @DisplayName("twice the arguments => not much more than twice the work, and that of a handful of parses")
    void work() {
        String one = arguments(2_000);
        String two = arguments(4_000);
        edited(one);
        long parsing = allocated(() -> ApiServerManifest.parse(two));
        long editingOne = allocated(() -> edited(one));
        long editingTwo = allocated(() -> edited(two));
        assertThat(editingTwo).isLessThan(3 * editingOne).isLessThan(25 * parsing);
    }

    private static String arguments(int count) {
        return small(
                "    - --secure-port=6443\n",
                IntStream.range(0, count)
                        .mapToObj(i -> "    - --a" + i + "=b\n")
                        .collect(Collectors.joining()));
    }

    private static void edited(String text) {
        assertThat(ApiServerManifest.parse(text)
                        .withEncryption(Laws.SETTINGS)
                        .withoutEncryption(Laws.LAYOUT)
                        .text())
                .isEqualTo(text);
    }

    /** Bytes that this thread allocates for it: a measure of work that does not depend on what else the machine does. */
    private static long allocated(Runnable work) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        work.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    @Test
    @DisplayName("a manifest cut off, doubled or shuffled anywhere => edited and undone, or refused, and nothing else")
    void mutated() {
        Random random = new Random(5);
        String text = Laws.resource("kubeadm-1.36.yaml");
        int edited = 0;
        for (int i = 0; i < 1_500; i++) {
            String mutant = mutant(text, random);
            ApiServerManifest.isApiServerPod(mutant);
            try {
                ApiServerManifest manifest = ApiServerManifest.parse(mutant);
                ApiServerManifest after = manifest.withEncryption(Laws.SETTINGS);
                assertThat(after.withEncryption(Laws.SETTINGS)).isSameAs(after);
                assertThat(after.withoutEncryption(Laws.LAYOUT).text()).isEqualTo(mutant);
                assertThat(PodModel.decode(after.text())).isEqualTo(PodModel.enabled(mutant, Laws.SETTINGS));
                edited++;
            } catch (RekeyException e) {
                assertThat(e.getMessage()).startsWith("apiserver manifest").hasSizeLessThan(400);
            }
        }
        assertThat(edited).isBetween(200, 1_400);
    }

    @Test
    @DisplayName("a path of 2,000 characters in what is refused => a message that can be read")
    void longPath() {
        String path = "/a".repeat(1_000);
        String text = small("  volumes:\n", "    - {name: pki, mountPath: " + path + "}\n  volumes:\n")
                .replace("mountPath: /etc/kubernetes/pki\n", "mountPath: " + path + "\n");
        assertThatThrownBy(() -> ApiServerManifest.parse(text))
                .isInstanceOf(RekeyException.class)
                .hasMessageMatching(
                        "apiserver manifest, line 15: two volumes are mounted at [/a]+…[/a]+; nothing was changed. Keep one")
                .hasMessageMatching("(?s).{1,500}");
    }

    /** Cut off, or with a few characters taken out, doubled or put in. */
    static String mutant(String text, Random random) {
        int from = random.nextInt(text.length());
        int to = Math.min(text.length(), from + 1 + random.nextInt(60));
        String noise = "\n\r\t :-#[]{},&*!|>'\"%@`~?x🔑<";
        int at = random.nextInt(noise.length());
        return switch (random.nextInt(4)) {
            case 0 -> text.substring(0, from);
            case 1 -> text.substring(0, from) + text.substring(to);
            case 2 -> text.substring(0, to) + text.substring(from);
            default -> text.substring(0, from) + noise.charAt(at) + text.substring(from);
        };
    }
}
