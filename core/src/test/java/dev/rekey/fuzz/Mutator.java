package dev.rekey.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Makes inputs out of good ones. Equal seeds make equal inputs in equal order. */
final class Mutator {
    private static final int MOST_KEPT = 500;
    private static final int LONGEST_KEPT = 16 * 1024;
    private static final List<String> TOKENS = List.of(
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
            "|+\n",
            ">",
            ">-\n",
            "'",
            "\"",
            "#",
            " #",
            "\t",
            "\n",
            "\r",
            "\r\n",
            "\n\n",
            "  ",
            " ",
            "!!str ",
            "!!binary ",
            "!<x>",
            "<<: ",
            "<<: *a\n",
            "? ",
            "---\n",
            "...\n",
            "--- ",
            "%YAML 1.1\n",
            "@",
            "`",
            "~",
            "null",
            "\\",
            "\\n",
            "\\u0041",
            "\\x41",
            "\\ud83d",
            "0x1",
            "0o7",
            "1_0",
            "1e9",
            "12:30",
            ".inf",
            "yes",
            "no",
            "true",
            "1",
            "=",
            "{}",
            "[]",
            "''",
            "\"\"",
            "a: b\n",
            "- a\n",
            "b:\n",
            "\u0000",
            "\u0007",
            "\u001b[31m",
            "\u007f",
            "\u0085",
            "\u00a0",
            "\u2028",
            "\u2029",
            "\ufeff",
            "\ufffd",
            "\u202e",
            "é",
            "🔑",
            "$(A)",
            "${A}",
            "{{ .A }}",
            "/",
            "..",
            "*.*",
            "*.apps",
            ":v1:",
            "k8s:enc:",
            "k8s\u0000",
            "{\"a\":1}",
            "99999999999999999999",
            "-0",
            "kind: Pod\n",
            "unix:///a.sock");

    private final Random random;
    private final List<byte[]> seeds;
    private final List<byte[]> kept = new ArrayList<>();

    Mutator(long seed, List<byte[]> seeds) {
        this.random = new Random(seed);
        this.seeds = List.copyOf(seeds);
    }

    byte[] next() {
        byte[] input = any();
        int times = 1;
        while (times < 8 && random.nextInt(3) > 0) {
            times++;
        }
        for (int i = 0; i < times; i++) {
            input = once(input);
        }
        return input;
    }

    /** An input that went far, to go on from. */
    void keep(byte[] input) {
        if (input.length > LONGEST_KEPT) {
            return;
        }
        if (kept.size() < MOST_KEPT) {
            kept.add(input);
        } else {
            kept.set(random.nextInt(MOST_KEPT), input);
        }
    }

    private byte[] any() {
        List<byte[]> from = kept.isEmpty() || random.nextBoolean() ? seeds : kept;
        return from.get(random.nextInt(from.size()));
    }

    private byte[] once(byte[] input) {
        int from = random.nextInt(input.length + 1);
        int to = Math.min(input.length, from + 1 + random.nextInt(random.nextInt(8) == 0 ? 400 : 8));
        byte[] part = Arrays.copyOfRange(input, from, to);
        return switch (random.nextInt(16)) {
            case 0 -> flipped(input);
            case 1 -> Arrays.copyOf(input, from);
            case 2 -> replaced(input, from, to, new byte[0]);
            case 3, 4 -> replaced(input, from, from, token());
            case 5 -> replaced(input, from, to, token());
            case 6 -> replaced(input, from, from, part);
            case 7 -> replaced(input, from, from, repeated(random.nextBoolean() ? part : token()));
            case 8 -> replaced(input, from, from, nested());
            case 9 -> spliced(input, from);
            default -> lines(input);
        };
    }

    private byte[] flipped(byte[] input) {
        byte[] changed = input.clone();
        if (changed.length > 0) {
            int at = random.nextInt(changed.length);
            changed[at] = (byte) (random.nextBoolean() ? changed[at] ^ (1 << random.nextInt(8)) : random.nextInt(256));
        }
        return changed;
    }

    private byte[] spliced(byte[] input, int from) {
        byte[] other = any();
        int at = random.nextInt(other.length + 1);
        int end = at + random.nextInt(other.length - at + 1);
        return replaced(input, from, random.nextBoolean() ? input.length : from, Arrays.copyOfRange(other, at, end));
    }

    /** Whole lines keep the text nearly right, so that more than the first check is reached. */
    private byte[] lines(byte[] input) {
        List<String> lines = lined(input);
        List<String> others = lined(any());
        int line = random.nextInt(lines.size());
        String value = text(token());
        switch (random.nextInt(8)) {
            case 0 -> lines.remove(line);
            case 1 -> lines.add(random.nextInt(lines.size()), lines.remove(line));
            case 2 -> lines.add(random.nextInt(lines.size() + 1), lines.get(line));
            case 3 -> lines.add(line, others.get(random.nextInt(others.size())));
            case 4 -> lines.set(line, " ".repeat(1 + random.nextInt(4)) + lines.get(line));
            case 5 -> lines.set(line, lines.get(line).replaceFirst("^ {1,2}", ""));
            case 6 -> lines.set(line, lines.get(line) + value);
            default -> {
                int colon = lines.get(line).indexOf(": ");
                String start = lines.get(line).substring(0, colon < 0 ? 0 : colon + 2);
                lines.set(line, start + value + "\n");
            }
        }
        return String.join("", lines).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static List<String> lined(byte[] input) {
        return new ArrayList<>(Arrays.asList(text(input).split("(?<=\n)")));
    }

    /** One char for each byte, so that nothing is lost. */
    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private byte[] token() {
        return TOKENS.get(random.nextInt(TOKENS.size())).getBytes(StandardCharsets.UTF_8);
    }

    private byte[] repeated(byte[] part) {
        int times = random.nextInt(20) == 0 ? 3_000 : 1 + random.nextInt(40);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < times; i++) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private byte[] nested() {
        int depth = random.nextInt(10) == 0 ? 5_000 : 1 + random.nextInt(80);
        StringBuilder text = new StringBuilder();
        switch (random.nextInt(5)) {
            case 0 -> text.append("[".repeat(depth)).append("]".repeat(random.nextBoolean() ? depth : 0));
            case 1 -> text.append("{a: ".repeat(depth)).append("}".repeat(random.nextBoolean() ? depth : 0));
            case 2 -> text.append("- ".repeat(depth));
            case 3 -> text.append("{\"a\":[".repeat(depth)).append("]}".repeat(depth));
            default -> {
                for (int i = 0; i < Math.min(depth, 300); i++) {
                    text.append("\n").append(" ".repeat(i)).append("a:");
                }
            }
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] replaced(byte[] input, int from, int to, byte[] with) {
        byte[] changed = new byte[from + with.length + input.length - to];
        System.arraycopy(input, 0, changed, 0, from);
        System.arraycopy(with, 0, changed, from, with.length);
        System.arraycopy(input, to, changed, from + with.length, input.length - to);
        return changed;
    }
}
