package dev.rekey.ssh;

import dev.rekey.manifest.NodePath;
import dev.rekey.spi.FileStatus;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Single steps on the files of a host, each durable when it returns unless it says otherwise. For one thread at a time.
 *
 * <p>A {@link HostFileException} is the host's refusal, any other {@link IOException} a lost connection: whether the step took
 * place is then unknown.
 */
interface HostFiles extends Closeable {
    /** Files larger than this are not read. */
    int LIMIT = 10 << 20;

    /** A link is not followed. */
    Optional<FileStatus> stat(NodePath path) throws IOException;

    /** Several at once, of {@code followed} what links lead to; in this order, empty where there is nothing. */
    List<Optional<FileStatus>> look(List<NodePath> paths, List<NodePath> followed) throws IOException;

    /** A regular file that {@link #stat} has shown, of at most {@link #LIMIT} bytes; empty where it is gone. */
    Optional<byte[]> read(NodePath path, FileStatus shown) throws IOException;

    /** Names without {@code .} and {@code ..}, in no order. */
    List<String> list(NodePath directory) throws IOException;

    /** Never wider than {@code mode}; its name is not yet durable. What is there is refused. */
    void makeDirectory(NodePath path, int uid, int gid, int mode) throws IOException;

    /** Of the session's own user, mode 0700; not durable. What is there is refused. */
    void makePrivateDirectory(NodePath path) throws IOException;

    /** A new file, whole and durable, never wider than {@code mode}; its name is not yet durable. One that is there is refused. */
    void create(NodePath path, byte[] content, int uid, int gid, int mode) throws IOException;

    /** In one directory; whatever is there is refused as EXISTS. Not yet durable. */
    void renameDirectory(NodePath from, NodePath to) throws IOException;

    /** In one directory or to one in it, over what is there; not yet durable. */
    void rename(NodePath from, NodePath to) throws IOException;

    /** A second name for a file; one that is there is refused as EXISTS. Not yet durable. */
    void link(NodePath from, NodePath to) throws IOException;

    /** Not yet durable. */
    void removeFile(NodePath path) throws IOException;

    /** An empty one; not yet durable. */
    void removeDirectory(NodePath path) throws IOException;

    /** What is gone already is no refusal; not yet durable. */
    default void removeIfThere(NodePath path, FileStatus.Type type) throws IOException {
        try {
            if (type == FileStatus.Type.DIRECTORY) {
                removeDirectory(path);
            } else {
                removeFile(path);
            }
        } catch (HostFileException e) {
            if (e.reason() != HostFileException.Reason.ABSENT) {
                throw e;
            }
        }
    }

    /** Makes the names in a directory durable. */
    void sync(NodePath directory) throws IOException;

    /** Whether a channel stays open between the steps, so that this is worth keeping. */
    boolean keepsChannel();

    @Override
    void close();
}
