package dev.rekey.spi;

import java.io.Serializable;
import java.util.List;

/**
 * The outcome of a rewrite.
 *
 * @param resources that were walked, as {@code secrets}, {@code deployments.apps}
 * @param failed every object that could not be rewritten, at most the first 1,000 of {@code counts.failed()}
 * @param stoppedEarly why the pass ended before its end (a quota, too many failures in a row); empty where it did not
 */
public record RewriteReport(List<String> resources, Counts counts, List<Failure> failed, String stoppedEarly)
        implements Serializable {
    /** Copies the lists. */
    public RewriteReport {
        resources = List.copyOf(resources);
        failed = List.copyOf(failed);
    }

    /** Whether every listed object is now current or gone. */
    public boolean complete() {
        return counts.failed() == 0 && stoppedEarly.isEmpty();
    }

    /**
     * Objects by outcome.
     *
     * @param written stored anew
     * @param current already as they should be
     * @param gone deleted meanwhile
     * @param failed not rewritten
     */
    public record Counts(long written, long current, long gone, long failed) implements Serializable {
        /** Nothing yet. */
        public static final Counts NONE = new Counts(0, 0, 0, 0);

        /** All of them. */
        public long total() {
            return written + current + gone + failed;
        }
    }

    /** An object and why it could not be rewritten; the reason holds no content of it. */
    public record Failure(String resource, String namespace, String name, String reason) implements Serializable {}
}
