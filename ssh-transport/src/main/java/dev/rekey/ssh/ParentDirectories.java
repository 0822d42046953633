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

    /** Those that are not there, from {@code directory} upwards, in the order in which they have to be made. */
    Deque<NodePath> missing(NodePath directory) throws IOException {
        Deque<NodePath> missing = new ArrayDeque<>();
        NodePath existing = directory;
        while (files.stat(existing).isEmpty()) {
            missing.push(existing);
            existing = existing.parent();
        }
        return missing;
    }

    /** Each durable in its own before the next; nobody ever sees one with another owner or mode, whatever ends this when. */
    void make(Deque<NodePath> missing, FileAttributes attributes, Commit commit) throws IOException {
        requireSafeAbove(missing.getFirst());
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
                removeMade(temporary, commit);
            }
            files.sync(next.parent());
        }
    }

    private void removeMade(NodePath temporary, Commit commit) throws IOException {
        try {
            files.removeDirectory(temporary);
        } catch (HostFileException e) {
            if (e.reason() != Reason.ABSENT) {
                throw e;
            }
        }
        commit.gone(temporary);
    }

    /** Neither a link nor writable by others, and nobody else can put another one in its place. */
    void requireSafe(NodePath directory) throws IOException {
        FileStatus status = files.stat(directory)
                .orElseThrow(() -> HostFileException.unfit("lies in " + directory + ", which is gone"));
        if (status.type() != FileStatus.Type.DIRECTORY) {
            throw HostFileException.unfit("lies in " + directory + ", which is a " + FileOperations.name(status.type())
                    + ", not a directory");
        }
        if ((status.mode() & WRITABLE_BY_OTHERS) != 0) {
            throw writable(directory, status);
        }
        requireSafeAbove(directory);
    }

    private void requireSafeAbove(NodePath directory) throws IOException {
        List<NodePath> above = new ArrayList<>();
        for (NodePath at = directory; !at.equals(at.parent()); at = at.parent()) {
            above.add(at.parent());
        }
        if (above.isEmpty()) {
            return;
        }
        List<Optional<FileStatus>> found = files.follow(above);
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
