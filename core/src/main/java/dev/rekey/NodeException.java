package dev.rekey;

/** A member could not be reached, or its file system refused an operation: mend that, then make the same call again. */
public final class NodeException extends RekeyException {
    private static final long serialVersionUID = 1L;

    /** With {@code message} as {@link RekeyException} describes it. */
    public NodeException(String message) {
        super("node", message);
    }
}
