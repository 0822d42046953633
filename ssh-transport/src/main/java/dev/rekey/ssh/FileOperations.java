package dev.rekey.ssh;

import dev.rekey.ChangedMeanwhileException;
import dev.rekey.manifest.NodePath;
import dev.rekey.spi.FileAttributes;
import dev.rekey.spi.FileStatus;
import dev.rekey.spi.Guard;
import dev.rekey.spi.NodeTransport;
import dev.rekey.ssh.HostFileException.Reason;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** The operations of a transport, made of the single steps of a host. The order of the steps is what makes a write atomic. */
final class FileOperations {
    private static final int WRITABLE_BY_OTHERS = 0022;
    private static final int STICKY = 01000;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final String host;
    private final HostFiles files;
    private final Collection<NodePath> leftovers;

    /** @param leftovers temporary files whose removal could not be seen to succeed; shared by all operations of a transport */
    FileOperations(String host, HostFiles files, Collection<NodePath> leftovers) {
        this.host = host;
        this.files = files;
        this.leftovers = leftovers;
    }

    Optional<byte[]> read(NodePath path) throws IOException {
        Optional<FileStatus> status = files.stat(path);
        if (status.isEmpty()) {
            return Optional.empty();
        }
        if (status.get().type() != FileStatus.Type.FILE) {
            throw unfit("is a " + name(status.get().type()) + ", not a file");
        }
        Optional<byte[]> content =
                status.get().size() > HostFiles.LIMIT ? Optional.empty() : files.read(path, status.get());
        if (status.get().size() > HostFiles.LIMIT
                || content.filter(c -> c.length > HostFiles.LIMIT).isPresent()) {
            throw unfit("is larger than 10 MiB");
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
            throw unfit("is a " + name(status.get().type()) + ", not a directory");
        }
        List<String> names = new ArrayList<>(files.list(directory));
        Collections.sort(names);
        return List.copyOf(names);
    }

    void write(NodePath path, byte[] content, FileAttributes attributes, List<Guard> guards, Commit commit)
            throws IOException {
        sweep();
        makeParents(path.parent(), attributes, guards);
        refuseUnfitTarget(path);
        NodePath temporary = path.parent().resolve(NodeTransport.TEMPORARY_PREFIX + random());
        try {
            files.create(temporary, content, attributes.uid(), attributes.gid(), attributes.mode());
            check(guards);
            publish(temporary, path, guards.contains(Guard.absent(path)), commit);
            files.sync(path.parent());
        } catch (HostFileException | ChangedMeanwhileException e) {
            if (commit.stage() != Commit.Stage.DONE) {
                discard(temporary);
            }
            throw e;
        } catch (IOException e) {
            leftovers.add(temporary);
            throw e;
        }
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
        remove(temporary);
    }

    void delete(NodePath path, List<Guard> guards, Commit commit) throws IOException {
        check(guards);
        Optional<FileStatus> status = files.stat(path);
        if (status.isEmpty()) {
            return;
        }
        requireSafe(path.parent());
        commit.begin();
        try {
            if (status.get().type() == FileStatus.Type.DIRECTORY) {
                files.removeDirectory(path);
            } else {
                files.removeFile(path);
            }
        } catch (HostFileException e) {
            if (e.reason() == Reason.ABSENT) {
                return;
            }
            throw e;
        }
        commit.done();
        files.sync(path.parent());
    }

    /** Missing parents, each durable in its own before the next; what is there must be safe to write in. */
    private void makeParents(NodePath directory, FileAttributes attributes, List<Guard> guards) throws IOException {
        Deque<NodePath> missing = new ArrayDeque<>();
        NodePath existing = directory;
        while (files.stat(existing).isEmpty()) {
            missing.push(existing);
            existing = existing.parent();
        }
        if (missing.isEmpty()) {
            requireSafe(directory);
            return;
        }
        check(guards); // Here only so that no directory is made in vain.
        requireSafeAbove(missing.getFirst());
        for (NodePath next : missing) {
            try {
                files.makeDirectory(next, attributes.uid(), attributes.gid(), attributes.directoryMode());
            } catch (HostFileException e) {
                // Somebody else may have made it meanwhile: what they made is looked at below.
                if (e.reason() != Reason.EXISTS) {
                    throw e;
                }
            }
            files.sync(next.parent());
        }
        requireSafe(directory);
    }

    /** Neither a link nor writable by others, and nobody else can put another one in its place. */
    private void requireSafe(NodePath directory) throws IOException {
        FileStatus status = files.stat(directory).orElseThrow(() -> unfit("lies in " + directory + ", which is gone"));
        if (status.type() != FileStatus.Type.DIRECTORY) {
            throw unfit("lies in " + directory + ", which is a " + name(status.type()) + ", not a directory");
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
            FileStatus status = found.get(i).orElseThrow(() -> unfit("lies below " + at + ", which is gone"));
            boolean onlyOwnersRename = (status.mode() & STICKY) != 0 && status.uid() == 0;
            if ((status.mode() & WRITABLE_BY_OTHERS) != 0 && !onlyOwnersRename) {
                throw writable(at, status);
            }
        }
    }

    private static HostFileException writable(NodePath directory, FileStatus status) {
        return unfit("lies in or below " + directory + ", where group or others could put another file in the place of"
                + " one written there (mode 0" + Integer.toOctalString(status.mode()) + ")");
    }

    private void refuseUnfitTarget(NodePath path) throws IOException {
        Optional<FileStatus> target = files.stat(path);
        if (target.isPresent() && target.get().type() != FileStatus.Type.FILE) {
            throw unfit("is a " + name(target.get().type()) + ", not a file");
        }
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

    /** What an earlier operation of this transport left when its connection was lost. */
    private void sweep() throws IOException {
        for (NodePath leftover : List.copyOf(leftovers)) {
            remove(leftover);
        }
    }

    /** What led here is more worth telling than a connection lost now. */
    private void discard(NodePath temporary) {
        try {
            remove(temporary);
        } catch (IOException e) {
            leftovers.add(temporary);
        }
    }

    private void remove(NodePath temporary) throws IOException {
        try {
            files.removeFile(temporary);
            leftovers.remove(temporary);
        } catch (HostFileException e) {
            if (e.reason() == Reason.ABSENT) {
                leftovers.remove(temporary);
            } else {
                leftovers.add(temporary);
            }
        }
    }

    private static String random() {
        byte[] bytes = new byte[8];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static HostFileException unfit(String found) {
        return new HostFileException(Reason.UNFIT, found);
    }

    private static String name(FileStatus.Type type) {
        return switch (type) {
            case FILE -> "file";
            case DIRECTORY -> "directory";
            case LINK -> "symbolic link";
            case OTHER -> "socket, device or pipe";
        };
    }
}
