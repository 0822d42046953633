package dev.rekey.cli;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.ToIntFunction;

/** Lets SIGINT and SIGTERM stop a run at its next safe point, instead of in the middle of something. */
final class Interruption {
    /** No operation of a transport takes longer than 30 s. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Consumer<String> lines;
    private final IntConsumer halt;

    Interruption(Consumer<String> lines, IntConsumer halt) {
        this.lines = lines;
        this.halt = halt;
    }

    /** Runs {@code run}, which is told whether it is to stop and gives the exit status once all is printed. */
    int during(ToIntFunction<BooleanSupplier> run) {
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Integer> ended = new CompletableFuture<>();
        Thread hook = new Thread(() -> onSignal(stop, ended), "stop at a safe point");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            int status = run.applyAsInt(stop::get);
            ended.complete(status);
            return status;
        } finally {
            ended.complete(ExitStatus.FAILED.number());
            forget(hook);
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return; // The JVM is on its way down, and the hook ends it with the status of the run.
        }
    }

    /** Without the halt the JVM would end with 128 and the signal's number, which says nothing about the run. */
    void onSignal(AtomicBoolean stop, CompletableFuture<Integer> ended) {
        stop.set(true);
        lines.accept("asked to stop: waiting for the next safe point, at most " + PATIENCE.toSeconds() + " s");
        int status = ExitStatus.FAILED.number();
        try {
            status = ended.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            lines.accept("ended before a safe point was reached; the same call goes on from what stands");
        }
        halt.accept(status);
    }
}
