package dev.rekey.ssh;

import dev.rekey.RekeyException;
import dev.rekey.StoppedException;
import java.io.Closeable;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Threads on which the SSH library may hang, so that no caller does: JSch swallows interrupts, and its time limits are per read.
 * All daemons, and all gone after {@link #close()}.
 */
final class Workers implements Closeable {
    private static final long GRACE_MILLIS = 700;

    private final ThreadPoolExecutor threads;
    private final Set<Thread> made = ConcurrentHashMap.newKeySet();
    private final Set<Attempt> active = ConcurrentHashMap.newKeySet();

    Workers(String name) {
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, "rekey-ssh " + name + " " + number.incrementAndGet());
            thread.setDaemon(true);
            made.removeIf(each -> each.getState() == Thread.State.TERMINATED);
            made.add(thread);
            return thread;
        });
    }

    /** {@code work}, or after the attempt's time an {@link IOException}, and then nothing more is sent for it. */
    <T> T run(Attempt attempt, Callable<T> work) throws IOException {
        Future<T> result;
        active.add(attempt);
        try {
            result = threads.submit(work);
        } catch (RejectedExecutionException e) {
            active.remove(attempt);
            throw new IllegalStateException("the transport is closed", e);
        }
        try {
            return result.get(attempt.remainingMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            stop(attempt, result);
            throw new IOException("it did not answer in time");
        } catch (InterruptedException e) {
            stop(attempt, result);
            Thread.currentThread().interrupt();
            throw new StoppedException("interrupted while a host was asked; the same call goes on");
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        } finally {
            active.remove(attempt);
        }
    }

    private void stop(Attempt attempt, Future<?> result) {
        SshSession session = attempt.expire();
        if (session == null) {
            return;
        }
        // Elsewhere, since JSch may wait for a lock that only the cut socket frees.
        threads.execute(session::abort);
        if (!ended(result)) {
            threads.execute(session::abortJump);
        }
    }

    private static boolean ended(Future<?> result) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(GRACE_MILLIS);
        while (!result.isDone() && System.nanoTime() < until) {
            try {
                result.get(GRACE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                return true;
            } catch (TimeoutException | InterruptedException e) {
                return result.isDone();
            }
        }
        return result.isDone();
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

    /** Every call under way fails now. */
    void abortAll() {
        for (Attempt attempt : active) {
            SshSession session = attempt.expire();
            if (session != null) {
                session.abortBounded();
            }
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
        try {
            // An executor calls itself terminated a moment before its last thread ends.
            for (Thread thread : made) {
                TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, until - System.nanoTime()));
                if (thread.isAlive()) {
                    System.getLogger("dev.rekey.ssh")
                            .log(System.Logger.Level.DEBUG, "a thread did not end with its connection");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
