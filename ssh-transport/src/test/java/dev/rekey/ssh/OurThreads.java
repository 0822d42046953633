package dev.rekey.ssh;

import java.time.Duration;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** What tests of hanging things look at: the threads of transports and of JSch, and what comes in time. */
final class OurThreads {
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

    static Duration timed(Runnable call) {
        long start = System.nanoTime();
        call.run();
        return Duration.ofNanos(System.nanoTime() - start);
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
