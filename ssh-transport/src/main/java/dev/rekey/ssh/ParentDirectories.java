package dev.rekey.ssh;

import dev.rekey.manifest.NodePath;
import dev.rekey.spi.FileAttributes;
import dev.rekey.spi.FileStatus;
import dev.rekey.ssh.HostFileException.Reason;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The directories that a file lies in: which ones may be trusted, and making the missing ones. */
final class ParentDirectories {
    private static final int WRITABLE_BY_OTHERS = 0022;
    private static final int STICKY = 01000;

    private final HostFiles files;

    ParentDirectories(HostFiles files) {
        this.files = files;
    }

    /**
     * Those of {@code directory} and above that are not there, each durable in its own before the next. Whatever ends this when,
     * nobody finds one with another owner or mode.
     */
    void make(NodePath directory, FileAttributes attributes, Commit commit) throws IOException {
        Deque<NodePath> missing = new ArrayDeque<>();
        for (NodePath at = directory; files.stat(at).isEmpty(); at = at.parent()) {
            missing.push(at);
        }
        if (missing.isEmpty()) {
            return;
        }
        requireSafeAbove(missing.getFirst(), files.look(List.of(), above(missing.getFirst())));
        for (NodePath next : missing) {
            NodePath temporary = FileOperations.temporaryIn(next.parent());
            commit.making(temporary);
            files.makeDirectory(temporary, attributes.uid(), attributes.gid(), attributes.directoryMode());
            commit.making(next);
            try {
                files.renameDirectory(temporary, next);
                commit.gone(temporary);
            } catch (HostFileException e) {
                commit.gone(next);
                // Somebody else may have made it meanwhile: what they made is looked at by the caller.
                if (e.reason() != Reason.EXISTS) {
                    throw e;
                }
                files.removeIfThere(temporary, FileStatus.Type.DIRECTORY);
                commit.gone(temporary);
            }
            files.sync(next.parent());
        }
    }

    /**
     * One look at a file and at all that it lies in.
     *
     * @param above of the directory, links followed, the nearest first
     */
    record Place(
            NodePath directory,
            Optional<FileStatus> file,
            Optional<FileStatus> status,
            List<Optional<FileStatus>> above) {

        /** The directory is neither a link nor writable by others, and nobody else can put another one in its place. */
        void requireSafe() throws HostFileException {
            FileStatus found =
                    status.orElseThrow(() -> HostFileException.unfit("lies in " + directory + ", which is gone"));
            if (found.type() != FileStatus.Type.DIRECTORY) {
                throw HostFileException.unfit("lies in " + directory + ", which is a "
                        + FileOperations.name(found.type()) + ", not a directory");
            }
            if ((found.mode() & WRITABLE_BY_OTHERS) != 0) {
                throw writable(directory, found);
            }
            requireSafeAbove(directory, above);
        }
    }

    Place look(NodePath path) throws IOException {
        NodePath directory = path.parent();
        List<Optional<FileStatus>> found = files.look(List.of(path, directory), above(directory));
        return new Place(directory, found.get(0), found.get(1), found.subList(2, found.size()));
    }

    private static List<NodePath> above(NodePath directory) {
        List<NodePath> above = new ArrayList<>();
        for (NodePath at = directory; !at.equals(at.parent()); at = at.parent()) {
            above.add(at.parent());
        }
        return above;
    }

    private static void requireSafeAbove(NodePath directory, List<Optional<FileStatus>> found)
            throws HostFileException {
        List<NodePath> above = above(directory);
        for (int i = 0; i < above.size(); i++) {
            NodePath at = above.get(i);
            FileStatus status =
                    found.get(i).orElseThrow(() -> HostFileException.unfit("lies below " + at + ", which is gone"));
            boolean onlyOwnersRename = (status.mode() & STICKY) != 0 && status.uid() == 0;
            if ((status.mode() & WRITABLE_BY_OTHERS) != 0 && !onlyOwnersRename) {
                throw writable(at, status);
            }
        }
    }

    private static HostFileException writable(NodePath directory, FileStatus status) {
        return HostFileException.unfit(
                "lies in or below " + directory + ", where group or others could put another file in the place of"
                        + " one written there (mode 0" + Integer.toOctalString(status.mode()) + ")");
    }
}
