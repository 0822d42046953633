package dev.rekey.ssh;

/** The one place where a text becomes part of a command line. */
final class ShellQuote {
    private ShellQuote() {}

    /**
     * {@code text} as one word of a POSIX shell, whatever it holds but NUL, which no command line can hold. In single quotes
     * nothing is special but the single quote itself.
     */
    static String quote(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a command line cannot hold a NUL");
        }
        return "'" + text.replace("'", "'\\''") + "'";
    }

    static String command(String... words) {
        StringBuilder line = new StringBuilder();
        for (String word : words) {
            line.append(line.isEmpty() ? "" : " ").append(quote(word));
        }
        return line.toString();
    }
}
