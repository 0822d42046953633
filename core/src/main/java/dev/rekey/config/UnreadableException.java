package dev.rekey.config;

import dev.rekey.config.Tree.Position;

/** Ends the reading of a text at once; caught where the reading began. The reason quotes nothing of the text. */
final class UnreadableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Position at;
    private final Code code;

    UnreadableException(Code code, Position at, String reason) {
        super(reason, null, false, false);
        this.code = code;
        this.at = at;
    }

    Code code() {
        return code;
    }

    Position at() {
        return at;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
