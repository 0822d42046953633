package dev.rekey.ssh;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One call's time, and what must be cut to free its thread when the time is over. */
final class Attempt {
    private final long end;
    private boolean expired;
    private @Nullable SshSession session;

    Attempt(Duration limit) {
        end = System.nanoTime() + limit.toNanos();
    }

    Duration remaining() {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    int remainingMillis() {
        return (int) Math.max(1, remaining().toMillis());
    }

    synchronized boolean expired() {
        return expired || end - System.nanoTime() <= 0;
    }

    /** The connection that the call now waits for; one that comes too late is cut at once. */
    void uses(SshSession next) {
        boolean late;
        synchronized (this) {
            session = next;
            late = expired;
        }
        if (late) {
            next.abort();
        }
    }

    /** The call no longer waits for the connection itself: what it waits for ends by its own limit, and others go on. */
    synchronized void sparesConnection() {
        session = null;
    }

    /** From now on nothing more is sent for this call. */
    @Nullable
    SshSession expire() {
        synchronized (this) {
            expired = true;
            return session;
        }
    }
}
