package dev.rekey.cli;

import dev.rekey.NodeException;
import dev.rekey.StoppedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What waits for the members' hosts, done at the same time. */
final class AtOnce {
    private AtOnce() {}

    /**
     * Returns when all have ended, or have been told to where the caller is interrupted. Several members that failed are named together; what is wrong otherwise,
     * as a file of ours, is told before a host that is.
     */
    static void run(Map<String, Runnable> byMember) {
        if (byMember.isEmpty()) {
            return;
        }
        ExecutorService threads = Executors.newFixedThreadPool(byMember.size(), task -> {
            Thread thread = new Thread(task, "rekey-hosts");
            thread.setDaemon(true);
            return thread;
        });
        try {
            Map<String, Future<?>> all = new TreeMap<>();
            byMember.forEach((member, work) -> all.put(member, threads.submit(work)));
            List<String> said = new ArrayList<>();
            List<RuntimeException> others = new ArrayList<>();
            for (Map.Entry<String, Future<?>> each : all.entrySet()) {
                try {
                    each.getValue().get();
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof NodeException node) {
                        said.add("member " + each.getKey() + ": " + node.getMessage());
                    } else {
                        others.add(unwrapped(e));
                    }
                }
            }
            if (!others.isEmpty()) {
                throw others.get(0);
            }
            if (!said.isEmpty()) {
                throw new NodeException(String.join("; and ", said));
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
