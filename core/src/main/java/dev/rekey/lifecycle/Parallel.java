package dev.rekey.lifecycle;

import dev.rekey.RekeyException;
import dev.rekey.StoppedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** The same question to every member at once, so that a sweep of many takes as long as the slowest. */
final class Parallel {
    private static final int MOST = 16;

    private Parallel() {}

    /** The answers in the order of {@code inputs}; the first failure in that order is thrown, after all have ended. */
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
            for (Future<B> future : futures) {
                answers.add(future.get());
            }
            return answers;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoppedException("interrupted while the members were observed; nothing was changed by that");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RekeyException ours) {
                throw ours;
            }
            throw new IllegalStateException("a question to a member failed in a way that it may not", e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }
}
