package dev.rekey.cli;

import dev.rekey.StoppedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Things that wait for hosts, done at the same time. */
final class AtOnce {
    private AtOnce() {}

    /** Returns when all have ended, with no thread left; what one of them threw is thrown then. */
    static void run(List<Runnable> work) {
        if (work.isEmpty()) {
            return;
        }
        ExecutorService threads = Executors.newFixedThreadPool(work.size(), task -> {
            Thread thread = new Thread(task, "rekey-hosts");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<?>> all = new ArrayList<>();
            work.forEach(each -> all.add(threads.submit(each)));
            RuntimeException first = null;
            for (Future<?> each : all) {
                try {
                    each.get();
                } catch (ExecutionException e) {
                    first = first == null ? unwrapped(e) : first;
                }
            }
            if (first != null) {
                throw first;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoppedException("interrupted while hosts were waited for; nothing was changed by that");
        } finally {
            threads.shutdownNow();
        }
    }

    private static RuntimeException unwrapped(ExecutionException e) {
        if (e.getCause() instanceof Error error) {
            throw error;
        }
        return e.getCause() instanceof RuntimeException ours ? ours : new IllegalStateException(e.getCause());
    }
}
