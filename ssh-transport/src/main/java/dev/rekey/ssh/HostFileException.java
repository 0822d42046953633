package dev.rekey.ssh;

import java.io.IOException;

/** The host is there and refuses an operation on a file; the connection is as good as before. */
final class HostFileException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    HostFileException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** What was asked makes no sense there; {@code found} goes on where the path was named. */
    static HostFileException unfit(String found) {
        return new HostFileException(Reason.UNFIT, found);
    }

    Reason reason() {
        return reason;
    }

    /** Why, as far as the host tells. */
    enum Reason {
        ABSENT,
        EXISTS,
        DENIED,
        READ_ONLY,
        FULL,
        NOT_EMPTY,
        /** What was asked makes no sense there: a link, a directory, too large, unsafe. */
        UNFIT,
        /** It has no room for one more channel, so nothing was begun. */
        BUSY,
        OTHER
    }
}
