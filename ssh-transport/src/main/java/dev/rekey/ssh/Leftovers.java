package dev.rekey.ssh;

import dev.rekey.RekeyException;
import dev.rekey.manifest.NodePath;
import dev.rekey.spi.FileStatus;
import dev.rekey.spi.NodeTransport;
import dev.rekey.ssh.HostFileException.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Temporary files and directories whose removal could not be seen to succeed, for the next write to sweep. Shared by all
 * operations of a transport; safe for threads.
 */
final class Leftovers {
    private final Collection<NodePath> paths = new ConcurrentLinkedQueue<>();

    /** Those among the traces that bear a temporary name. */
    void keep(Commit commit) {
        commit.traces().stream()
                .filter(trace -> trace.name().startsWith(NodeTransport.TEMPORARY_PREFIX) && !paths.contains(trace))
                .forEach(paths::add);
    }

    void sweep(HostFiles files, Commit commit) throws IOException {
        for (NodePath path : lastFirst(paths)) {
            remove(files, path, commit);
        }
    }

    /**
     * Takes away what an operation has made, directories too; false where the host refused. What led here is more worth telling
     * than a lost connection now.
     */
    boolean undo(HostFiles files, Commit commit) {
        try {
            for (NodePath path : lastFirst(commit.traces())) {
                remove(files, path, commit);
            }
            return commit.traces().isEmpty();
        } catch (IOException | RekeyException e) {
            return true;
        } finally {
            keep(commit);
        }
    }

    /** What lies in a directory before the directory. */
    private static List<NodePath> lastFirst(Collection<NodePath> made) {
        List<NodePath> lastFirst = new ArrayList<>(made);
        Collections.reverse(lastFirst);
        return lastFirst;
    }

    private void remove(HostFiles files, NodePath path, Commit commit) throws IOException {
        try {
            Optional<FileStatus> status = files.stat(path);
            if (status.isPresent()) {
                files.removeIfThere(path, status.get().type());
            }
        } catch (HostFileException e) {
            if (e.reason() != Reason.ABSENT) {
                return;
            }
        }
        paths.remove(path);
        commit.gone(path);
    }
}
