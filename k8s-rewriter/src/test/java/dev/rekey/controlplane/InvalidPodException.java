package dev.rekey.controlplane;

/** A manifest file that kubelet does not take, with kubelet's kind of reason. */
final class InvalidPodException extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidPodException(String reason) {
        super(reason);
    }
}
