package dev.rekey.controlplane;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;

/** A host whose apiserver is a shell script, with a list that comes only when the test asks for it. */
final class FakeHost implements AutoCloseable {
    static final String MANIFEST = "kube-apiserver.yaml";

    private static final Duration LIMIT = Duration.ofSeconds(30);

    // Prints what it was given; ends at once where it is told to.
    private static final String SCRIPT = """
            #!/bin/sh
            echo "started with $* on $(hostname) and colour $COLOUR"
            case "$*" in *--die*) exit 3 ;; esac
            exec sleep 3600
            """;

    private final Path root;
    private final Path manifests;
    private final StaticPodHost host;

    FakeHost(Path root, String manifest) throws IOException {
        this.root = root;
        this.manifests = Files.createDirectory(root.resolve("manifests"));
        Path script = Files.writeString(root.resolve("apiserver.sh"), SCRIPT);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        Files.writeString(manifests.resolve(MANIFEST), manifest);
        this.host = StaticPodHost.start(new HostSettings(
                "fake1",
                manifests,
                script,
                Map.of(),
                root.resolve("log"),
                Duration.ofHours(1),
                Duration.ofMillis(100),
                Duration.ofSeconds(5)));
    }

    StaticPodHost host() {
        return host;
    }

    /** Puts a file in place as a careful program does, and returns when kubelet has dealt with it. */
    void put(String name, String text) throws IOException {
        Path file = Files.writeString(root.resolve("staged"), text);
        int before = host.eventsSeen(name);
        Files.move(file, manifests.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        awaitEvent(name, before);
    }

    void remove(String name) throws IOException {
        int before = host.eventsSeen(name);
        Files.delete(manifests.resolve(name));
        awaitEvent(name, before);
    }

    void awaitRunning(int starts) {
        Eventually.within(
                LIMIT,
                () -> starts + " starts, the last one alive; there were " + host.starts() + "\n" + log(),
                () -> host.starts() == starts && host.isRunning() && hasSpoken());
    }

    /** A program that is ended right after its start may have said nothing yet. */
    private boolean hasSpoken() {
        String log = log();
        return log.lastIndexOf("started with ") > log.lastIndexOf("new pod ");
    }

    void awaitGone() {
        Eventually.within(LIMIT, "the apiserver has ended", () -> !host.isRunning());
    }

    void awaitLog(String line) {
        Eventually.within(LIMIT, () -> "the log has: " + line + "\n" + log(), () -> log().contains(line));
    }

    String log() {
        try {
            return Files.readString(root.resolve("log"));
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void close() {
        host.close();
    }

    private void awaitEvent(String name, int before) {
        Eventually.within(LIMIT, "kubelet has seen " + name, () -> host.eventsSeen(name) > before);
    }
}
