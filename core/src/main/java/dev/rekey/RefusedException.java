package dev.rekey;

/** The call would be unsafe in the state that was found, or makes no sense there. Nothing was changed. */
public final class RefusedException extends RekeyException {
    private static final long serialVersionUID = 1L;

    /** With {@code message} as {@link RekeyException} describes it. */
    public RefusedException(String message) {
        super("refused", message);
    }
}
