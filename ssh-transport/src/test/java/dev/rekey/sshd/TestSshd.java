package dev.rekey.sshd;

import dev.rekey.ssh.SshConnector;
import dev.rekey.ssh.SshTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
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

    /** What makes and changes files, what passes through them, and what is run with which words and environment; no more, since each costs time. */
    private static final String TRACED =
            "execve,read,write,pread64,pwrite64,readv,writev,openat,mkdir,chmod,fchmod,fchmodat,chown,"
                    + "lchown,fchown,fchownat,fsync,fdatasync,rename,renameat,renameat2,link,linkat,unlink,unlinkat,rmdir";

    private final Path directory;
    private final Process process;
    private final int port;

    private TestSshd(Path directory, Process process, int port) {
        this.directory = directory;
        this.process = process;
        this.port = port;
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
            write(directory, config, port);
            Process process = new ProcessBuilder(
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
                    .redirectOutput(directory.resolve("log").toFile())
                    .start();
            TestSshd server = new TestSshd(directory, process, port);
            server.awaitStart();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path directory, SshdConfig config, int port) throws IOException {
        Shell.run("chmod", "0755", directory.toString());
        for (String type : config.hostKeys.split(" ")) {
            keygen(directory.resolve("host_" + type), type);
        }
        keygen(directory.resolve("id"), "ed25519");
        String authorized = Files.readString(directory.resolve("id.pub"));
        Files.createDirectory(directory.resolve("authorized"));
        Files.createDirectory(directory.resolve("home"));
        Files.writeString(directory.resolve("authorized/root"), authorized);
        StringBuilder passwd = new StringBuilder("root:x:0:0:root:/root:" + config.rootShell + "\n"
                + "sshd:x:100:65534::/run/sshd:/usr/sbin/nologin\nnobody:x:65534:65534::/:/usr/sbin/nologin\n");
        StringBuilder group = new StringBuilder("root:x:0:\nnogroup:x:65534:\n");
        StringBuilder shadow = new StringBuilder("root:*:19000:0:99999:7:::\n");
        for (String line : config.passwd) {
            String[] fields = line.split(":");
            passwd.append(line).append('\n');
            group.append(fields[0] + ":x:" + fields[3] + ":\n");
            shadow.append(fields[0] + ":*:19000:0:99999:7:::\n");
            Path home = Files.createDirectory(directory.resolve("home").resolve(fields[0]));
            Shell.run("chown", fields[2] + ":" + fields[3], home.toString());
            Files.writeString(directory.resolve("authorized").resolve(fields[0]), authorized);
        }
        Files.writeString(directory.resolve("passwd"), passwd);
        Files.writeString(directory.resolve("group"), group);
        Files.writeString(directory.resolve("shadow"), shadow);
        Files.writeString(
                directory.resolve("sudoers"),
                "Defaults env_reset\nroot ALL=(ALL) ALL\n" + String.join("\n", config.sudoers) + "\n");
        Shell.run("chmod", "0440", directory.resolve("sudoers").toString());
        Files.writeString(directory.resolve("sshd_config"), sshdConfig(directory, config, port));
        Files.writeString(directory.resolve("start"), startScript(directory, config));
    }

    private static String sshdConfig(Path directory, SshdConfig config, int port) {
        StringBuilder text = new StringBuilder();
        config.lines.forEach(line -> text.append(line).append('\n'));
        for (String type : config.hostKeys.split(" ")) {
            text.append("HostKey " + directory.resolve("host_" + type) + "\n");
        }
        if (config.sftp) {
            text.append("Subsystem sftp /usr/lib/openssh/sftp-server\n");
        }
        return text + "Port " + port + "\nListenAddress 127.0.0.1\nPidFile none\nUsePAM no\nStrictModes no\nUseDNS no\n"
                + "PermitRootLogin prohibit-password\nPasswordAuthentication no\nPrintMotd no\n"
                // Of this one the last counts.
                + (config.lines.stream().anyMatch(line -> line.startsWith("MaxStartups")) ? "" : "MaxStartups 100\n")
                + "AuthorizedKeysFile " + directory + "/authorized/%u\nLogLevel VERBOSE\n";
    }

    private static String startScript(Path directory, SshdConfig config) {
        String sshd = "/usr/sbin/sshd -D -e -f $W/sshd_config";
        return "set -e\nW=" + directory + "\n"
                + "for f in passwd shadow group sudoers; do mount --bind $W/$f /etc/$f; done\n"
                + "mount --bind $W/home /home\n"
                + "mount -t tmpfs -o mode=0755 tmpfs /run\nmkdir -m 0755 /run/sshd\n"
                + "mount -t tmpfs -o mode=0755 tmpfs /var/log\n"
                // What root's shell does on start here is nobody's business.
                + "mount -t tmpfs -o mode=0700 tmpfs /root\n"
                + "mount -t tmpfs -o mode=0755 tmpfs /etc/sudoers.d\n"
                + (config.sftp ? "" : "mount -t tmpfs -o mode=0755 tmpfs /usr/lib/openssh\n")
                + String.join("\n", config.mounts) + "\n"
                + (config.traced
                        ? "exec strace -f -y -v -qq -s 4096 -o $W/trace -e trace=" + TRACED + " " + sshd
                        : "exec " + sshd)
                + "\n";
    }

    private static void keygen(Path file, String type) {
        Shell.run("ssh-keygen", "-q", "-t", type, "-N", "", "-C", "test", "-f", file.toString());
    }

    /** A port that was free just now. */
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitStart() throws IOException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (System.nanoTime() < until && process.isAlive()) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                if (socket.getInputStream().read() == 'S') {
                    return;
                }
            } catch (IOException e) {
                pause();
            }
        }
        String log = log();
        close();
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
            return Files.readString(directory.resolve("trace"), StandardCharsets.ISO_8859_1);
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

    /** Ends it and everything that was started through it, at once. */
    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try (Stream<Path> files = Files.walk(directory, new FileVisitOption[0])) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
