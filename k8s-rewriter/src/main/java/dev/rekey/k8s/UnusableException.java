package dev.rekey.k8s;

/** A part of a kubeconfig cannot be used; the words say why and quote nothing of it. */
final class UnusableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String words;

    UnusableException(String words) {
        super(words);
        this.words = words;
    }

    String words() {
        return words;
    }
}
