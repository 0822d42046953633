package dev.rekey.k8s;

/** An answer that is not what was asked for. Its text is in our own words. */
final class BadAnswerException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient ApiStatus status;

    BadAnswerException(ApiStatus status) {
        super(status.words());
        this.status = status;
    }

    ApiStatus status() {
        return status;
    }

    String words() {
        return status.words();
    }
}
