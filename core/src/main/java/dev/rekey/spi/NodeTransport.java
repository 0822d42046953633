package dev.rekey.spi;

import dev.rekey.manifest.NodePath;
import java.util.List;
import java.util.Optional;

/**
 * The files of one member: five operations and no commands.
 *
 * <p>Safe for threads. Each operation ends within its own deadline of at most 30 s, with a {@link dev.rekey.NodeException} where
 * the member cannot be reached or refuses; whether a write whose answer was lost took place is then unknown, and the caller
 * observes again. No operation follows a link in the last part of its path. {@code dev.rekey.testing.NodeTransportContract}
 * checks an implementation.
 */
public interface NodeTransport extends AutoCloseable {
    /** How the name of a temporary file or directory begins; kubelet ignores dotfiles. */
    String TEMPORARY_PREFIX = ".rekey-";

    /** The whole file, at most 10 MiB; empty where there is none. A directory or link there is a failure. */
    Optional<byte[]> read(NodePath path);

    /**
     * Replaces or makes a file so that a reader, a crash or a power loss at any moment sees the old or the new one, whole, and
     * never with wider permissions than {@code attributes}. Missing parents are made. The new content is made as a dotfile of
     * the prefix {@link #TEMPORARY_PREFIX} in the same directory; a leftover one may be swept by anybody who holds the lock.
     *
     * <p>{@code guards} are checked on the member right before the rename: one that fails is a
     * {@link dev.rekey.ChangedMeanwhileException} and nothing is written. An absence guard on {@code path} itself is exclusive.
     */
    void writeAtomically(NodePath path, byte[] content, FileAttributes attributes, List<Guard> guards);

    /**
     * Removes a file or an empty directory; nothing there is success, a directory that is not empty is a failure.
     *
     * <p>A file that bears no temporary name leaves its path by one rename, into a directory of the prefix {@link
     * #TEMPORARY_PREFIX} that was made beside it before {@code guards} were checked. So a delete that was held up after its guards
     * fails, as a write does, once whoever took the lock over has swept.
     */
    void delete(NodePath path, List<Guard> guards);

    /** What is at {@code path}; empty where there is nothing. */
    Optional<FileStatus> stat(NodePath path);

    /**
     * The names in a directory, dotfiles too, sorted; empty where there is no such directory. What is not UTF-8 comes as U+FFFD:
     * the entry is there, and no path leads to it ({@link NodePath#entry}).
     */
    List<String> list(NodePath directory);

    /** Frees what is held; afterwards no thread of the transport lives. Twice is once. */
    @Override
    void close();
}
