package dev.rekey;

/** Some objects could not be rewritten, so every reader stays. The report names them; the same call goes on. */
public final class RewriteIncompleteException extends RekeyException {
    private static final long serialVersionUID = 1L;

    /** With {@code message} as {@link RekeyException} describes it. */
    public RewriteIncompleteException(String message) {
        super("rewrite-incomplete", message);
    }
}
