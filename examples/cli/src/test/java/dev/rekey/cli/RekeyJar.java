package dev.rekey.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.Strictness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The packaged jar as a process, as an operator runs it. No terminal is there; every output is kept. */
final class RekeyJar {
    private static final Path JAR = Path.of("target", "rekey.jar").toAbsolutePath();
    private static final Duration LIMIT = Duration.ofMinutes(15);

    private final Path folder;
    private final List<String> jvmOptions;
    private final List<String> outputs = new ArrayList<>();
    private List<String> prefix = List.of();
    private int calls;

    /** {@code folder} is where it runs and its outputs lie; {@code timing} shortens the waits, unless it is empty. */
    RekeyJar(Path folder, String timing) {
        this.folder = folder;
        // A call lives for seconds, on machines that have few cores.
        this.jvmOptions = timing.isEmpty()
                ? List.of("-XX:TieredStopAtLevel=1")
                : List.of("-XX:TieredStopAtLevel=1", "-D" + UnsafeTestTiming.PROPERTY + "=" + timing);
    }

    /** What a call ended with. */
    record Result(List<String> arguments, int status, String out, String err) {
        JsonObject json() {
            return new GsonBuilder().setStrictness(Strictness.STRICT).create().fromJson(out, JsonObject.class);
        }

        /** For the message of an assertion. */
        String describe() {
            return arguments + " ended with " + status + "\n" + out + "\n" + err;
        }
    }

    /** Everything that all calls have printed so far, and what their command lines were. */
    List<String> outputs() {
        return List.copyOf(outputs);
    }

    /** From now on each call is given to this command, which becomes it. */
    void startedThrough(List<String> command) {
        prefix = List.copyOf(command);
    }

    Result run(String... arguments) {
        return start(arguments).result();
    }

    Running start(String... arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.add("-jar");
        command.add(JAR.toString());
        command.addAll(Arrays.asList(arguments));
        calls++;
        Path out = folder.resolve("call-" + calls + ".out");
        Path err = folder.resolve("call-" + calls + ".err");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            outputs.add(process.info().commandLine().orElse("")
                    + process.info().arguments().map(List::of).orElse(List.of()));
            return new Running(List.of(arguments), process, out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A call that goes on. */
    final class Running {
        private final List<String> arguments;
        private final Process process;
        private final Path out;
        private final Path err;

        private Running(List<String> arguments, Process process, Path out, Path err) {
            this.arguments = arguments;
            this.process = process;
            this.out = out;
            this.err = err;
        }

        boolean isAlive() {
            return process.isAlive();
        }

        /** What was said on standard error so far. */
        String progress() {
            return text(err);
        }

        /** SIGKILL; it has ended when this returns. */
        void kill() {
            process.destroyForcibly().onExit().join();
        }

        /** SIGTERM. */
        void terminate() {
            process.destroy();
        }

        /** Waits for the end. */
        Result result() {
            try {
                if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                    kill();
                    throw new AssertionError(arguments + " goes on for ever:\n" + progress());
                }
            } catch (InterruptedException e) {
                kill();
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
            Result result = new Result(arguments, process.exitValue(), text(out), text(err));
            outputs.add(result.out());
            outputs.add(result.err());
            return result;
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
