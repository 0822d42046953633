package dev.rekey.k8s;

import java.time.Duration;

/** The end of a call that makes several requests. */
final class Deadline {
    private final long end;

    Deadline(Duration limit) {
        this.end = System.nanoTime() + limit.toNanos();
    }

    /** What is left, and at most {@code seconds}; zero or less where nothing is. */
    Duration atMost(int seconds) {
        return Duration.ofNanos(Math.min(end - System.nanoTime(), seconds * 1_000_000_000L));
    }

    boolean passed() {
        return end - System.nanoTime() <= 0;
    }
}
