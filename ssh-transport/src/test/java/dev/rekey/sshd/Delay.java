package dev.rekey.sshd;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Things that happen in order, each some time after it was put in: a long way, not a narrow one. */
final class Delay implements AutoCloseable {
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, work -> {
        Thread made = new Thread(work, "link");
        made.setDaemon(true);
        return made;
    });
    private @Nullable Future<?> last;
    private long lastDue = System.nanoTime();

    /** What happens at the other end. */
    interface Arrival {
        void happen() throws InterruptedException;
    }

    /** Whether all that was put in has happened. */
    boolean isEmpty() {
        return last == null || last.isDone();
    }

    void put(Arrival arrival, Duration delay) {
        long now = System.nanoTime();
        // Never before another one, also where the way became shorter.
        lastDue = Math.max(lastDue, now + delay.toNanos());
        last = thread.schedule(
                () -> {
                    arrival.happen();
                    return true;
                },
                lastDue - now,
                TimeUnit.NANOSECONDS);
    }

    /** Returns when all has happened. */
    @Override
    public void close() {
        try {
            if (last != null) {
                last.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            thread.shutdownNow();
        }
    }
}
