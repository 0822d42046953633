package dev.rekey.controlplane;

/** An apiserver did not do as it was asked: the status that it answered with, or 0 where no answer came. */
public final class UnexpectedAnswer extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    UnexpectedAnswer(int status, String what, Throwable cause) {
        super(what, cause);
        this.status = status;
    }

    UnexpectedAnswer(int status, String what) {
        super(what);
        this.status = status;
    }

    /** The status of the answer; 0 if the connection was refused, lost or too slow. */
    public int status() {
        return status;
    }
}
