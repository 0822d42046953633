package dev.rekey.ssh;

import java.nio.charset.StandardCharsets;

/** Makes what a host said fit to stand in a message. */
final class Text {
    private Text() {}

    /** The first {@code limit} bytes, what is not printable ASCII as dots. */
    static String printable(byte[] bytes, int limit) {
        return printable(
                new String(bytes, 0, Math.min(bytes.length, 4 * limit), StandardCharsets.ISO_8859_1).strip(), limit);
    }

    static String printable(String text, int limit) {
        String plain = text.replaceAll("[^ -~]", ".");
        return plain.length() <= limit ? plain : plain.substring(0, limit) + "...";
    }

    /** The end of what a tool complained of last: before it stands what the shell had to complain of on its start. */
    static String lastLine(String text, int limit) {
        String stripped = text.strip();
        String line = stripped.substring(stripped.lastIndexOf('\n') + 1);
        int from = Math.max(0, line.length() - limit);
        return (from > 0 ? "..." : "") + printable(line.substring(from), limit);
    }
}
