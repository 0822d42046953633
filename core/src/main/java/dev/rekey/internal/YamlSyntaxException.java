package dev.rekey.internal;

/** The text is no YAML, or more than is read of untrusted text. The reason quotes nothing of it. */
public final class YamlSyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int line;
    private final int column;

    YamlSyntaxException(int line, int column, String reason) {
        super(reason);
        this.line = line;
        this.column = column;
    }

    /** From 1; 0 where the engine names no position. */
    public int line() {
        return line;
    }

    /** From 1; 0 where the engine names no position. */
    public int column() {
        return column;
    }

    /** In a few words. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
