package dev.rekey.controlplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A server process of the tests. It never outlives this JVM, and what it prints is appended to a file. */
final class ChildProcess {
    private static final Set<ChildProcess> ALIVE = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> ALIVE.forEach(ChildProcess::kill)));
    }

    private final Process process;

    private ChildProcess(Process process) {
        this.process = process;
    }

    static ChildProcess start(List<String> command, Map<String, String> environment, Path log) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        CompletableFuture<ChildProcess> started = new CompletableFuture<>();
        // A thread per process: its death is what tells the kernel to kill the process.
        Thread starter = new Thread(() -> startAndAwait(builder, started), "process " + log.getFileName());
        starter.setDaemon(true);
        starter.start();
        try {
            return started.join();
        } catch (CompletionException e) {
            throw new UncheckedIOException(
                    "cannot start " + command.get(0),
                    new IOException(e.getCause().getMessage(), e.getCause()));
        }
    }

    private static void startAndAwait(ProcessBuilder builder, CompletableFuture<ChildProcess> started) {
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            started.completeExceptionally(e);
            return;
        }
        ChildProcess child = new ChildProcess(process);
        ALIVE.add(child);
        started.complete(child);
        process.onExit().join();
        ALIVE.remove(child);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** Waits for the end, at most this long; true if it has ended. */
    boolean awaitExit(Duration limit) {
        try {
            return process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }

    CompletableFuture<Process> onExit() {
        return process.onExit();
    }

    void terminate() {
        process.destroy();
    }

    /** SIGTERM, then SIGKILL when the grace is over; ended when this returns. */
    void stop(Duration grace) {
        terminate();
        if (!awaitExit(grace)) {
            kill();
        }
    }

    /** SIGKILL; ended when this returns. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
