package dev.rekey.controlplane;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Builds the two servers from the Go modules in this module's test resources, into a folder named after the sources.
 * Two JVMs that ask at once build once: the second waits. What Go says is appended to {@code build.log} there.
 */
final class GoBuild {
    private static final String VERSION = "k8s.io/component-base/version.";
    // Without the version the server takes itself for 0.0, and its feature gates too.
    private static final List<Server> SERVERS = List.of(
            new Server("etcd", "-s -w"),
            new Server(
                    "kube-apiserver",
                    "-s -w -X " + VERSION + "gitVersion=v1.36.3 -X " + VERSION + "gitMajor=1 -X " + VERSION
                            + "gitMinor=36"));
    private static final List<String> SOURCES = List.of("main.go", "go.mod", "go.sum");
    private static final Pattern GO_VERSION = Pattern.compile("go1\\.(\\d+).*");
    private static final int OLDEST_GO_MINOR = 26;

    private record Server(String name, String linkFlags) {}

    private final Path cache;

    GoBuild(Path cache) {
        this.cache = cache;
    }

    static Path defaultCache() {
        String configured = System.getenv("XDG_CACHE_HOME");
        Path home = configured == null || configured.isBlank()
                ? Path.of(System.getProperty("user.home"), ".cache")
                : Path.of(configured);
        return home.resolve("rekey").resolve("control-plane");
    }

    /** The folder that holds both; a few minutes the first time, nothing to do afterwards. */
    Path serversBuiltOnce() throws NoServersException {
        try {
            Path home = cache.resolve(fingerprint());
            Path servers = home.resolve("bin");
            if (ControlPlaneBinaries.in(servers).isPresent()) {
                return servers;
            }
            refuseWithoutGo();
            Files.createDirectories(servers);
            try (FileChannel channel = FileChannel.open(
                            home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (lock.isValid() && ControlPlaneBinaries.in(servers).isEmpty()) {
                    buildAll(home, servers);
                }
            }
            return servers;
        } catch (IOException e) {
            throw new NoServersException("they cannot be built in " + cache + ": " + e);
        }
    }

    private static void buildAll(Path home, Path servers) throws IOException, NoServersException {
        Path log = home.resolve("build.log");
        System.err.println(
                "Building etcd and kube-apiserver for the tests, once; this takes about five minutes. See " + log);
        for (Server server : SERVERS) {
            Path module = home.resolve("src").resolve(server.name());
            Files.createDirectories(module);
            for (String source : SOURCES) {
                Files.write(module.resolve(source), source(server, source));
            }
            Path unfinished = home.resolve(server.name() + ".unfinished");
            List<String> command = List.of(
                    "go",
                    "build",
                    "-buildvcs=false",
                    "-trimpath",
                    "-ldflags",
                    server.linkFlags(),
                    "-o",
                    unfinished.toString(),
                    ".");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(module.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().put("CGO_ENABLED", "0");
            builder.environment().put("GOWORK", "off");
            if (exitOf(builder.start()) != 0) {
                throw new NoServersException(
                        "go build of " + server.name() + " failed, see " + log + ": " + lastLine(log));
            }
            Files.move(unfinished, servers.resolve(server.name()), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static void refuseWithoutGo() throws NoServersException {
        String instead = "; set KUBEBUILDER_ASSETS to a folder that holds both, or put Go 1." + OLDEST_GO_MINOR
                + " or later on the PATH";
        String version = goVersion().orElseThrow(() -> new NoServersException("there is no Go here" + instead));
        Matcher matcher = GO_VERSION.matcher(version);
        if (!matcher.matches() || Integer.parseInt(matcher.group(1)) < OLDEST_GO_MINOR) {
            throw new NoServersException("the Go here is " + version + instead);
        }
    }

    private static Optional<String> goVersion() {
        try {
            Process process = new ProcessBuilder("go", "env", "GOVERSION")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String version;
            try (InputStream in = process.getInputStream()) {
                version = new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
            }
            return exitOf(process) == 0 ? Optional.of(version) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static int exitOf(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for go", e);
        }
    }

    private static String lastLine(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log);
        return lines.isEmpty() ? "it printed nothing" : lines.get(lines.size() - 1);
    }

    private static String fingerprint() throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Server server : SERVERS) {
                digest.update((server.name() + "\0" + server.linkFlags() + "\0").getBytes(StandardCharsets.UTF_8));
                for (String source : SOURCES) {
                    digest.update(source(server, source));
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] source(Server server, String file) throws IOException {
        String resource = "/control-plane/" + server.name() + "/" + file;
        try (InputStream in = GoBuild.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("the test resources lack " + resource);
            }
            return in.readAllBytes();
        }
    }
}
