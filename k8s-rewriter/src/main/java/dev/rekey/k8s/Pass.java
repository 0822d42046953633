package dev.rekey.k8s;

import dev.rekey.StoppedException;
import dev.rekey.spi.Pace;
import dev.rekey.spi.RewriteProgress;
import dev.rekey.spi.RewriteReport;
import dev.rekey.spi.RewriteReport.Failure;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One pass. Its own threads talk to the apiservers; the caller's only waits, a second at most, and tells how far it is, so that
 * the caller can keep its lock alive, or stop, while a request hangs. At most two pages are in memory.
 */
final class Pass implements AutoCloseable {
    private static final int THREADS = 8;

    private final RewriteProgress progress;
    private final Duration tick;
    private final Calls calls = new Calls();
    private final ExecutorService workers;
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final Discovery discovery;
    private final Lister lister;
    private final Patcher patcher;
    private final Tally tally = new Tally();
    private final Set<String> walked = new HashSet<>();
    private String at = "";
    private long told = System.nanoTime();

    /** {@code tick} is the longest that {@code progress} waits. */
    Pass(ApiServers servers, Pace pace, Duration tick, RewriteProgress progress) {
        this.progress = progress;
        this.tick = tick;
        Attempts attempts = new Attempts(servers, calls, pace);
        this.discovery = new Discovery(attempts);
        this.lister = new Lister(attempts);
        this.patcher = new Patcher(attempts);
        this.workers = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "rekey-rewrite-" + (threads.size() + 1));
            thread.setDaemon(true);
            threads.add(thread);
            return thread;
        });
    }

    RewriteReport run(List<String> rules) {
        for (String text : rules) {
            at = text;
            tell();
            for (ResourceType type : types(Rule.parse(text))) {
                if (!tally.stopped() && walked.add(type.name())) {
                    at = type.name();
                    tally.resource(at);
                    tell();
                    walk(type);
                }
            }
            if (tally.stopped()) {
                break;
            }
        }
        tell();
        return tally.report();
    }

    private List<ResourceType> types(Rule rule) {
        try {
            List<ResourceType> types = await(submit(() -> discovery.types(rule)));
            if (types.isEmpty()) {
                tally.resource(rule + " (not served)");
            }
            return types;
        } catch (NoAnswerException e) {
            tally.stop(Patcher.unreachable(e).reason());
        } catch (BadAnswerException e) {
            unlisted(e, "what the apiservers serve cannot be told: ");
        }
        return List.of();
    }

    private void walk(ResourceType type) {
        try {
            Page page = await(submit(() -> lister.page(type, "")));
            Page first = page;
            if (!await(submit(() -> lister.isLive(type, first)))) {
                tally.stop(Patcher.etcdWasPutBack().reason());
                return;
            }
            while (true) {
                String token = page.next();
                Future<Page> next = token.isEmpty() ? null : submit(() -> lister.page(type, token));
                patchAll(type, page);
                if (tally.stopped() || next == null) {
                    return;
                }
                page = await(next);
            }
        } catch (NoAnswerException e) {
            tally.stop(Patcher.unreachable(e).reason());
        } catch (BadAnswerException e) {
            unlisted(e, "cannot be listed: ");
        }
    }

    private void unlisted(BadAnswerException e, String what) {
        if (e.status().kind() == ApiStatus.Kind.CREDENTIALS) {
            tally.stop(Patcher.stop(e.status()).reason());
        } else {
            tally.failed(new Failure(at, "", "", what + e.words()));
        }
    }

    private void patchAll(ResourceType type, Page page) {
        BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
        for (ObjectMetadata object : page.items()) {
            workers.execute(() -> patch(type, object, outcomes));
        }
        for (int left = page.items().size(); left > 0 && !tally.stopped(); ) {
            Outcome outcome = next(outcomes);
            if (outcome instanceof Outcome.Broken broken) {
                throw new IllegalStateException(
                        "a fault while " + at + " were rewritten; the same call goes on", broken.fault());
            }
            if (outcome != null) {
                tally.add(type.name(), outcome);
                left--;
            }
            if (outcome == null || System.nanoTime() - told > tick.toNanos()) {
                tell();
            }
        }
    }

    private void patch(ResourceType type, ObjectMetadata object, BlockingQueue<Outcome> outcomes) {
        try {
            outcomes.add(patcher.patch(type, object));
        } catch (CancellationException e) {
            // Nobody waits for it any more.
        } catch (RuntimeException | Error e) {
            outcomes.add(new Outcome.Broken(e));
        }
    }

    private @Nullable Outcome next(BlockingQueue<Outcome> outcomes) {
        try {
            return outcomes.poll(tick.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private <T> Future<T> submit(Callable<T> task) {
        return workers.submit(task);
    }

    private <T> T await(Future<T> future) throws BadAnswerException, NoAnswerException {
        while (true) {
            try {
                return future.get(tick.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                tell();
            } catch (InterruptedException e) {
                throw interrupted();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof BadAnswerException bad) {
                    throw bad;
                }
                if (e.getCause() instanceof NoAnswerException none) {
                    throw none;
                }
                throw new IllegalStateException(
                        "a fault while " + at + " were listed; the same call goes on", e.getCause());
            }
        }
    }

    private static StoppedException interrupted() {
        Thread.currentThread().interrupt();
        return new StoppedException(
                "interrupted while objects were rewritten; each of them is whole, and the same call goes on");
    }

    private void tell() {
        told = System.nanoTime();
        progress.at(at, tally.counts());
    }

    /** Ends what is under way, and waits for its threads. */
    @Override
    public void close() {
        calls.cancel();
        workers.shutdownNow();
        boolean interrupted = Thread.interrupted();
        try {
            // A pool says that it has ended a moment before its last thread has.
            for (Thread thread : threads) {
                thread.join(TimeUnit.SECONDS.toMillis(5));
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
