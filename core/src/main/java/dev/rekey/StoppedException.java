package dev.rekey;

/** The caller cancelled, was interrupted, or let the deadline pass. The same call goes on from where it stopped. */
public final class StoppedException extends RekeyException {
    private static final long serialVersionUID = 1L;

    /** With {@code message} as {@link RekeyException} describes it. */
    public StoppedException(String message) {
        super("stopped", message);
    }
}
