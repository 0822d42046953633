package dev.rekey;

/** A file or object is not what it was when it was read, so it was not written: make the same call again. */
public final class ChangedMeanwhileException extends RekeyException {
    private static final long serialVersionUID = 1L;

    /** With {@code message} as {@link RekeyException} describes it. */
    public ChangedMeanwhileException(String message) {
        super("changed-meanwhile", message);
    }
}
