package dev.rekey.controlplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/** A process that is stopped by a signal until this is closed: none of its threads is inside a write. */
final class FrozenProcess implements AutoCloseable {
    private final long pid;

    private FrozenProcess(long pid) {
        this.pid = pid;
    }

    static FrozenProcess freeze(long pid) {
        signal(pid, "STOP");
        FrozenProcess frozen = new FrozenProcess(pid);
        try {
            Eventually.within(
                    Duration.ofSeconds(10), "every thread of " + pid + " stands still", () -> standsStill(pid));
        } catch (AssertionError e) {
            frozen.close();
            throw e;
        }
        return frozen;
    }

    @Override
    public void close() {
        signal(pid, "CONT");
    }

    private static boolean standsStill(long pid) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : threads.toList()) {
                String state = Files.readString(thread.resolve("stat"));
                // pid (name) state …, and a name may hold anything
                if (state.charAt(state.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            }
        }
        return true;
    }

    private static void signal(long pid, String name) {
        try {
            Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid).start();
            kill.onExit().join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
