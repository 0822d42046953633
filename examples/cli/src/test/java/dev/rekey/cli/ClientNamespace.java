package dev.rekey.cli;

import dev.rekey.sshd.Shell;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;

/**
 * A network name space for a command: there is nothing in it but addresses that lead to chosen ports of this machine. It changes
 * nothing of this machine's own network, and ends with this JVM.
 */
final class ClientNamespace implements AutoCloseable {
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    private static final Path CLASSES = Path.of("target", "test-classes").toAbsolutePath();

    private final Process process;
    private final List<Relay> relays = new ArrayList<>();

    private ClientNamespace(Process process) {
        this.process = process;
    }

    /** {@code ways} by IPv4 address and port in the name space; sockets are made in {@code folder}. */
    static ClientNamespace start(Path folder, Map<InetSocketAddress, Integer> ways) {
        require();
        List<Relay> outside = new ArrayList<>();
        List<String> inside = new ArrayList<>();
        ways.forEach((address, port) -> {
            Path socket = folder.resolve("way" + inside.size());
            outside.add(Relay.start(
                    UnixDomainSocketAddress.of(socket), new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
            inside.add(address.getHostString() + ":" + address.getPort() + "=" + socket);
        });
        String addresses = ways.keySet().stream()
                .map(address -> "busybox ip addr add " + address.getHostString() + "/32 dev lo\n")
                .distinct()
                .collect(Collectors.joining());
        List<String> command = new ArrayList<>(List.of("unshare", "--net", "/bin/sh", "-e", "-c"));
        command.add("busybox ip link set lo up\n" + addresses + "exec \"$0\" \"$@\"");
        command.addAll(List.of(JAVA.toString(), "-XX:TieredStopAtLevel=1", "-cp", CLASSES.toString()));
        command.add(Relay.class.getName());
        command.addAll(inside);
        try {
            ClientNamespace made = new ClientNamespace(
                    new ProcessBuilder(command).redirectErrorStream(true).start());
            made.relays.addAll(outside);
            made.awaitReady();
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void require() {
        boolean able = Shell.succeeds("unshare", "--net", "true");
        if (Boolean.getBoolean("rekey.requireRealServers") && !able) {
            throw new AssertionError("a network name space cannot be made: it needs root and unshare");
        }
        Assumptions.assumeTrue(able, "needs root and network name spaces");
    }

    private void awaitReady() throws IOException {
        BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
        String first = said.readLine();
        if (!"ready".equals(first)) {
            close();
            throw new AssertionError(
                    "no relay in the name space: " + first + said.lines().toList());
        }
    }

    /** What a command line begins with to be run in it; the process is the command's own. */
    List<String> prefix() {
        return List.of("nsenter", "--net=/proc/" + process.pid() + "/ns/net", "--");
    }

    /** What a program in it says that dials this; empty where it was answered. */
    String dial(String host, int port) {
        return dial(prefix(), host, port);
    }

    /** The same, outside. */
    static String dialFromHere(String host, int port) {
        return dial(List.of(), host, port);
    }

    private static String dial(List<String> prefix, String host, int port) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of("timeout", "10", "bash", "-c", "exec 3<>/dev/tcp/" + host + "/" + port));
        try {
            Process dialling =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(dialling.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return dialling.waitFor() == 0 ? "" : "exit status " + dialling.exitValue() + ": " + said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        relays.forEach(Relay::close);
    }
}
