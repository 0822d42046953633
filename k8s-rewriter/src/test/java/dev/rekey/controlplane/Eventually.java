package dev.rekey.controlplane;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for something that other processes bring about: asks again and again until it holds or the time is up. */
public final class Eventually {
    private static final Duration BETWEEN = Duration.ofMillis(50);

    private Eventually() {}

    /** An exception of the condition counts as "not yet"; the last one becomes the cause of the failure. */
    public static void within(Duration limit, String what, Callable<Boolean> condition) {
        within(limit, () -> what, condition);
    }

    /** As above; what did not happen is put into words only when the time is up, so it can show the state then. */
    public static void within(Duration limit, Supplier<String> what, Callable<Boolean> condition) {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            Exception last = null;
            try {
                if (condition.call()) {
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                last = e;
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("interrupted while waiting: " + what.get());
            }
            if (System.nanoTime() >= end) {
                throw new AssertionError("not within " + limit.toMillis() + " ms: " + what.get(), last);
            }
            LockSupport.parkNanos(BETWEEN.toNanos());
        }
    }
}
