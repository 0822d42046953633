package dev.rekey.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.rekey.NodeException;
import dev.rekey.RekeyException;
import dev.rekey.manifest.NodePath;
import dev.rekey.spi.FileAttributes;
import dev.rekey.spi.Guard;
import dev.rekey.sshd.Link;
import dev.rekey.sshd.TestSshd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The client, or the link, dies after each few bytes of a write: the file is the old or the new one, whole, every time. */
class SshCrashIT {
    private static final byte[] OLD = "old\n".repeat(50).getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NEW = "new content\n".repeat(400).getBytes(StandardCharsets.US_ASCII);
    private static final FileAttributes ATTRIBUTES = new FileAttributes(1_234, 1_235, 0640, 0750);

    @AutoClose
    private static TestSshd withSftp;

    @AutoClose
    private static TestSshd withoutSftp;

    private TestSshd host;
    private String user = "";
    private int step;

    @BeforeAll
    static void start() {
        withSftp = TestSshd.config().sudoer("ops", "/bin/dash").start();
        withoutSftp = TestSshd.config().withoutSftp().sudoer("ops", "/bin/dash").start();
    }

    private void meet(String way) {
        boolean sftp = !way.endsWith("SFTP");
        host = sftp ? withSftp : withoutSftp;
        user = way.split(" ", -1)[0];
        step = sftp ? 120 : 600;
    }

    @ParameterizedTest
    @ValueSource(strings = {"root", "ops", "root without SFTP", "ops without SFTP"})
    void theClientDiesAfterAnyByteOfAWrite_theOldOrTheNewStandsWhole(String way) throws IOException {
        meet(way);
        Path directory = Files.createDirectory(host.directory().resolve("crash-" + user));
        NodePath file = NodePath.of(directory + "/f");
        long whole = bytesOfAWrite(file);
        assertThat(whole).isGreaterThan(NEW.length);
        List<Long> cuts = new ArrayList<>();
        for (long offset = 0; offset < whole - 1; offset += step) {
            cuts.add(offset);
        }
        cuts.add(whole - 1);
        for (long offset : cuts) {
            put(file, OLD);
            try (Link link = Link.to(host.port());
                    SshTransport transport = connect(link)) {
                link.dieAfter(offset);
                writes(transport, file, List.of());
            }
            // Where the content did not pass whole, nothing may be renamed; and what comes last is sent after the
            // rename was answered.
            List<byte[]> possible =
                    offset < NEW.length ? List.of(OLD) : offset == whole - 1 ? List.of(NEW) : List.of(OLD, NEW);
            // The server may still be at work on what it got before the end: look several times.
            for (int look = 0; look < 3; look++) {
                byte[] found = Files.readAllBytes(Path.of(file.value()));
                assertThat(possible.stream().anyMatch(content -> Arrays.equals(content, found)))
                        .as("after %s of %s bytes the file holds %s bytes", offset, whole, found.length)
                        .isTrue();
                narrow(directory);
            }
        }
    }

    /** How many bytes go to the server for a write that nothing disturbs. */
    private long bytesOfAWrite(NodePath file) {
        put(file, OLD);
        try (Link link = Link.to(host.port());
                SshTransport transport = connect(link)) {
            long before = link.bytesToServer();
            assertThat(writes(transport, file, List.of())).isTrue();
            return link.bytesToServer() - before;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"root", "ops", "root without SFTP", "ops without SFTP"})
    void theClientDiesAfterAnyByteOfAWriteThatMakesDirectories_eachIsAbsentOrRight_andTheNextCallMakesItWhole(
            String way) throws IOException {
        meet(way);
        Path directory = Files.createDirectory(host.directory().resolve("made-" + user));
        boolean made = false;
        for (long offset = 0; !made; offset += 3L * step) {
            Path top = directory.resolve("top" + offset);
            NodePath file = NodePath.of(top + "/sub/f");
            try (Link link = Link.to(host.port());
                    SshTransport transport = connect(link)) {
                link.dieAfter(offset);
                made = writes(transport, file, List.of());
            }
            // The server may still be at work on what it got before the end: look several times.
            for (int look = 0; look < 3; look++) {
                asAsked(top, 0750);
                asAsked(top.resolve("sub"), 0750);
                asAsked(Path.of(file.value()), 0640);
            }
            try (SshTransport again = host.as(user).connect()) {
                again.writeAtomically(file, NEW, ATTRIBUTES, List.of());
            }
            assertThat(asAsked(top, 0750)).isTrue();
            assertThat(asAsked(top.resolve("sub"), 0750)).isTrue();
            assertThat(Path.of(file.value())).hasBinaryContent(NEW);
        }
    }

    /** Whether it is there; if so, with this mode and the right owner. */
    private static boolean asAsked(Path path, int mode) throws IOException {
        try {
            Map<String, Object> found = Files.readAttributes(path, "unix:mode,uid,gid", LinkOption.NOFOLLOW_LINKS);
            assertThat((int) found.get("mode") & 07777).as("mode of " + path).isEqualTo(mode);
            assertThat(found).as("owner of " + path).containsEntry("uid", 1_234).containsEntry("gid", 1_235);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"root", "ops", "root without SFTP", "ops without SFTP"})
    void theLinkIsCutAfterAnyByteOfAnExclusiveWrite_itIsMadeOnce_orNotKnown(String way) throws IOException {
        meet(way);
        Path directory = Files.createDirectory(host.directory().resolve("cut-" + user));
        int successes = 0;
        int unknown = 0;
        for (long offset = 0; ; offset += step) {
            NodePath lock = NodePath.of(directory + "/lock" + offset);
            boolean uncut;
            try (Link link = Link.to(host.port());
                    SshTransport transport = connect(link)) {
                link.cutAfter(offset);
                boolean written = writes(transport, lock, List.of(Guard.absent(lock)));
                link.cutAfter(Long.MAX_VALUE / 2);
                uncut = written && link.connections() == 1;
                if (written) {
                    successes++;
                    assertThat(Path.of(lock.value())).hasBinaryContent(NEW);
                } else {
                    unknown++;
                }
                transport.writeAtomically(NodePath.of(directory + "/other"), OLD, ATTRIBUTES, List.of());
            }
            narrow(directory);
            if (uncut) {
                break;
            }
        }
        assertThat(successes).isGreaterThan(10);
        assertThat(unknown).as("cuts after the link was asked for").isBetween(1, 30);
        // What a cut left was swept by the next write of the same transport.
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(f -> f.getFileName().toString())).noneMatch(name -> name.startsWith(".rekey-"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"root", "ops", "root without SFTP", "ops without SFTP"})
    void theClientDiesAfterAnyByteOfADelete_theFileIsWholeOrGone_andWhatWasMovedCanBeSwept(String way)
            throws IOException {
        meet(way);
        Path directory = Files.createDirectory(host.directory().resolve("delete-" + user));
        NodePath file = NodePath.of(directory + "/f");
        boolean deleted = false;
        for (long offset = 0; !deleted; offset += step) {
            put(file, OLD);
            try (Link link = Link.to(host.port());
                    SshTransport transport = connect(link)) {
                link.dieAfter(offset);
                deleted = does(file, () -> transport.delete(file, List.of()));
            }
            try (SshTransport again = host.as(user).connect()) {
                assertThat(again.read(file).orElse(OLD)).isEqualTo(OLD);
                assertThat(again.read(file).isPresent() && deleted).isFalse();
                // The server may still be at work on what it got before the end.
                assertThat(OurThreads.comes(() -> swept(again, file))).isTrue();
            }
        }
    }

    /** As the next run does it: the file deleted, and what lies beside it. */
    private static boolean swept(SshTransport transport, NodePath file) {
        transport.delete(file, List.of());
        for (String name : transport.list(file.parent())) {
            NodePath left = file.parent().resolve(name);
            for (String moved : transport.list(left)) {
                assertThat(transport.read(left.resolve(moved)).orElse(OLD)).isEqualTo(OLD);
                transport.delete(left.resolve(moved), List.of());
            }
            transport.delete(left, List.of());
        }
        return transport.list(file.parent()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"root", "ops"})
    void theLinkIsCutBehindTheRename_theNewIsMadeDurableOnANewConnection(String way) throws IOException {
        meet(way);
        Path directory = Files.createDirectory(host.directory().resolve("durable-" + user));
        NodePath file = NodePath.of(directory + "/f");
        long whole = bytesOfAWrite(file);
        put(file, OLD);
        try (Link link = Link.to(host.port());
                SshTransport transport = connect(link)) {
            link.cutAfter(whole - 1);
            assertThat(writes(transport, file, List.of())).isTrue();
            assertThat(link.connections()).isEqualTo(2);
        }
        assertThat(Path.of(file.value())).hasBinaryContent(NEW);
    }

    private SshTransport connect(Link link) {
        return host.as(user, link.port())
                .operationTimeout(Duration.ofSeconds(25))
                .connect();
    }

    private void put(NodePath file, byte[] content) {
        try (SshTransport direct = host.as(user).connect()) {
            direct.writeAtomically(file, content, ATTRIBUTES, List.of());
        }
    }

    private static boolean writes(SshTransport transport, NodePath file, List<Guard> guards) {
        return does(file, () -> transport.writeAtomically(file, NEW, ATTRIBUTES, guards));
    }

    private static boolean does(NodePath file, Runnable change) {
        try {
            change.run();
            return true;
        } catch (NodeException e) {
            assertThat(e.getMessage()).contains(file.value()).doesNotContain("new content");
            return false;
        } catch (RekeyException e) {
            return fail("a lost connection is no " + e);
        }
    }

    /** Owner and mode as asked for, and never wider on the way. */
    private static void narrow(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                try {
                    int mode = (int) Files.getAttribute(file, "unix:mode") & 07777;
                    assertThat(mode & ~0640).as("mode of " + file).isZero();
                    if (!file.getFileName().toString().startsWith(".rekey-")) {
                        assertThat(mode).isEqualTo(0640);
                        assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(1_234);
                        assertThat(Files.getAttribute(file, "unix:gid")).isEqualTo(1_235);
                    }
                } catch (NoSuchFileException e) {
                    continue;
                }
            }
        }
    }
}
