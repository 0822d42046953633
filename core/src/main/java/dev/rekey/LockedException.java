package dev.rekey;

/** Another run holds, or has taken over, the lock of a member: wait for it, or take the lock over. */
public final class LockedException extends RekeyException {
    private static final long serialVersionUID = 1L;

    /** With {@code message} as {@link RekeyException} describes it. */
    public LockedException(String message) {
        super("locked", message);
    }
}
