package dev.rekey.spi;

/** Told how far a rewrite is; also the place where the caller keeps its lock alive and stops the pass. */
public interface RewriteProgress {
    /** Counts so far; {@code resource} is the one in work, as {@code secrets} or {@code deployments.apps}. */
    void at(String resource, RewriteReport.Counts counts);
}
