package dev.rekey;

/** What was done could not be proved in time. Nothing is undone; the same call goes on from there. */
public final class NotProvedException extends RekeyException {
    private static final long serialVersionUID = 1L;

    /** With {@code message} as {@link RekeyException} describes it. */
    public NotProvedException(String message) {
        super("not-proved", message);
    }
}
