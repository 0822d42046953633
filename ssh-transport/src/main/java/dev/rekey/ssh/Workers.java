package dev.rekey.ssh;

import dev.rekey.RekeyException;
import dev.rekey.StoppedException;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A thread for each call, on which the SSH library may hang, so that no caller does: JSch swallows interrupts, and its time limits
 * are per read. All daemons.
 */
final class Workers {
    private static final long GRACE_MILLIS = 700;
    private static final long FOREIGN_MILLIS = 200;
    private static final long END_MILLIS = 3_000;

    private final String name;
    private final AtomicInteger number = new AtomicInteger();
    private final Set<Call> calls = ConcurrentHashMap.newKeySet();
    private final Set<Thread> cutting = ConcurrentHashMap.newKeySet();
    private boolean closed;

    Workers(String name) {
        this.name = "rekey-ssh " + name + " ";
    }

    private record Call(Attempt attempt, CompletableFuture<?> answer, Thread thread) {
        /** Its caller is free, and its own thread as soon as that is up to us; returns what must be cut. */
        @Nullable
        SshSession end(EndedException why) {
            SshSession session = attempt.end(why);
            answer.completeExceptionally(why);
            thread.interrupt();
            return session;
        }

        boolean awaitEnd(long millis) {
            join(thread, attempt.foreign() ? FOREIGN_MILLIS : millis);
            return !thread.isAlive();
        }
    }

    /** {@code work}, or after the attempt's time an {@link EndedException}, and then nothing more is sent for it. */
    <T> T run(Attempt attempt, Callable<T> work) throws IOException {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Call call = begin(attempt, answer, work);
        try {
            return answer.get(attempt.remainingMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            EndedException late = attempt.waiting().over();
            stop(call, late);
            throw late;
        } catch (InterruptedException e) {
            stop(call, EndedException.interrupted());
            Thread.currentThread().interrupt();
            throw new StoppedException("interrupted while a host was asked; the same call goes on");
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        }
    }

    private synchronized <T> Call begin(Attempt attempt, CompletableFuture<T> answer, Callable<T> work) {
        if (closed) {
            throw new IllegalStateException("the transport is closed");
        }
        Thread thread = new Thread(() -> complete(answer, work), name + number.incrementAndGet());
        thread.setDaemon(true);
        Call call = new Call(attempt, answer, thread);
        calls.removeIf(each -> !each.thread().isAlive());
        thread.start();
        calls.add(call);
        return call;
    }

    private static <T> void complete(CompletableFuture<T> answer, Callable<T> work) {
        try {
            answer.complete(work.call());
        } catch (Throwable e) { // Its caller gets it, whatever it is.
            answer.completeExceptionally(e);
        }
    }

    private void stop(Call call, EndedException why) {
        SshSession session = call.end(why);
        if (session == null) {
            call.awaitEnd(GRACE_MILLIS);
            return;
        }
        // Elsewhere, since JSch may wait for a lock that only the cut socket frees.
        cut(session::abort);
        if (!call.awaitEnd(GRACE_MILLIS)) {
            cut(session::abortJump);
        }
    }

    private void cut(Runnable work) {
        cutting.removeIf(each -> !each.isAlive());
        cutting.add(start(work));
    }

    private static IOException rethrown(@Nullable Throwable cause) {
        if (cause instanceof IOException io) {
            return io;
        }
        if (cause instanceof RekeyException ours) {
            throw ours;
        }
        if (cause instanceof IllegalStateException closed) {
            throw closed;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        throw new IllegalStateException("a bug in the SSH transport", cause);
    }

    /** Every call under way ends now, and none begins any more. */
    void close() {
        synchronized (this) {
            closed = true;
        }
        EndedException why = EndedException.closed();
        for (Call call : calls) {
            SshSession session = call.end(why);
            if (session != null && call.thread().isAlive()) {
                session.abortBounded();
            }
        }
    }

    /** Returns when all threads have ended, or hang in code that is not ours. */
    void awaitEnd() {
        for (Call call : calls) {
            if (!call.awaitEnd(END_MILLIS)) {
                System.getLogger("dev.rekey.ssh")
                        .log(System.Logger.Level.DEBUG, "a thread did not end with its connection");
            }
        }
        cutting.forEach(thread -> join(thread, END_MILLIS));
    }

    static Thread start(Runnable work) {
        Thread thread = new Thread(work, "rekey-ssh end");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Waits for the end of {@code thread}, also on a thread that is interrupted: what is to be gone must be gone. */
    static void join(Thread thread, long millis) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        boolean interrupted = false;
        for (long left = until - System.nanoTime(); left > 0 && thread.isAlive(); left = until - System.nanoTime()) {
            try {
                TimeUnit.NANOSECONDS.timedJoin(thread, left);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
