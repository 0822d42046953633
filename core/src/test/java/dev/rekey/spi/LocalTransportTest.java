package dev.rekey.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.rekey.ChangedMeanwhileException;
import dev.rekey.InvalidInputException;
import dev.rekey.NodeException;
import dev.rekey.manifest.NodePath;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class LocalTransportTest {
    private static final byte[] CONTENT = {'k', 'e', 'y', '\n'};

    @TempDir
    Path temporary;

    private final NodeTransport transport = new LocalTransport();
    private NodePath directory;
    private int uid;
    private FileAttributes mine;

    @BeforeEach
    void mine() throws IOException {
        directory = NodePath.of(temporary.toRealPath().toString());
        FileStatus owner = transport.stat(directory).orElseThrow();
        uid = owner.uid();
        mine = new FileAttributes(uid, owner.gid(), 0600, 0700);
    }

    @AfterEach
    void noLeftoverStands() {
        assertThat(transport.list(directory)).noneMatch(name -> name.startsWith(".rekey-"));
    }

    @Test
    void anotherOwner_isSetByRoot() {
        assumeThat(uid).isZero();
        NodePath path = directory.resolve("sub/f");
        transport.writeAtomically(path, CONTENT, new FileAttributes(65534, 65533, 0640, 0750), List.of());
        assertThat(transport.stat(path).orElseThrow())
                .extracting(FileStatus::uid, FileStatus::gid, FileStatus::mode)
                .containsExactly(65534, 65533, 0640);
        assertThat(transport.stat(path.parent()).orElseThrow())
                .extracting(FileStatus::uid, FileStatus::gid, FileStatus::mode)
                .containsExactly(65534, 65533, 0750);
    }

    @Test
    void anotherOwner_isRefusedToAnybodyElseAndNothingIsWritten() {
        assumeThat(uid).isNotZero();
        NodePath path = directory.resolve("f");
        transport.writeAtomically(path, CONTENT, mine, List.of());
        assertThatThrownBy(() -> transport.writeAtomically(path, new byte[1], FileAttributes.ROOT_ONLY, List.of()))
                .isInstanceOf(NodeException.class)
                .hasMessage(
                        path + ": its owner cannot be set to 0:0: Operation not permitted. No file was written. Run as"
                                + " root, or give this user the right; root itself meets immutable flags (`lsattr`) only."
                                + " Then make the same call again");
        assertThat(transport.read(path)).hasValue(CONTENT);
    }

    @Test
    void anImmutableFile_isLeftAsItIs_andTheFlagIsNamed() throws Exception {
        NodePath path = directory.resolve("f");
        transport.writeAtomically(path, CONTENT, mine, List.of());
        assumeThat(new ProcessBuilder("chattr", "+i", path.value()).start().waitFor())
                .isZero();
        try {
            assertThatThrownBy(() -> transport.delete(path, List.of()))
                    .isInstanceOf(NodeException.class)
                    .hasMessageContaining("It stands as it was")
                    .hasMessageContaining("lsattr");
        } finally {
            assertThat(new ProcessBuilder("chattr", "-i", path.value()).start().waitFor())
                    .isZero();
        }
        assertThat(transport.read(path)).hasValue(CONTENT);
    }

    @Test
    void whatOthersDeleteAndMakeAnewAllTheTime_canBeDeleted() {
        NodePath path = directory.resolve("f");
        CompletableFuture<Boolean> others = CompletableFuture.supplyAsync(() -> {
            for (int i = 0; i < 1_000; i++) {
                transport.writeAtomically(path, CONTENT, mine, List.of());
                transport.delete(path, List.of());
            }
            return true;
        });
        while (!others.isDone()) {
            transport.delete(path, List.of());
        }
        assertThat(others.join()).isTrue();
        assertThat(transport.list(directory)).isEmpty();
    }

    @Test
    void whoTookTheLockOverHasSweptWhileGuardsWereChecked_nothingIsDeleted() {
        NodePath path = directory.resolve("f");
        transport.writeAtomically(path, CONTENT, mine, List.of());
        assertThatThrownBy(() ->
                        transport.delete(path, whileChecked(path, temporary -> transport.delete(temporary, List.of()))))
                .isInstanceOf(NodeException.class)
                .hasMessage(path + ": the directory made to take it away was swept meanwhile. It stands as it was."
                        + " Make the same call again");
        assertThat(transport.read(path)).hasValue(CONTENT);
    }

    /** A guard whose check takes as long as {@code work} on the temporary directory of a delete. */
    private List<Guard> whileChecked(NodePath path, Consumer<NodePath> work) {
        return new AbstractList<>() {
            @Override
            public Guard get(int index) {
                transport.list(directory).stream()
                        .filter(name -> name.startsWith(".rekey-"))
                        .forEach(name -> work.accept(directory.resolve(name)));
                return Guard.holds(path, CONTENT);
            }

            @Override
            public int size() {
                return 1;
            }
        };
    }

    @Test
    void whatWasMovedAwayCannotBeRemoved_whereItLiesIsTold() {
        assumeThat(uid).isZero();
        NodePath path = directory.resolve("f");
        transport.writeAtomically(path, CONTENT, mine, List.of());
        List<NodePath> appendOnly = new ArrayList<>();
        List<Guard> guards = whileChecked(path, temporary -> {
            assumeThat(run("chattr", "+a", temporary.value())).isZero();
            appendOnly.add(temporary);
        });
        try {
            assertThatThrownBy(() -> transport.delete(path, guards))
                    .isInstanceOf(NodeException.class)
                    .hasMessageStartingWith(path + ": it was moved to " + appendOnly.get(0) + "/.rekey-")
                    .hasMessageContaining(
                            "which cannot be removed: Operation not permitted. It is gone from where it was.");
            assertThat(transport.list(directory))
                    .containsExactly(appendOnly.get(0).name());
        } finally {
            for (NodePath left : appendOnly) {
                assertThat(run("chattr", "-a", left.value())).isZero();
                transport.list(left).forEach(name -> transport.delete(left.resolve(name), List.of()));
                transport.delete(left, List.of());
            }
        }
    }

    private static int run(String... command) {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            return -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return -1;
        }
    }

    @Test
    void anInterruptedThread_worksOnAndStaysInterrupted() {
        NodePath path = directory.resolve("sub/f");
        Thread.currentThread().interrupt();
        try {
            transport.writeAtomically(path, CONTENT, mine, List.of(Guard.absent(path)));
            assertThat(transport.read(path)).hasValue(CONTENT);
            transport.delete(path, List.of(Guard.holds(path, CONTENT)));
            assertThat(transport.list(path.parent())).isEmpty();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void aThreadThatIsInterruptedAgainAndAgain_writesWholeFiles() {
        NodePath path = directory.resolve("f");
        byte[] large = new byte[5 << 20];
        Thread writer = Thread.currentThread();
        Thread nuisance = new Thread(() -> {
            for (int i = 0; i < 100; i++) {
                writer.interrupt();
                LockSupport.parkNanos(2_000_000);
            }
        });
        nuisance.start();
        int writes = 0;
        while (nuisance.isAlive()) {
            large[0] = (byte) ++writes;
            transport.writeAtomically(path, large, mine, List.of());
            assertThat(transport.read(path)).hasValue(large);
        }
        assertThat(writes).isPositive();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void moreThan10MiB_isNeitherReadNorWritten() throws IOException {
        NodePath path = directory.resolve("large");
        try (RandomAccessFile file = new RandomAccessFile(path.value(), "rw")) {
            file.setLength((10 << 20) + 1);
        }
        assertThatThrownBy(() -> transport.read(path))
                .isInstanceOf(NodeException.class)
                .hasMessageStartingWith(path + ": is longer than 10 MiB, so it was not read.");
        assertThatThrownBy(() -> transport.writeAtomically(path, new byte[(10 << 20) + 1], mine, List.of()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith(path + ": 10485761 bytes are more than the 10 MiB");
    }

    @Test
    void aModeWithOtherBits_isRefused() {
        NodePath path = directory.resolve("f");
        FileAttributes decimal = new FileAttributes(uid, uid, 4600, 0700);
        assertThatThrownBy(() -> transport.writeAtomically(path, CONTENT, decimal, List.of()))
                .isInstanceOf(InvalidInputException.class);
        assertThat(transport.list(directory)).isEmpty();
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aPipe_isRefusedWithoutWaitingForItsWriter() throws Exception {
        NodePath path = directory.resolve("pipe");
        assumeThat(new ProcessBuilder("mkfifo", path.value()).start().waitFor()).isZero();
        assertThat(transport.stat(path).orElseThrow().type()).isEqualTo(FileStatus.Type.OTHER);
        assertThatThrownBy(() -> transport.read(path))
                .isInstanceOf(NodeException.class)
                .hasMessageStartingWith(path + ": is a socket, device or pipe, so it was not read.");
        assertThatThrownBy(() -> transport.writeAtomically(path, CONTENT, mine, List.of()))
                .isInstanceOf(NodeException.class);
        assertThatThrownBy(() -> transport.delete(path, List.of())).isInstanceOf(NodeException.class);
    }

    @Test
    void aDirectoryFurtherUpThatOthersMayChange_isRefusedAndNothingIsMade() throws IOException {
        Path open = Files.createDirectory(temporary.resolve("open"));
        Files.setAttribute(open, "unix:mode", 0775);
        NodePath path = directory.resolve("open/sub/f");
        assertThatThrownBy(() -> transport.writeAtomically(path, CONTENT, mine, List.of()))
                .isInstanceOf(NodeException.class)
                .hasMessage(
                        directory + "/open: is writable by group or others, who could put another file in the place of"
                                + " one written there, so nothing was written or deleted. Run chmod go-w on it, or set"
                                + " another path in the layout");
        assertThat(open).isEmptyDirectory();
    }

    @Test
    void aDirectoryFurtherUpThatIsALink_isFollowed() throws IOException {
        Files.createDirectory(temporary.resolve("real"));
        Files.createSymbolicLink(temporary.resolve("link"), Path.of("real"));
        transport.writeAtomically(directory.resolve("link/sub/f"), CONTENT, mine, List.of());
        assertThat(transport.read(directory.resolve("real/sub/f"))).hasValue(CONTENT);
    }

    @Test
    void aLinkToADirectoryThatOthersMayChange_isRefused() throws IOException {
        Path open = Files.createDirectory(temporary.resolve("open"));
        Files.createDirectory(open.resolve("real"));
        Files.setAttribute(open, "unix:mode", 0777);
        Files.createSymbolicLink(temporary.resolve("link"), Path.of("open/real"));
        NodePath path = directory.resolve("link/sub/f");
        assertThatThrownBy(() -> transport.writeAtomically(path, CONTENT, mine, List.of()))
                .isInstanceOf(NodeException.class)
                .hasMessageStartingWith(directory + "/open: is writable by group or others");
        assertThat(open.resolve("real")).isEmptyDirectory();
    }

    @Test
    void aGuardThatFails_namesItsPathAndMakesNoDirectory() {
        NodePath lock = directory.resolve("lock");
        NodePath path = directory.resolve("sub/f");
        assertThatThrownBy(() -> transport.writeAtomically(path, CONTENT, mine, List.of(Guard.holds(lock, CONTENT))))
                .isInstanceOf(ChangedMeanwhileException.class)
                .hasMessage(
                        lock + ": is gone, so " + path + " was not written. What stands is what somebody else made of"
                                + " it. Make the same call again: it looks anew");
        assertThat(transport.list(directory)).isEmpty();
    }

    @Test
    void aWriteThatFailsBehindItsDirectories_leavesNone() {
        NodePath path = directory.resolve("made/here/f");
        FileAttributes ofNobody = new FileAttributes(-1, mine.gid(), 0600, 0700);
        assertThatThrownBy(() -> transport.writeAtomically(path, CONTENT, ofNobody, List.of()))
                .isInstanceOf(NodeException.class)
                .hasMessageContaining("did not keep the size, owner or mode");
        assertThat(transport.list(directory)).isEmpty();
    }

    @Test
    void aNameWithALineEnd_isListedAsOneName() throws IOException {
        Files.createFile(temporary.resolve("two\nlines"));
        assertThat(transport.list(directory)).containsExactly("two\nlines");
    }

    @Test
    void everyError_saysWhereWhatWhatStandsAndWhatToDo() {
        NodePath path = NodePath.of("/d/f");
        assertThat(List.of(
                        failure(path, new java.nio.file.AccessDeniedException("/d/.rekey-1")),
                        failure(
                                path,
                                new java.nio.file.FileSystemException("/d/.rekey-1", null, "Read-only file system")),
                        failure(path, new IOException("No space left on device")),
                        failure(path, new IOException())))
                .containsExactly(
                        "/d/f: cannot be written: permission denied. It stands as it was. Run as root, or give this user the"
                                + " right; then make the same call again",
                        "/d/f: cannot be written: read-only file system. It stands as it was. Find out why it was mounted so"
                                + " (a failing disk often is the reason), then make the same call again",
                        "/d/f: cannot be written: no space left. It stands as it was. Free space on that file system, then"
                                + " make the same call again",
                        "/d/f: cannot be written: IOException. It stands as it was. Mend that, then make the same call"
                                + " again");
    }

    private static String failure(NodePath path, IOException e) {
        return LocalFiles.failure(path, "cannot be written", e, "It stands as it was.")
                .getMessage();
    }
}
