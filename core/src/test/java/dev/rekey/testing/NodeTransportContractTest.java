package dev.rekey.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.NodeException;
import dev.rekey.manifest.NodePath;
import dev.rekey.spi.FileAttributes;
import dev.rekey.spi.FileStatus;
import dev.rekey.spi.Guard;
import dev.rekey.spi.LocalTransport;
import dev.rekey.spi.NodeTransport;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checks find what they are there for: each transport here lacks one property. */
class NodeTransportContractTest {
    @TempDir
    Path directory;

    @Test
    void aTransportThatKeepsThePromise_passes() {
        assertThatCode(() -> NodeTransportContract.check(LocalTransport::new, empty()))
                .doesNotThrowAnyException();
    }

    @Test
    void guardsIgnored_isFound() {
        assertThat(missing(new Sabotaged() {
                    @Override
                    public void writeAtomically(NodePath path, byte[] content, FileAttributes as, List<Guard> guards) {
                        super.writeAtomically(path, content, as, List.of());
                    }
                }))
                .contains(
                        "another file that changed => nothing is written, and the guarded path is named",
                        "another file that is gone => nothing is written",
                        "another file that should be absent => nothing is written",
                        "the last of many guards fails => nothing is written",
                        "the written file should be absent => the first write makes it, the second fails",
                        "many writers that each want the file absent => exactly one wins");
    }

    @Test
    void absenceCheckedAndThenRenamed_isFound() {
        assertThat(missing(new Sabotaged() {
                    @Override
                    public void writeAtomically(NodePath path, byte[] content, FileAttributes as, List<Guard> guards) {
                        if (guards.contains(Guard.absent(path))) {
                            super.writeAtomically(path.parent().resolve("probe"), content, as, guards);
                            super.delete(path.parent().resolve("probe"), List.of());
                            waitForSecond(path);
                            super.writeAtomically(path, content, as, List.of());
                        } else {
                            super.writeAtomically(path, content, as, guards);
                        }
                    }
                }))
                .containsExactly("many writers that each want the file absent => exactly one wins");
    }

    @Test
    void guardsOfADeleteIgnored_isFound() {
        assertThat(missing(new Sabotaged() {
                    @Override
                    public void delete(NodePath path, List<Guard> guards) {
                        super.delete(path, List.of());
                    }
                }))
                .containsExactly("a guard that fails => nothing is deleted");
    }

    @Test
    void writtenInPlace_isFound() {
        assertThat(missing(new Sabotaged() {
                    @Override
                    public void writeAtomically(NodePath path, byte[] content, FileAttributes as, List<Guard> guards) {
                        if (Files.isRegularFile(local(path)) && guards.isEmpty()) {
                            write(path, content);
                        } else {
                            super.writeAtomically(path, content, as, guards);
                        }
                    }
                }))
                .contains("a reader while the file is replaced => sees the old or the new one, whole")
                .contains("a file with a wider mode => has the narrow one after the write");
    }

    @Test
    void openToOthersUntilItIsRenamed_isFound() {
        assertThat(missing(new Sabotaged() {
                    @Override
                    public void writeAtomically(NodePath path, byte[] content, FileAttributes as, List<Guard> guards) {
                        if (content.length < 1 << 20 || path.name().equals(".rekey-open")) {
                            super.writeAtomically(path, content, as, guards);
                            return;
                        }
                        NodePath open = path.parent().resolve(".rekey-open");
                        super.writeAtomically(
                                open,
                                content,
                                new FileAttributes(as.uid(), as.gid(), 0644, as.directoryMode()),
                                guards);
                        write(open, content);
                        NodeTransportContract.Member.THIS_MACHINE.setMode(open, as.mode());
                        move(open, path);
                    }
                }))
                .containsExactly("a large secret file in the making => is never open to others");
    }

    @Test
    void linksFollowed_isFound() {
        assertThat(missing(new Sabotaged() {
                    @Override
                    public Optional<byte[]> read(NodePath path) {
                        return super.read(resolved(path));
                    }

                    @Override
                    public Optional<FileStatus> stat(NodePath path) {
                        return super.stat(resolved(path));
                    }

                    @Override
                    public List<String> list(NodePath path) {
                        return super.list(resolved(path));
                    }
                }))
                .containsExactly(
                        "a link to a file => is seen as a link, and neither read, replaced nor followed",
                        "a directory that is a link => is neither listed nor written to");
    }

    @Test
    void dotfilesHiddenOrUnsorted_isFound() {
        assertThat(missing(new Sabotaged() {
                    @Override
                    public List<String> list(NodePath path) {
                        return super.list(path).stream()
                                .filter(name -> !name.startsWith("."))
                                .toList();
                    }
                }))
                .contains("files, dotfiles and directories => are listed by name, sorted, without . and ..");
    }

    @Test
    void namesThatAreNoTextHidden_isFound() {
        assertThat(missing(new Sabotaged() {
                    @Override
                    public List<String> list(NodePath path) {
                        return super.list(path).stream()
                                .filter(name -> path.entry(name).isPresent())
                                .toList();
                    }
                }))
                .containsExactly("names that are no text or take two lines => are one entry each, and disturb nothing");
    }

    @Test
    void directoriesMadeInVain_isFound() {
        assertThat(missing(new Sabotaged() {
                    @Override
                    public void writeAtomically(NodePath path, byte[] content, FileAttributes as, List<Guard> guards) {
                        super.writeAtomically(path.parent().resolve("probe"), content, as, guards);
                        super.delete(path.parent().resolve("probe"), List.of());
                        super.writeAtomically(path, content, as, guards);
                    }
                }))
                .contains(
                        "a name that is too long, below directories that are missing => is refused, and none is made");
    }

    @Test
    void namesTakenForPatterns_isFound() {
        assertThat(missing(new Sabotaged() {
                    @Override
                    public void delete(NodePath path, List<Guard> guards) {
                        for (String name : super.list(path.parent())) {
                            if (name.startsWith("b") && path.name().equals("b*")) {
                                super.delete(path.parent().resolve(name), guards);
                            }
                        }
                        super.delete(path, guards);
                    }
                }))
                .containsExactly("a pattern that fits other files => deletes only the file of that name");
    }

    @Test
    void textInsteadOfBytes_isFound() {
        assertThat(missing(new Sabotaged() {
                    @Override
                    public Optional<byte[]> read(NodePath path) {
                        return super.read(path)
                                .map(bytes -> new String(bytes).strip().getBytes());
                    }
                }))
                .contains("every byte, NUL and both line ends among them => comes back as written");
    }

    @Test
    void anErrorThatQuotesContent_isFound() {
        assertThatThrownBy(() -> NodeTransportContract.check(
                        () -> new Sabotaged() {
                            @Override
                            public void writeAtomically(
                                    NodePath path, byte[] content, FileAttributes as, List<Guard> guards) {
                                try {
                                    super.writeAtomically(path, content, as, guards);
                                } catch (NodeException e) {
                                    throw new NodeException(path + ": cannot write " + new String(content));
                                }
                            }
                        },
                        empty()))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("the error quotes content")
                .hasMessageNotContaining("bmVlZGxl");
    }

    private NodePath empty() throws IOException {
        return NodePath.of(directory.toRealPath().toString());
    }

    private List<String> missing(NodeTransport sabotaged) {
        List<String> missing = new ArrayList<>();
        try {
            for (NodeTransportContract.Case each :
                    NodeTransportContract.cases(() -> sabotaged, empty(), NodeTransportContract.Member.THIS_MACHINE)) {
                try {
                    each.body().run();
                } catch (AssertionError | RuntimeException e) {
                    missing.add(each.name());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return missing;
    }

    private static class Sabotaged extends ForwardingTransport {
        private final Thread test = Thread.currentThread();
        private final Map<NodePath, CountDownLatch> arrivals = new ConcurrentHashMap<>();
        private final AtomicInteger looks = new AtomicInteger();
        private volatile @Nullable Thread watcher;

        Sabotaged() {
            super(new LocalTransport());
        }

        static Path local(NodePath path) {
            return Path.of(path.value());
        }

        static NodePath resolved(NodePath path) {
            try {
                return NodePath.of(local(path).toRealPath().toString());
            } catch (IOException e) {
                return path;
            }
        }

        /** In two parts, between which a thread that looks around has time to look. */
        void write(NodePath path, byte[] content) {
            try (OutputStream out = Files.newOutputStream(local(path))) {
                out.write(content, 0, content.length / 2);
                waitForLooks();
                out.write(content, content.length / 2, content.length - content.length / 2);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void waitForLooks() {
            Thread other = watcher;
            int before = looks.get();
            // The second look to begin says that the first is over.
            while (other != null && other.isAlive() && looks.get() < before + 2) {
                Thread.onSpinWait();
            }
        }

        /** Until two threads have come here for the path; the test's own thread is always alone. */
        void waitForSecond(NodePath path) {
            CountDownLatch both = arrivals.computeIfAbsent(path, p -> new CountDownLatch(2));
            both.countDown();
            try {
                if (Thread.currentThread() != test) {
                    both.await(1, TimeUnit.MINUTES);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void look() {
            if (Thread.currentThread() != test) {
                watcher = Thread.currentThread();
                looks.incrementAndGet();
            }
        }

        static void move(NodePath from, NodePath to) {
            try {
                Files.move(local(from), local(to), StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public Optional<byte[]> read(NodePath path) {
            look();
            return super.read(path);
        }

        @Override
        public List<String> list(NodePath directory) {
            look();
            return super.list(directory);
        }
    }
}
