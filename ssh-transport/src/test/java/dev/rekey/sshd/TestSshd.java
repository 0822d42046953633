package dev.rekey.sshd;

import dev.rekey.ssh.SshConnector;
import dev.rekey.ssh.SshTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A real sshd on a loopback port, with host keys, users, sudoers and mounts of its own: it runs in its own mount and process name
 * spaces, so nothing of this machine changes, and its files are this machine's files. Needs root, and the packages in
 * {@code .ci/ssh-packages}.
 */
public final class TestSshd implements AutoCloseable {
    private static final List<String> PROGRAMS = List.of("/usr/sbin/sshd", "/usr/bin/sudo", "/usr/bin/busybox");

    private final SshdConfig config;
    private final Path directory;
    private final int port;
    private Process process;

    private TestSshd(SshdConfig config, Path directory, int port) throws IOException {
        this.config = config;
        this.directory = directory;
        this.port = port;
        this.process = run();
    }

    /** A server that root may log in to with {@link #key()}. */
    public static SshdConfig config() {
        return new SshdConfig();
    }

    /** Skips the test where this machine cannot run one; fails it where the property {@code rekey.requireRealServers} is true. */
    public static void require() {
        boolean able = PROGRAMS.stream().allMatch(program -> Files.isExecutable(Path.of(program)))
                && Shell.succeeds("unshare", "--mount", "--pid", "--fork", "--mount-proc", "true");
        if (Boolean.getBoolean("rekey.requireRealServers") && !able) {
            throw new AssertionError(
                    "a real sshd cannot be started: it needs root and the packages in .ci/ssh-packages");
        }
        Assumptions.assumeTrue(able, "needs root, sshd, sudo and busybox");
    }

    static TestSshd start(SshdConfig config) {
        require();
        try {
            Path directory = Files.createTempDirectory("rekey-sshd");
            int port = freePort();
            SshdFiles.write(directory, config, port);
            return new TestSshd(config, directory, port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process run() throws IOException {
        Process started = new ProcessBuilder(
                        "unshare",
                        "--mount",
                        "--pid",
                        "--fork",
                        "--kill-child",
                        "--mount-proc",
                        "--propagation",
                        "private",
                        "/bin/sh",
                        directory.resolve("start").toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("log").toFile()))
                .start();
        awaitStart(started);
        return started;
    }

    /** Ends it and every session, at once; nothing listens on its port then. */
    public void stop() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Starts it again after {@link #stop}, on the same port and with the same keys. */
    public void startAgain() {
        try {
            process = run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives it other host keys, as a host that was made anew has; they count from the next start on. */
    public void renewHostKeys() {
        try {
            SshdFiles.writeHostKeys(directory, config);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A port that was free just now, below those that the kernel gives out, and of those that this JVM alone takes among several that
     * run tests of one build: a server that is stopped can have it again.
     */
    public static int freePort() {
        int lowest = 12_000 + 2_000 * (Integer.getInteger("surefire.forkNumber", 1) % 4);
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(lowest, lowest + 2_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException e) {
                continue;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void awaitStart(Process started) throws IOException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (System.nanoTime() < until && started.isAlive()) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                if (socket.getInputStream().read() == 'S') {
                    return;
                }
            } catch (IOException e) {
                pause();
            }
        }
        String log = log();
        started.destroyForcibly();
        throw new AssertionError("sshd did not start: " + log);
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Where its files are: {@code log}, {@code trace}, {@code home}. Tests make their own directories in it. */
    public Path directory() {
        return directory;
    }

    /** On 127.0.0.1. */
    public int port() {
        return port;
    }

    /** A private key that every user takes. */
    public Path key() {
        return directory.resolve("id");
    }

    /** Its public half, in the form of the SSH protocol. */
    public byte[] publicKey() {
        try {
            return Base64.getDecoder()
                    .decode(Files.readString(directory.resolve("id.pub")).split(" ", -1)[1]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The public half of a host key. */
    public Path hostKey(String type) {
        return directory.resolve("host_" + type + ".pub");
    }

    /** A file of known hosts with all its host keys under {@code name} and {@code port}. */
    public Path knownHosts(String name, int port) {
        try (Stream<Path> files = Files.list(directory)) {
            StringBuilder text = new StringBuilder();
            for (Path file : files.filter(f -> f.getFileName().toString().matches("host_.*\\.pub"))
                    .sorted()
                    .toList()) {
                text.append(
                        "[" + name + "]:" + port + " " + Files.readString(file).strip() + "\n");
            }
            Path made = directory.resolve("known_hosts." + name + "." + port);
            Files.writeString(made, text);
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ready but for {@code connect()}. */
    public SshConnector as(String user) {
        return as(user, port);
    }

    /** Through a port that leads to this server. */
    public SshConnector as(String user, int throughPort) {
        return SshTransport.to("127.0.0.1")
                .port(throughPort)
                .user(user)
                .privateKey(key())
                .knownHosts(knownHosts("127.0.0.1", throughPort));
    }

    /** What sshd said so far. */
    public String log() {
        try {
            return Files.readString(directory.resolve("log"), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The system calls so far, of {@link SshdConfig#traced()}. */
    public String trace() {
        try {
            return Strace.joined(Files.readString(directory.resolve("trace"), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills the SFTP servers that it has started, and nobody else's. */
    public int killSftpServers() {
        List<ProcessHandle> servers = process.descendants()
                .filter(each -> each.info().command().orElse("").endsWith("/sftp-server"))
                .toList();
        servers.forEach(ProcessHandle::destroyForcibly);
        return servers.size();
    }

    /** Runs a shell command as root inside its name spaces. */
    public String inside(String command) {
        long pid = process.toHandle().children().findFirst().orElseThrow().pid();
        return Shell.run("nsenter", "-t", String.valueOf(pid), "-m", "-p", "/bin/sh", "-c", command);
    }

    /** Ends it and everything that was started through it, at once, and removes its files. */
    @Override
    public void close() {
        stop();
        try (Stream<Path> files = Files.walk(directory, new FileVisitOption[0])) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
