package dev.rekey.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.rekey.InvalidInputException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Untrusted text costs little and never ends in an Error: on a small stack, in bounded time. */
class HostileInputTest {
    private static final String HEAD =
            "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n";
    private static final int MEBI = 1 << 20;

    /** A name, and the text. */
    static List<String> names() {
        return List.copyOf(texts().keySet());
    }

    static Map<String, String> texts() {
        Map<String, String> texts = new TreeMap<>();
        texts.put("100,000 open brackets", "[".repeat(100_000));
        texts.put("100,000 open brackets of JSON", "{\"a\":".repeat(100_000));
        texts.put("1 MiB of open brackets", "[".repeat(MEBI));
        texts.put("1 MiB of open braces", "{".repeat(MEBI));
        texts.put("1 MiB of pairs of brackets", "[" + "[],".repeat(MEBI / 3 - 1) + "]");
        texts.put("2 MiB", "#".repeat(2 * MEBI));
        texts.put("100,000 deep block lists", "- ".repeat(100_000));
        texts.put(
                "deep indentation",
                IntStream.range(0, 1000).mapToObj(i -> " ".repeat(i) + "a:\n").collect(Collectors.joining()));
        texts.put("1 MiB of question marks", "? ".repeat(MEBI / 2));
        texts.put("1 MiB of one name", HEAD + "- resources: [" + "a".repeat(MEBI - 200) + "]\n");
        texts.put("1 MiB of digits", HEAD + "- " + "9".repeat(MEBI - 200));
        texts.put("1 MiB of underscores and digits", HEAD + "- 1" + "_1".repeat(MEBI / 2 - 200));
        texts.put("1 MiB of placeholders", HEAD + "- resources: ['" + "${".repeat(MEBI / 2 - 200) + "']\n");
        texts.put("a NUL", "\0");
        texts.put("a NUL after the head", HEAD + "\0");
        texts.put("half a character", HEAD + "\ud800");
        texts.put("the other half", "\udc00");
        texts.put("half a character in JSON", "{\"\ud800\":1}");
        texts.put("a bomb of aliases", bomb());
        texts.put("a bomb of merges", mergeBomb());
        texts.put("a bomb where lists of the file stand", fittingBomb());
        texts.put("an anchor in itself", "&a [*a]");
        texts.put("20,000 aliases", "- &a []\n" + "- *a\n".repeat(20_000));
        texts.put(
                "10,000 unknown fields",
                IntStream.range(0, 10_000).mapToObj(i -> "f" + i + ": 1\n").collect(Collectors.joining("", HEAD, "")));
        texts.put("10,000 values of the wrong type", HEAD + "- resources: [" + "1,".repeat(10_000) + "]\n");
        texts.put("9,000 rules and as many providers", wide());
        texts.put("5,000 keys", keys());
        texts.put("5,000 entries of one rule", HEAD + "- resources: [a]\n".repeat(5_000));
        texts.put("1 MiB of document starts", "---\n".repeat(MEBI / 4));
        texts.put("1 MiB of line ends", "\n".repeat(MEBI));
        texts.put("1 MiB of JSON line ends", "{" + "\n".repeat(MEBI - 2) + "}");
        texts.put("19,000 values of JSON on one line", "{\"resources\":[" + "1,".repeat(19_000) + "1]}");
        texts.put("a text that never ends", HEAD + "- \"" + "\\\\".repeat(MEBI / 2 - 200));
        return texts;
    }

    @ParameterizedTest
    @MethodSource("names")
    @Timeout(20)
    void costsLittleAndEndsInFindings(String name) throws InterruptedException {
        String text = texts().get(name);
        Throwable[] thrown = new Throwable[1];
        Thread thread = new Thread(null, () -> look(text), "small stack", 256 * 1024);
        thread.setUncaughtExceptionHandler((ended, e) -> thrown[0] = e);
        thread.start();
        thread.join(Duration.ofSeconds(15).toMillis());

        assertThat(thread.isAlive()).as("still at it").isFalse();
        assertThat(thrown[0]).isNull();
    }

    @Test
    void whatAliasesMultiplyCountsEachTime() {
        assertThat(ConfigurationText.check(fittingBomb(), ServerProfile.of("1.36.3")))
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).contains("more than 20000 values"));
    }

    @Test
    void findingsAreLimitedButAnErrorIsNeverCrowdedOut() {
        String warnings = IntStream.range(0, 1_000).mapToObj(i -> "x" + i).collect(Collectors.joining(","));
        String text = HEAD + "- resources: [" + warnings + "]\n  providers: [{identity: {}}]\n- resources: []\n";

        List<Finding> findings = ConfigurationText.check(text, ServerProfile.of("1.36.3"));

        assertThat(findings).hasSizeLessThan(500);
        assertThat(findings).anyMatch(finding -> finding.severity() == Finding.Severity.ERROR);
    }

    private static void look(String text) {
        List<Finding> findings = ConfigurationText.check(text, ServerProfile.of("1.36.3"));
        if (findings.isEmpty()
                || findings.stream().anyMatch(finding -> finding.message().length() > 400)) {
            fail("no finding, or one that is as long as the text");
        }
        try {
            EncryptionConfiguration.parse(text).readers();
        } catch (InvalidInputException e) {
            assertThat(e.getMessage()).hasSizeLessThan(600);
        }
    }

    private static String bomb() {
        StringBuilder text = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 12; i++) {
            String alias = "*a" + (i - 1);
            text.append("a" + i + ": &a" + i + " [" + String.join(",", Arrays.asList(alias, alias, alias, alias, alias))
                    + "]\n");
        }
        return text.toString();
    }

    private static String mergeBomb() {
        StringBuilder text = new StringBuilder("a0: &a0 {x: 1, y: 2}\n");
        for (int i = 1; i < 40; i++) {
            text.append("a" + i + ": &a" + i + " {<<: [*a" + (i - 1) + ", *a" + (i - 1) + "]}\n");
        }
        return text.toString();
    }

    /** Each level has the type that the file wants there, so that a decoder would walk all of it. */
    private static String fittingBomb() {
        String key = "- &k {name: a, secret: AQIDBAUGBwgJCgsMDQ4PEA==}\n";
        return HEAD + "- &e\n  resources: [secrets]\n  providers:\n  - &p\n    aescbc:\n      keys:\n      " + key
                + "      - *k\n".repeat(300) + "  - *p\n".repeat(300) + "- *e\n".repeat(300);
    }

    private static String wide() {
        String rules = IntStream.range(0, 9_000).mapToObj(i -> "r" + i).collect(Collectors.joining(","));
        return HEAD + "- resources: [" + rules + "]\n  providers:\n" + "  - aescbc:\n".repeat(1)
                + "  - identity: {}\n".repeat(4_000);
    }

    private static String keys() {
        return HEAD + "- resources: [secrets]\n  providers:\n  - aescbc:\n      keys:\n"
                + IntStream.range(0, 5_000)
                        .mapToObj(i -> "      - {name: k" + i + ", secret: AQIDBAUGBwgJCgsMDQ4PEA==}\n")
                        .collect(Collectors.joining());
    }
}
