package dev.rekey.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.config.Reader;
import dev.rekey.controlplane.ControlPlaneMember;
import dev.rekey.controlplane.ControlPlaneOptions;
import dev.rekey.controlplane.Eventually;
import dev.rekey.controlplane.RealControlPlane;
import dev.rekey.spi.ArchiveReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.PrivateKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A real control plane, an operator's folder with an inventory of it, and Secrets whose content is known. */
final class Site implements AutoCloseable {
    /** Waits for servers that reload each 2 s and whose clients' requests end within 3 s. */
    static final String FAST = "poll=200ms,reloadPoll=2s,settle=3s,beat=1s,trust=10s,stale=12s,operation=2s";

    private static final String PLAIN = "plain";

    private final RealControlPlane controlPlane;
    private final Path folder;
    private final RekeyJar rekey;
    private final PrivateKey backupKey;
    private final Map<String, byte[]> secrets = new LinkedHashMap<>();
    private final Map<String, String> manifests = new TreeMap<>();

    /** As for the servers themselves: skipped where it is not possible, unless that is an error. */
    private static void requireRoot() {
        boolean root = System.getProperty("user.name", "").equals("root");
        boolean required = Boolean.getBoolean("rekey.requireRealServers") || "true".equals(System.getenv("CI"));
        if (!root && required) {
            throw new AssertionError("the files of members belong to root, so this test needs root");
        }
        Assumptions.assumeTrue(root, "the files of members belong to root, so this test needs root");
    }

    private Site(RealControlPlane controlPlane, Path folder, String timing) {
        this.controlPlane = controlPlane;
        this.folder = folder;
        this.rekey = new RekeyJar(folder, timing);
        this.backupKey = BackupKey.create(folder.resolve("backup.pem"));
        write("inventory.yaml", inventory(controlPlane.members()));
        controlPlane.members().forEach(member -> manifests.put(member.name(), text(member.manifestPath())));
    }

    /** With quick reloads and short waits. */
    static Site of(int members, Path folder) {
        requireRoot();
        return new Site(RealControlPlane.start(members), folder, FAST);
    }

    /** With the servers' own reload poll and the waits of real clusters. */
    static Site faithful(int members, Path folder) {
        requireRoot();
        return new Site(RealControlPlane.start(members, ControlPlaneOptions.faithful()), folder, "");
    }

    RealControlPlane controlPlane() {
        return controlPlane;
    }

    RekeyJar rekey() {
        return rekey;
    }

    /** A call with {@code --inventory}, that of all members unless it brings its own. */
    RekeyJar.Result run(String... arguments) {
        return start(arguments).result();
    }

    RekeyJar.Running start(String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        if (!all.contains("--inventory")) {
            all.addAll(List.of("--inventory", "inventory.yaml"));
        }
        return rekey.start(all.toArray(String[]::new));
    }

    /** As {@link #run}, and the exit status must be 0. */
    RekeyJar.Result succeed(String... arguments) {
        RekeyJar.Result result = run(arguments);
        assertThat(result.status()).as(result::describe).isZero();
        return result;
    }

    /** An inventory of these members, in the operator's folder. */
    String inventory(List<ControlPlaneMember> members) {
        StringBuilder text = new StringBuilder("cluster: test\nkubeconfig: ")
                .append(controlPlane.kubeconfig())
                .append("\narchive: {certificate: backup.pem, file: keys.cms}\nnodes:\n");
        for (ControlPlaneMember member : members) {
            text.append("""
                    - name: %s
                      local: true
                      apiServer: %s
                    """.formatted(member.name(), member.apiServerUrl()));
            text.append(layout(member));
        }
        return text.toString();
    }

    /** Where things of a member are, as a field of its node in an inventory. */
    static String layout(ControlPlaneMember member) {
        return """
                  layout:
                    manifest: %s
                    configurationDirectory: %s
                    stateDirectory: %s
                """.formatted(member.manifestPath(), member.configurationDirectory(), member.stateDirectory());
    }

    void write(String name, String text) {
        try {
            Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** So many Secrets, each fifth immutable, each fiftieth of 100 KiB. */
    void createSecrets(int count) {
        for (int i = 0; i < count; i++) {
            String name = "stable-" + i;
            byte[] content = new byte[i % 50 == 7 ? 100 << 10 : 20];
            Arrays.fill(content, (byte) ('a' + i % 26));
            controlPlane.createSecret("default", name, Map.of("content", content), i % 5 == 0);
            secrets.put(name, content);
        }
    }

    Map<String, byte[]> secrets() {
        return secrets;
    }

    /** How many Secrets are stored under which key, as their bytes in etcd say; {@code plain} for those under none. */
    Map<String, Integer> stored() {
        Map<String, Integer> counts = new TreeMap<>();
        controlPlane.rawSecrets().values().forEach(value -> counts.merge(reader(value), 1, Integer::sum));
        return counts;
    }

    /** The only key that anything is stored under; also said of a few more Secrets than those made here. */
    String onlyKey() {
        Map<String, Integer> stored = stored();
        assertThat(stored).hasSize(1).doesNotContainKey(PLAIN);
        return stored.keySet().iterator().next();
    }

    void assertAllPlain() {
        assertThat(stored()).containsOnlyKeys(PLAIN);
    }

    private static String reader(byte[] value) {
        String text = new String(value, 0, Math.min(value.length, 200), ISO_8859_1);
        if (text.startsWith("k8s\0") || text.startsWith("{")) {
            return PLAIN;
        }
        String prefix = "k8s:enc:aescbc:v1:";
        assertThat(text).startsWith(prefix);
        return text.substring(prefix.length(), text.indexOf(':', prefix.length()));
    }

    /** Every Secret is what it was, through every apiserver. */
    void assertEverySecretReadable() {
        controlPlane.members().forEach(this::assertEverySecretReadable);
    }

    void assertEverySecretReadable(ControlPlaneMember member) {
        secrets.forEach((name, content) -> {
            Map<String, byte[]> data = member.api().readSecret("default", name).orElseThrow();
            assertThat(data.get("content"))
                    .as(name + " through " + member.name())
                    .isEqualTo(content);
        });
    }

    /** Restarts every apiserver, and every Secret is readable through each: from what the members' files say. */
    void assertEverySecretReadableAfterRestarts() {
        controlPlane.members().parallelStream().forEach(member -> member.host().restart());
        controlPlane.waitReady();
        assertEverySecretReadable();
    }

    /** Every file of every member below {@code /etc/kubernetes}, with its text. */
    Map<String, String> files() {
        Map<String, String> files = new TreeMap<>();
        for (ControlPlaneMember member : controlPlane.members()) {
            try (Stream<Path> found = Files.walk(member.root().resolve("etc/kubernetes"))) {
                found.filter(Files::isRegularFile)
                        .filter(file -> !file.toString().contains("/pki/"))
                        .forEach(file ->
                                files.put(member.name() + ":/" + member.root().relativize(file), text(file)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return files;
    }

    /** Files and directories with their times: what must be equal around a call that changes nothing. */
    Map<String, String> times() {
        Map<String, String> times = new TreeMap<>();
        for (ControlPlaneMember member : controlPlane.members()) {
            try (Stream<Path> found = Files.walk(member.root().resolve("etc/kubernetes"))) {
                found.forEach(file -> times.put(file.toString(), time(file)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return times;
    }

    /** Nothing is left of the encryption: every manifest as it was at first, byte for byte, and no file beside it. */
    void assertNothingLeft() {
        Map<String, String> expected = new TreeMap<>();
        manifests.forEach(
                (member, text) -> expected.put(member + ":/etc/kubernetes/manifests/kube-apiserver.yaml", text));
        assertThat(files()).isEqualTo(expected);
        for (ControlPlaneMember member : controlPlane.members()) {
            assertThat(member.configurationDirectory()).doesNotExist();
            assertThat(member.stateDirectory()).doesNotExist();
        }
    }

    /** The keys in the archive, opened with the private key. */
    List<Reader.OfKey> archived() {
        ArchiveReader.Contents contents = ArchiveReader.read(folder.resolve("keys.cms"), backupKey);
        assertThat(contents.unreadable()).isEmpty();
        return contents.keys();
    }

    List<String> archivedNames() {
        return archived().stream().map(key -> key.key().name()).toList();
    }

    /** Replaces a file in one step, as an editor that knows better would. */
    static void replace(Path file, String text) {
        try {
            Path staged = Files.writeString(file.resolveSibling(".staged"), text, UTF_8);
            Files.setPosixFilePermissions(staged, Files.getPosixFilePermissions(file));
            Files.move(staged, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for a line of a call's progress. */
    static void awaitProgress(RekeyJar.Running call, String part) {
        Eventually.within(
                Duration.ofMinutes(5),
                () -> "\"" + part + "\" in " + call.progress(),
                () -> call.progress().contains(part) || !call.isAlive());
        assertThat(call.progress()).contains(part);
    }

    static void await(String what, Callable<Boolean> condition) {
        Eventually.within(Duration.ofMinutes(3), what, condition);
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String time(Path file) {
        try {
            return Files.getLastModifiedTime(file).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        controlPlane.close();
    }
}
