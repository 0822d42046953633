package dev.rekey.internal;

/** The text cannot be changed without touching more than was asked for. The reason quotes nothing of it. */
public final class YamlEditException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int line;

    YamlEditException(int line, String reason) {
        super(reason);
        this.line = line;
    }

    /** From 1. */
    public int line() {
        return line;
    }

    /** In a few words. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
