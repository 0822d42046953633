package dev.rekey;

/**
 * The root of everything that Rekey throws on purpose; anything else is a bug in Rekey or in a plug.
 *
 * <p>A message says where, what was found, what stands now and what to do. It never holds key bytes or file contents, and
 * no exception of a client library is chained whose text could.
 */
public abstract class RekeyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;

    RekeyException(String code, String message) {
        super(message);
        this.code = code;
    }

    /** A stable, lower-case word with dashes, such as {@code plan-outdated}; scripts may depend on it. */
    public String code() {
        return code;
    }
}
