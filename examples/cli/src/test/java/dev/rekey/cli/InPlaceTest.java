package dev.rekey.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rekey.ChangedMeanwhileException;
import dev.rekey.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InPlaceTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("kube-apiserver.yaml"), "before\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-------", "rw-r-----", "rw-r--r--", "r--r--r--", "rw-rw-rw-"})
    void theModeStays(String mode) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));

        InPlace.replace(read(file), bytes("after\n"));

        assertThat(file).hasContent("after\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo(mode);
        assertNoLeftovers();
    }

    @Test
    void ownerAndGroupStay() throws IOException {
        assumeTrue(Files.getAttribute(folder, "unix:uid").equals(0), "only root can give files away");
        Files.setAttribute(file, "unix:uid", 65534);
        Files.setAttribute(file, "unix:gid", 12345);

        InPlace.replace(read(file), bytes("after\n"));

        Map<String, Object> found = Files.readAttributes(file, "unix:uid,gid");
        assertThat(found).containsEntry("uid", 65534).containsEntry("gid", 12345);
        assertThat(file).hasContent("after\n");
    }

    @Test
    void aLinkStaysOne_andItsFileIsReplaced() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);

        InPlace.replace(read(link), bytes("after\n"));

        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(file).hasContent("after\n");
        assertThat(Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)).isTrue();
    }

    /** A rename gives the new text to one name alone, and nobody would notice that the others keep the old one. */
    @Test
    void aFileWithSeveralNames_isNotReplaced() throws IOException {
        Path other = Files.createLink(folder.resolve("other"), file);
        Path link = Files.createSymbolicLink(folder.resolve("link"), other);

        for (Path given : List.of(file, other, link)) {
            assertThatThrownBy(() -> InPlace.replace(read(given), bytes("after\n")))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith(
                            given
                                    + ": has 2 names (hard links), and the others would keep the old text; nothing was changed. ")
                    .hasMessageContaining("leave out --in-place");
        }
        assertThat(file).hasContent("before\n");
        assertThat(Files.isSameFile(file, other)).isTrue();

        Files.delete(other);
        InPlace.replace(read(file), bytes("after\n"));
        assertThat(file).hasContent("after\n");
    }

    @Test
    void aReaderAtAnyMoment_seesTheOldOrTheNewTextWhole_andADirectoryNoOtherFileThanDotfiles() throws Exception {
        byte[] old = bytes("old ".repeat(50_000));
        byte[] next = bytes("new ".repeat(60_000));
        Files.write(file, old);
        AtomicBoolean done = new AtomicBoolean();
        Set<String> expected = Set.of(text(old), text(next));
        ExecutorService reader = Executors.newSingleThreadExecutor();
        try {
            Future<List<String>> strange = reader.submit(() -> {
                List<String> found = new ArrayList<>();
                while (!done.get()) {
                    if (!expected.contains(Files.readString(file))) {
                        found.add("another text");
                    }
                    names().stream().filter(name -> !name.startsWith(".rekey-")).forEach(name -> {
                        if (!name.equals("kube-apiserver.yaml")) {
                            found.add(name);
                        }
                    });
                }
                return found;
            });
            for (int i = 0; i < 40; i++) {
                InPlace.replace(read(file), i % 2 == 0 ? next : old);
            }
            done.set(true);
            assertThat(strange.get()).isEmpty();
        } finally {
            done.set(true);
            reader.shutdown();
        }
        assertNoLeftovers();
    }

    @Test
    void whatSomebodyChangedMeanwhile_stays() throws IOException {
        Input read = read(file);
        Files.writeString(file, "theirs\n");

        assertThatThrownBy(() -> InPlace.replace(read, bytes("after\n")))
                .isInstanceOf(ChangedMeanwhileException.class)
                .hasMessageContaining("was changed by somebody meanwhile");
        assertThat(file).hasContent("theirs\n");
        assertNoLeftovers();
    }

    @Test
    void whereNoFileCanBeMade_theReasonIsTold_andNothingChanges() {
        Path unwritable = Path.of("/proc/self/comm");
        assumeTrue(Files.isRegularFile(unwritable), "there is no /proc here");

        assertThatThrownBy(() -> InPlace.replace(read(unwritable), bytes("after\n")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("/proc/self/comm: cannot be replaced (")
                .hasMessageNotContaining(".rekey-");
    }

    @Test
    void standardInput_andWhatIsNoFile_areNotReplaced() {
        assertThatThrownBy(() -> InPlace.replace(Input.read("-", InputStream.nullInputStream()), bytes("x")))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> InPlace.replace(read(Path.of("/dev/null")), bytes("x")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("is no regular file");
    }

    private static Input read(Path path) {
        return Input.read(path.toString(), InputStream.nullInputStream());
    }

    private void assertNoLeftovers() throws IOException {
        assertThat(names()).containsExactly("kube-apiserver.yaml");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).toList();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
