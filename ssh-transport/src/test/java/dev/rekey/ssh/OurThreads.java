package dev.rekey.ssh;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** What tests of hanging things look at: the threads of transports and of JSch, and what comes in time. */
final class OurThreads {
    private static final Duration TICK = Duration.ofMillis(10);
    private static final Executor BESIDE = task -> {
        Thread thread = new Thread(task, "beside");
        thread.setDaemon(true);
        thread.start();
    };

    private OurThreads() {}

    static Set<Thread> now() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .filter(t -> t.getName().startsWith("rekey-ssh") || isSession(t) || isChannel(t))
                .collect(Collectors.toSet());
    }

    /** The threads that read for a session. */
    static long sessions() {
        return now().stream().filter(OurThreads::isSession).count();
    }

    private static boolean isSession(Thread thread) {
        return thread.getName().startsWith("Connect thread");
    }

    private static boolean isChannel(Thread thread) {
        return thread.getName().contains("thread") && thread.getName().contains("127.0.0.1");
    }

    /** What a thread beside the call counted, so that a machine that stood still or was busy adds nothing. */
    static Duration timed(Runnable call) {
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Duration> counted = CompletableFuture.supplyAsync(() -> count(over), BESIDE);
        try {
            call.run();
        } finally {
            over.set(true);
        }
        return counted.join();
    }

    private static Duration count(AtomicBoolean over) {
        long counted = 0;
        for (long last = System.nanoTime(); !over.get(); ) {
            LockSupport.parkNanos(TICK.toNanos());
            long now = System.nanoTime();
            counted += Math.min(now - last, 2 * TICK.toNanos());
            last = now;
        }
        return Duration.ofNanos(counted);
    }

    /** Whether it becomes true, for which half a minute is always enough. */
    static boolean comes(BooleanSupplier what) {
        long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (System.nanoTime() < until) {
            if (what.getAsBoolean()) {
                return true;
            }
            Thread.yield();
        }
        return false;
    }
}
