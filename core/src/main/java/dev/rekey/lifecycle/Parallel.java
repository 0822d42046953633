package dev.rekey.lifecycle;

import dev.rekey.NodeException;
import dev.rekey.RekeyException;
import dev.rekey.StoppedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The same question to every member at once, so that a sweep of many takes as long as the slowest. */
final class Parallel {
    private static final int MOST = 32;

    private Parallel() {}

    /**
     * The answers in the order of {@code inputs}, after all have ended. Where some failed, the first that was not merely out of
     * reach is thrown; else one {@link NodeException} tells all of them.
     */
    static <A, B> List<B> map(List<A> inputs, Function<A, B> question) {
        if (inputs.size() == 1) {
            return List.of(question.apply(inputs.get(0)));
        }
        ExecutorService pool = Executors.newFixedThreadPool(Math.min(MOST, Math.max(1, inputs.size())), task -> {
            Thread thread = new Thread(task, "rekey-observe");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<B>> futures = new ArrayList<>();
            inputs.forEach(input -> futures.add(pool.submit(() -> question.apply(input))));
            List<B> answers = new ArrayList<>();
            List<Throwable> failures = new ArrayList<>();
            for (Future<B> future : futures) {
                try {
                    answers.add(future.get());
                } catch (ExecutionException e) {
                    failures.add(e.getCause());
                }
            }
            if (!failures.isEmpty()) {
                throw failure(failures);
            }
            return answers;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoppedException("interrupted while the members were observed; nothing was changed by that");
        } finally {
            pool.shutdownNow();
        }
    }

    private static RuntimeException failure(List<Throwable> failures) {
        for (Throwable each : failures) {
            if (!(each instanceof NodeException)) {
                return each instanceof RekeyException ours
                        ? ours
                        : new IllegalStateException("a question to a member failed in a way that it may not", each);
            }
        }
        return new NodeException(
                failures.stream().map(Throwable::getMessage).distinct().collect(Collectors.joining("; and ")));
    }
}
