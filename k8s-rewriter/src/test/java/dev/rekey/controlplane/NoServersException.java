package dev.rekey.controlplane;

/** Why no real servers can be had here: words for the report of a skipped test. */
final class NoServersException extends Exception {
    private static final long serialVersionUID = 1L;

    NoServersException(String reason) {
        super(reason);
    }
}
