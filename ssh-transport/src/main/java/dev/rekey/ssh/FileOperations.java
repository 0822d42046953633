package dev.rekey.ssh;

import dev.rekey.ChangedMeanwhileException;
import dev.rekey.RekeyException;
import dev.rekey.manifest.NodePath;
import dev.rekey.spi.FileAttributes;
import dev.rekey.spi.FileStatus;
import dev.rekey.spi.Guard;
import dev.rekey.spi.NodeTransport;
import dev.rekey.ssh.HostFileException.Reason;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** The operations of a transport, made of the single steps of a host. The order of the steps is what makes a write atomic. */
final class FileOperations {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String host;
    private final HostFiles files;
    private final Leftovers leftovers;
    private final ParentDirectories parents;

    FileOperations(String host, HostFiles files, Leftovers leftovers) {
        this.host = host;
        this.files = files;
        this.leftovers = leftovers;
        this.parents = new ParentDirectories(files);
    }

    Optional<byte[]> read(NodePath path) throws IOException {
        Optional<FileStatus> status = files.stat(path);
        if (status.isEmpty()) {
            return Optional.empty();
        }
        if (status.get().type() != FileStatus.Type.FILE) {
            throw HostFileException.unfit("is a " + name(status.get().type()) + ", not a file");
        }
        Optional<byte[]> content =
                status.get().size() > HostFiles.LIMIT ? Optional.empty() : files.read(path, status.get());
        if (status.get().size() > HostFiles.LIMIT
                || content.filter(c -> c.length > HostFiles.LIMIT).isPresent()) {
            throw HostFileException.unfit("is larger than 10 MiB");
        }
        return content;
    }

    Optional<FileStatus> stat(NodePath path) throws IOException {
        return files.stat(path);
    }

    List<String> list(NodePath directory) throws IOException {
        Optional<FileStatus> status = files.stat(directory);
        if (status.isEmpty()) {
            return List.of();
        }
        if (status.get().type() != FileStatus.Type.DIRECTORY) {
            throw HostFileException.unfit("is a " + name(status.get().type()) + ", not a directory");
        }
        List<String> names = new ArrayList<>(files.list(directory));
        Collections.sort(names);
        return List.copyOf(names);
    }

    void write(NodePath path, byte[] content, FileAttributes attributes, List<Guard> guards, Commit commit)
            throws IOException {
        leftovers.sweep(files, commit);
        try {
            prepare(path, attributes, guards, commit).requireSafe();
            NodePath temporary = temporaryIn(path.parent());
            commit.making(temporary);
            files.create(temporary, content, attributes.uid(), attributes.gid(), attributes.mode());
            check(guards);
            publish(temporary, path, guards.contains(Guard.absent(path)), commit);
        } catch (HostFileException | RekeyException e) {
            leftovers.undo(files, commit);
            throw e;
        } catch (IOException e) {
            leftovers.keep(commit);
            throw e;
        }
        files.sync(path.parent());
    }

    /** Where the file may be replaced or made, and its directory is there. */
    private ParentDirectories.Place prepare(NodePath path, FileAttributes attributes, List<Guard> guards, Commit commit)
            throws IOException {
        ParentDirectories.Place place = parents.look(path);
        if (place.file().isPresent() && place.file().get().type() != FileStatus.Type.FILE) {
            throw HostFileException.unfit("is a " + name(place.file().get().type()) + ", not a file");
        }
        if (place.status().isPresent()) {
            return place;
        }
        check(guards); // Here only so that no directory is made in vain.
        parents.make(path.parent(), attributes, commit);
        return parents.look(path);
    }

    private void publish(NodePath temporary, NodePath path, boolean exclusively, Commit commit) throws IOException {
        commit.begin();
        if (!exclusively) {
            files.rename(temporary, path);
            commit.done();
            return;
        }
        try {
            files.link(temporary, path);
        } catch (HostFileException e) {
            if (e.reason() == Reason.EXISTS) {
                throw new ChangedMeanwhileException(
                        host + ", " + path
                                + ": it is there, though it was to be made anew; nothing was written. Make the same call again");
            }
            throw e;
        }
        commit.done();
        // The second name of what now stands there.
        commit.making(temporary);
        leftovers.undo(files, commit);
    }

    void delete(NodePath path, List<Guard> guards, Commit commit) throws IOException {
        leftovers.sweep(files, commit);
        ParentDirectories.Place place = parents.look(path);
        if (place.file().isEmpty()) {
            check(guards);
            return;
        }
        place.requireSafe();
        FileStatus.Type type = place.file().get().type();
        if (type != FileStatus.Type.FILE && type != FileStatus.Type.DIRECTORY) {
            throw HostFileException.unfit("is a " + name(type) + ", neither a file nor a directory");
        }
        boolean removed = true;
        try {
            if (type == FileStatus.Type.DIRECTORY || path.name().startsWith(NodeTransport.TEMPORARY_PREFIX)) {
                remove(path, type, guards, commit);
            } else {
                removed = moveAway(path, guards, commit);
            }
        } catch (HostFileException | RekeyException e) {
            leftovers.undo(files, commit);
            throw e;
        } catch (IOException e) {
            leftovers.keep(commit);
            throw e;
        }
        files.sync(path.parent());
        if (!removed) {
            throw new HostFileException(
                    Reason.OTHER, "it is gone from there, and what it was moved to cannot be removed");
        }
    }

    private void remove(NodePath path, FileStatus.Type type, List<Guard> guards, Commit commit) throws IOException {
        check(guards);
        commit.begin();
        files.removeIfThere(path, type);
        commit.done();
    }

    /**
     * By a rename, which fails where the directory that it leads to was swept; removing the file itself could come too late. False
     * where the host refuses to remove what was moved.
     */
    private boolean moveAway(NodePath path, List<Guard> guards, Commit commit) throws IOException {
        NodePath directory = temporaryIn(path.parent());
        NodePath away = temporaryIn(directory);
        commit.making(directory);
        files.makePrivateDirectory(directory);
        check(guards);
        commit.making(away);
        commit.begin();
        try {
            files.rename(path, away);
        } catch (HostFileException e) {
            List<Optional<FileStatus>> now = files.look(List.of(path, directory), List.of());
            boolean swept = now.get(1).isEmpty();
            // Made anew behind somebody else's delete, it is not what was to be deleted.
            boolean gone = now.get(0).isEmpty() || (e.reason() == Reason.ABSENT && !swept);
            if (!gone) {
                throw swept
                        ? new HostFileException(Reason.OTHER, "the directory made to take it away was swept meanwhile")
                        : e;
            }
        }
        commit.done();
        commit.making(directory);
        commit.making(away);
        return leftovers.undo(files, commit);
    }

    /** What is left to do where the connection was lost behind the step that others see. */
    void settle(Guard made, Commit commit) throws IOException {
        commit.begin();
        // A host that was reset meanwhile may have the old again.
        if (!made.accepts(read(made.path()))) {
            throw new IOException("it was lost behind the last step, of which the host now shows nothing");
        }
        commit.done();
        leftovers.sweep(files, commit);
        files.sync(made.path().parent());
    }

    private void check(List<Guard> guards) throws IOException {
        for (Guard guard : guards) {
            Optional<byte[]> content;
            try {
                content = read(guard.path());
            } catch (HostFileException e) {
                throw new HostFileException(e.reason(), "depends on " + guard.path() + ", of which: " + e.getMessage());
            }
            if (!guard.accepts(content)) {
                throw new ChangedMeanwhileException(host + ", " + guard.path() + ": "
                        + (guard.sha256().isEmpty()
                                ? "it is there, though it was not before"
                                : "it is not what it was when it was read")
                        + "; nothing was written. Make the same call again");
            }
        }
    }

    static NodePath temporaryIn(NodePath directory) {
        byte[] bytes = new byte[8];
        RANDOM.nextBytes(bytes);
        return directory.resolve(NodeTransport.TEMPORARY_PREFIX + HexFormat.of().formatHex(bytes));
    }

    static String name(FileStatus.Type type) {
        return switch (type) {
            case FILE -> "file";
            case DIRECTORY -> "directory";
            case LINK -> "symbolic link";
            case OTHER -> "socket, device or pipe";
        };
    }
}
