package dev.rekey.ssh;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One call: its time, what it waits for, and what must be cut to free its thread. Safe for threads. */
final class Attempt {
    private final long deadline;
    private Waiting waiting = Waiting.HOST;
    private boolean foreign;
    private @Nullable EndedException end;
    private @Nullable SshSession session;

    Attempt(Duration limit) {
        deadline = System.nanoTime() + limit.toNanos();
    }

    private long remainingNanos() {
        return Math.max(0, deadline - System.nanoTime());
    }

    /** Rounded up, so that whatever waits this long ends when the call is late, and not a moment before. */
    int remainingMillis() {
        return (int) Math.min(Integer.MAX_VALUE, remainingNanos() / 1_000_000 + 1);
    }

    /** Whether its time is over, which is not the only way for it to end. */
    boolean late() {
        return remainingNanos() == 0;
    }

    synchronized boolean expired() {
        return end != null || late();
    }

    /** Throws why nothing more may be done for this call, if so. */
    synchronized void requireGoingOn() throws EndedException {
        if (end != null) {
            throw end;
        }
        if (late()) {
            throw waiting.over();
        }
    }

    /** What the call waits for from now on, and what it waited for before. Once it is late it stays at what it was late for. */
    synchronized Waiting enter(Waiting next) {
        Waiting before = waiting;
        foreign = next.foreign();
        if (!expired()) {
            waiting = next;
        }
        return before;
    }

    synchronized Waiting waiting() {
        return waiting;
    }

    /** Whether its thread is now in code that is not ours. */
    synchronized boolean foreign() {
        return foreign;
    }

    /** Something that comes, or not. */
    interface Wait {
        /** Whether it came within {@code nanos}. */
        boolean atMost(long nanos) throws InterruptedException;
    }

    /** Waits no longer than the call may. */
    void await(Waiting what, Wait wait) throws IOException {
        Waiting before = enter(what);
        try {
            requireGoingOn();
            if (!wait.atMost(remainingNanos())) {
                throw what.over();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            requireGoingOn();
            throw new IOException("interrupted");
        } finally {
            enter(before);
        }
    }

    /** Holds {@code lock} when it returns. */
    void lock(ReentrantLock lock, Waiting what) throws IOException {
        await(what, nanos -> lock.tryLock(nanos, TimeUnit.NANOSECONDS));
    }

    void sleep(int millis) throws IOException {
        await(waiting(), nanos -> {
            TimeUnit.NANOSECONDS.sleep(Math.min(nanos, millis * 1_000_000L));
            return true;
        });
    }

    /** The connection that the call now waits for; one that comes too late is cut at once. */
    void uses(SshSession next) {
        boolean late;
        synchronized (this) {
            session = next;
            late = end != null;
        }
        if (late) {
            next.abort();
        }
    }

    /** The call no longer waits for the connection itself: what it waits for ends by its own limit, and others go on. */
    synchronized void sparesConnection() {
        session = null;
    }

    /** From now on nothing more is sent for this call, unless it had ended before; returns what must be cut. */
    synchronized @Nullable SshSession end(EndedException why) {
        if (end == null) {
            end = why;
        }
        return session;
    }
}
