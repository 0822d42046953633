package dev.rekey.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.ChangedMeanwhileException;
import dev.rekey.manifest.NodePath;
import dev.rekey.spi.FileAttributes;
import dev.rekey.spi.FileStatus;
import dev.rekey.spi.Guard;
import dev.rekey.ssh.HostFileException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What others do between two steps, and what a failed step leaves. */
class FileOperationsTest {
    private static final byte[] MINE = "mine".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] THEIRS = "theirs".getBytes(StandardCharsets.US_ASCII);
    private static final NodePath FILE = NodePath.of("/f");
    private static final NodePath LOCK = NodePath.of("/lock");
    private static final NodePath DEEP = NodePath.of("/made/here/f");
    private static final FileAttributes ATTRIBUTES = new FileAttributes(12, 34, 0640, 0750);

    private final Leftovers leftovers = new Leftovers();
    private MemoryFiles.Before before = (step, path) -> {};
    private final MemoryFiles files = new MemoryFiles((step, path) -> before.step(step, path));
    private final FileOperations operations = new FileOperations("cp1", files, leftovers);
    private Commit commit = new Commit(new Attempt(Duration.ofMinutes(1)));

    private void write(NodePath path, Guard... guards) throws IOException {
        operations.write(path, MINE, ATTRIBUTES, List.of(guards), commit);
    }

    @Test
    void theLockIsLostAtAnyStepBeforeTheRename_nothingIsDeleted() throws IOException {
        files.put(FILE, MINE);
        files.put(LOCK, MINE);
        List<Guard> guards = List.of(Guard.holds(LOCK, MINE));
        operations.delete(FILE, guards, commit);
        assertThat(files.entries).containsOnlyKeys(NodePath.of("/"), LOCK);
        List<String> all = List.copyOf(files.steps);
        String rename = "rename /.rekey-*/.rekey-*";
        assertThat(all)
                .containsSubsequence(
                        "makeDirectory /.rekey-*",
                        "read /lock",
                        rename,
                        "removeFile /.rekey-*/.rekey-*",
                        "removeDirectory /.rekey-*",
                        "sync /");
        for (int at = 0; at <= all.indexOf("read /lock"); at++) {
            files.put(FILE, MINE);
            files.put(LOCK, MINE);
            files.steps.clear();
            int lostAt = at + 1;
            before = (step, path) -> {
                if (files.steps.size() == lostAt) {
                    files.put(LOCK, THEIRS);
                }
            };
            assertThatThrownBy(() -> operations.delete(FILE, guards, commit))
                    .as("lost at " + all.get(at))
                    .isInstanceOf(ChangedMeanwhileException.class);
            assertThat(files.entries).containsOnlyKeys(NodePath.of("/"), FILE, LOCK);
        }
        // Nothing lies between: what comes next is the rename.
        assertThat(all.get(all.indexOf("read /lock") + 1)).isEqualTo(rename);
    }

    @Test
    void whoTookTheLockOverHasSweptBetweenGuardsAndRename_nothingIsDeleted() {
        files.put(FILE, MINE);
        before = (step, path) -> {
            if (step.equals("rename")) {
                files.entries.keySet().removeIf(each -> each.name().startsWith(".rekey-"));
            }
        };
        assertThatThrownBy(() -> operations.delete(FILE, List.of(), commit))
                .isInstanceOfSatisfying(
                        HostFileException.class,
                        e -> assertThat(Complaint.whatStands(commit, e)).isEqualTo("Nothing was changed"))
                .hasMessage("the directory made to take it away was swept meanwhile");
        assertThat(files.entries).containsOnlyKeys(NodePath.of("/"), FILE);
    }

    @Test
    void somebodyElseDeletesItMeanwhile_itIsDeleted() throws IOException {
        files.put(FILE, MINE);
        before = (step, path) -> {
            if (step.equals("rename")) {
                files.entries.remove(FILE);
            }
        };
        operations.delete(FILE, List.of(), commit);
        assertThat(files.entries).containsOnlyKeys(NodePath.of("/"));
    }

    @Test
    void theConnectionIsLostAtAnyStepOfADelete_theFileIsThereOrGone_andTheNextDeleteSweeps() throws IOException {
        files.put(FILE, MINE);
        operations.delete(FILE, List.of(), commit);
        List<String> all = List.copyOf(files.steps);
        for (int at = 0; at < all.size(); at++) {
            boolean changes = !all.get(at).matches("(stat|look|read) .*");
            for (boolean done : changes ? new boolean[] {false, true} : new boolean[] {false}) {
                lostAt(at, done);
                files.put(FILE, MINE);
                try {
                    operations.delete(FILE, List.of(), commit);
                } catch (IOException e) {
                    assertThat(e).as("lost at " + all.get(at)).isExactlyInstanceOf(IOException.class);
                }
                assertThat(files.entries.containsKey(FILE))
                        .as("lost at " + all.get(at))
                        .isEqualTo(commit.stage() != Commit.Stage.DONE
                                && !(all.get(at).startsWith("rename") && done));
                before = (step, path) -> {};
                commit = new Commit(new Attempt(Duration.ofMinutes(1)));
                operations.delete(FILE, List.of(), commit);
                assertThat(files.entries).as("lost at " + all.get(at)).containsOnlyKeys(NodePath.of("/"));
            }
        }
    }

    @Test
    void theHostWasResetBehindTheRename_theOldThatCameBackIsNotCalledDone() throws IOException {
        write(FILE);
        files.put(FILE, THEIRS);
        assertThatThrownBy(() -> operations.settle(Guard.holds(FILE, MINE), commit))
                .isInstanceOfSatisfying(
                        IOException.class,
                        e -> assertThat(Complaint.whatStands(commit, e))
                                .isEqualTo("The old or the new stands there, whole; which one is not known"));
        files.put(FILE, MINE);
        files.steps.clear();
        operations.settle(Guard.holds(FILE, MINE), commit);
        assertThat(files.steps).endsWith("read /f", "sync /");
        assertThat(commit.stage()).isEqualTo(Commit.Stage.DONE);
    }

    @Test
    void aGuardOfWhatIsNotThere_isCheckedAllTheSame() {
        assertThatThrownBy(() -> operations.delete(FILE, List.of(Guard.holds(LOCK, MINE)), commit))
                .isInstanceOf(ChangedMeanwhileException.class);
    }

    @Test
    void theConnectionIsLostAtAnyStep_directoriesAreAbsentOrRight_andTheNextWriteSweeps() throws IOException {
        write(DEEP);
        List<String> all = List.copyOf(files.steps);
        assertThat(all)
                .containsSubsequence(
                        "makeDirectory /.rekey-*",
                        "renameDirectory /made",
                        "sync /",
                        "makeDirectory /made/.rekey-*",
                        "renameDirectory /made/here",
                        "sync /made",
                        "create /made/here/.rekey-*",
                        "rename /made/here/f");
        for (int at = 0; at < all.size(); at++) {
            boolean changes = !all.get(at).matches("(stat|look|read) .*");
            for (boolean done : changes ? new boolean[] {false, true} : new boolean[] {false}) {
                lostAt(at, done);
                assertThatThrownBy(() -> write(DEEP))
                        .as("lost at " + all.get(at))
                        .isExactlyInstanceOf(IOException.class);
                directoriesAreRightOrAbsent();
                String told = Complaint.whatStands(commit, new IOException("lost"));
                for (NodePath left : files.entries.keySet()) {
                    if (commit.stage() != Commit.Stage.DONE && !left.value().equals("/") && !left.equals(DEEP)) {
                        assertThat(told).contains(left.value()).doesNotContain("Nothing was changed");
                    }
                }
                before = (step, path) -> {};
                commit = new Commit(new Attempt(Duration.ofMinutes(1)));
                write(DEEP);
                directoriesAreRightOrAbsent();
                assertThat(files.entries.keySet())
                        .as("lost at " + all.get(at))
                        .containsExactly(NodePath.of("/"), NodePath.of("/made"), NodePath.of("/made/here"), DEEP);
            }
        }
    }

    /** @param done whether the step itself took place, and only its answer is lost */
    private void lostAt(int at, boolean done) {
        files.entries.keySet().removeIf(path -> !path.value().equals("/"));
        files.steps.clear();
        commit = new Commit(new Attempt(Duration.ofMinutes(1)));
        before = (step, path) -> {
            if (files.steps.size() == at + 1 && step.endsWith(" done") == done) {
                throw new IOException("lost");
            }
        };
    }

    private void directoriesAreRightOrAbsent() {
        for (NodePath path : List.of(NodePath.of("/made"), NodePath.of("/made/here"))) {
            Optional.ofNullable(files.entries.get(path))
                    .ifPresent(entry -> assertThat(entry)
                            .extracting(MemoryFiles.Entry::uid, MemoryFiles.Entry::gid, MemoryFiles.Entry::mode)
                            .containsExactly(12, 34, 0750));
        }
    }

    @Test
    void theHostRefusesAnyStep_whatWasMadeIsTakenAway_andNothingWasChangedIsTrue() throws IOException {
        write(DEEP);
        List<String> all = List.copyOf(files.steps);
        for (int at = 0; at < all.indexOf("rename /made/here/f"); at++) {
            files.entries.keySet().removeIf(path -> !path.value().equals("/"));
            files.steps.clear();
            commit = new Commit(new Attempt(Duration.ofMinutes(1)));
            int refused = at + 1;
            before = (step, path) -> {
                if (files.steps.size() == refused) {
                    throw new HostFileException(Reason.FULL, "the file system is full");
                }
            };
            HostFileException refusal = new HostFileException(Reason.OTHER, "none");
            try {
                write(DEEP);
            } catch (HostFileException e) {
                refusal = e;
            }
            assertThat(refusal.reason()).as("refused " + all.get(at)).isEqualTo(Reason.FULL);
            assertThat(files.entries).as("refused " + all.get(at)).containsOnlyKeys(NodePath.of("/"));
            assertThat(Complaint.whatStands(commit, refusal)).isEqualTo("Nothing was changed");
        }
    }

    @Test
    void whatCannotBeTakenAway_isTold() {
        before = (step, path) -> {
            if (step.equals("create") || step.equals("removeDirectory")) {
                throw new HostFileException(Reason.READ_ONLY, "the file system is read-only");
            }
        };
        assertThatThrownBy(() -> write(DEEP)).isInstanceOf(HostFileException.class);
        assertThat(Complaint.whatStands(commit, new HostFileException(Reason.READ_ONLY, "")))
                .isEqualTo("It is as it was; made on the way, and perhaps left there: /made, /made/here");
    }

    @Test
    void theLockIsLostBehindTheDirectories_theyAreTakenAway() {
        files.put(LOCK, MINE);
        before = (step, path) -> {
            if (step.equals("create")) {
                files.put(LOCK, THEIRS);
            }
        };
        assertThatThrownBy(() -> write(DEEP, Guard.holds(LOCK, MINE))).isInstanceOf(ChangedMeanwhileException.class);
        assertThat(files.entries).containsOnlyKeys(NodePath.of("/"), LOCK);
    }

    @Test
    void somebodyElseMakesTheDirectoryMeanwhile_itIsTheirs() throws IOException {
        List<String> made = new ArrayList<>();
        before = (step, path) -> {
            if (step.equals("renameDirectory") && made.isEmpty()) {
                made.add(path.value());
                files.entries.put(path, new MemoryFiles.Entry(FileStatus.Type.DIRECTORY, new byte[0], 0, 0, 0700));
            }
        };
        write(NodePath.of("/made/f"));
        assertThat(files.entries).containsOnlyKeys(NodePath.of("/"), NodePath.of("/made"), NodePath.of("/made/f"));
        assertThat(files.entries.get(NodePath.of("/made")).mode()).isEqualTo(0700);
    }
}
