package dev.rekey.ssh;

import java.io.IOException;

/** A call was given up here, in time or by its caller, whatever the host still does. */
final class EndedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String advice;

    /** @param found what is said of it, as part of a sentence; {@code advice} is a sentence without its stop */
    EndedException(String found, String advice) {
        super(found);
        this.advice = advice;
    }

    static EndedException closed() {
        return new EndedException(
                "its transport was closed by the caller meanwhile", "Make the same call again on a new transport");
    }

    static EndedException interrupted() {
        return new EndedException("its thread was interrupted", "Make the same call again");
    }

    String advice() {
        return advice;
    }
}
