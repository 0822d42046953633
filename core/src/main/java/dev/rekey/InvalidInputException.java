package dev.rekey;

/** A file, an argument or a setting is wrong: mend it and call again. Nothing was changed. */
public final class InvalidInputException extends RekeyException {
    private static final long serialVersionUID = 1L;

    /** With {@code message} as {@link RekeyException} describes it. */
    public InvalidInputException(String message) {
        super("invalid-input", message);
    }
}
