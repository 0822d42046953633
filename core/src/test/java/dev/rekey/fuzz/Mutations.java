package dev.rekey.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Texts that are nearly what they were: what YAML parsers disagree about stands near the edge. */
public final class Mutations {
    private static final List<String> PIECES = List.of(
            ": ",
            ":",
            "- ",
            "-",
            "{",
            "}",
            "[",
            "]",
            ",",
            "&a ",
            "*a",
            "| ",
            ">",
            "'",
            "\"",
            "#",
            " #",
            "\t",
            "\n",
            "  ",
            " ",
            "!!str ",
            "<<: ",
            "? ",
            "---\n",
            "...\n",
            "%",
            "@",
            "~",
            "null",
            "\\",
            "0x1",
            "yes",
            "1",
            "\u00a0",
            "é",
            "|-\n",
            ">-\n",
            "\\n",
            "\\u0041",
            "\\x41",
            "`",
            "!",
            "!!",
            "=",
            "<<",
            "\r",
            "\r\n",
            "\n\n",
            "''",
            "\"\"",
            "{}",
            "[]",
            "a: b",
            "- a",
            "b:\n",
            "true",
            "1_0",
            "12e03",
            "0o7",
            "&x",
            "*x",
            "\ufeff",
            "\u0007",
            "\u3000",
            "?",
            "a?b",
            "?a",
            "{a?b}",
            "[?a, b?]",
            "{a: b?c}",
            "{a:b}",
            "{{ a }}",
            "? a\n");
    private static final List<String> VALUES = List.of(
            "a",
            "yes",
            "'yes'",
            "\"a\\tb\"",
            "1",
            "1_000",
            "0x1F",
            ".5",
            "-.inf",
            "~",
            "",
            "null",
            "2020-01-01",
            "a b",
            "a  b",
            "'a''b'",
            "a:b",
            "a #b",
            "a#b",
            "[a]",
            "[a, b,]",
            "{a: b}",
            "{}",
            "[]",
            "&x a",
            "*x",
            "|\n          a",
            ">-\n          a\n          b",
            "\"\\\n          a\"",
            "!!str 1",
            "é",
            "-1",
            "+1",
            "3s",
            "v1",
            "v2",
            "unix:///a",
            "unix://a/b",
            "secrets",
            "'*.*'",
            "'*.'",
            "*.apps",
            "=",
            "<<",
            "a\n          b",
            "{a: b?c}",
            "[a?b]",
            "{?a: b}",
            "a?b",
            "unix:///a?b",
            "{{ a }}",
            "[[a]: b]",
            "AQIDBAUGBwgJCgsMDQ4PEA==",
            "0777",
            "1e3",
            "12:30",
            "on",
            "{a: b, c}",
            "? a",
            "- a");

    private final Random random;

    /** Of one seed come the same mutations. */
    public Mutations(long seed) {
        this.random = new Random(seed);
    }

    /** The next one, of this text. */
    public String mutate(String text) {
        String mutated = text;
        int times = random.nextInt(10) < 7 ? 1 : 2;
        for (int i = 0; i < times; i++) {
            mutated = once(mutated);
        }
        // Half of a pair, which a cut may leave, cannot be sent to the loader.
        return new String(mutated.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private String once(String text) {
        int at = random.nextInt(text.length() + 1);
        int end = Math.min(text.length(), at + 1 + random.nextInt(3));
        List<String> lines = new ArrayList<>(List.of(text.split("(?<=\n)")));
        int line = random.nextInt(lines.size());
        switch (random.nextInt(9)) {
            case 0, 1 -> {
                return text.substring(0, at) + any(PIECES) + text.substring(at);
            }
            case 2 -> {
                return text.substring(0, at) + text.substring(end);
            }
            case 3 -> {
                return text.substring(0, at) + any(PIECES) + text.substring(end);
            }
            case 4 -> lines.add(random.nextInt(lines.size()), lines.remove(line));
            case 5 -> lines.set(line, " ".repeat(1 + random.nextInt(2)) + lines.get(line));
            case 6 -> lines.add(random.nextInt(lines.size() + 1), lines.get(line));
            default ->
                lines.set(
                        line,
                        lines.get(line)
                                .replaceFirst(
                                        "(: |- )[^:{}]*\n", "$1" + any(VALUES).replace("\\", "\\\\") + "\n"));
        }
        return String.join("", lines);
    }

    private String any(List<String> pieces) {
        return pieces.get(random.nextInt(pieces.size()));
    }
}
