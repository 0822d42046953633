package dev.rekey.sshd;

/**
 * Counts the round trips that waited for one another, on all links between one client and its servers: what long ways cost a client,
 * however fast the machine is. Those that are under way at the same time count once.
 */
public final class RoundTrips {
    private int answered;

    /** The longest chain of questions of which each was asked after the one before it was answered. */
    public synchronized int count() {
        return answered;
    }

    /** The place in the chain of a question that is asked now. */
    synchronized int next() {
        return answered + 1;
    }

    synchronized void answered(int question) {
        answered = Math.max(answered, question);
    }
}
