package dev.rekey.spi;

import dev.rekey.NodeException;
import dev.rekey.manifest.NodePath;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Directories of this machine: which ones may be trusted, making the missing ones, listing, and syncing. */
final class LocalDirectories {
    private static final int WRITABLE_BY_OTHERS = 0022;
    private static final int STICKY = 01000;

    private LocalDirectories() {}

    static List<String> list(NodePath directory) {
        Optional<FileStatus> found = LocalFiles.stat(directory);
        if (found.isEmpty()) {
            return List.of();
        }
        if (found.get().type() != FileStatus.Type.DIRECTORY) {
            throw LocalFiles.notAFile(directory, found.get(), "was not listed");
        }
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(LocalFiles.local(directory))) {
            for (Path entry : entries) {
                names.add(String.valueOf(entry.getFileName()));
            }
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (DirectoryIteratorException e) {
            throw LocalFiles.failure(
                    directory, "cannot be listed", Objects.requireNonNull(e.getCause()), "Nothing was changed.");
        } catch (IOException e) {
            throw LocalFiles.failure(directory, "cannot be listed", e, "Nothing was changed.");
        }
        Collections.sort(names);
        return List.copyOf(names);
    }

    /**
     * Afterwards {@code directory} is there, durably, and {@link #requireSafe safe}.
     *
     * @param made gets each one made, the last first, also before a failure
     */
    static void make(NodePath directory, FileAttributes attributes, Deque<NodePath> made) {
        Deque<NodePath> missing = new ArrayDeque<>();
        NodePath existing = directory;
        while (LocalFiles.stat(existing).isEmpty()) {
            missing.push(existing);
            existing = existing.parent();
        }
        if (missing.isEmpty()) {
            requireSafe(directory);
            return;
        }
        requireSafeAbove(missing.getFirst());
        for (NodePath next : missing) {
            makeOne(next, attributes, made);
        }
        requireSafe(directory);
    }

    /** Under a temporary name until it has its owner and mode: whatever ends this, nobody finds it with others. */
    private static void makeOne(NodePath directory, FileAttributes attributes, Deque<NodePath> made) {
        Path temporary = LocalFiles.local(LocalWrite.temporaryIn(directory.parent()));
        try {
            Files.createDirectory(
                    temporary, PosixFilePermissions.asFileAttribute(permissions(attributes.directoryMode() & 0700)));
            own(directory, temporary, attributes);
            Files.setAttribute(temporary, "unix:mode", attributes.directoryMode());
            Files.move(temporary, LocalFiles.local(directory));
            made.push(directory);
        } catch (IOException e) {
            if (LocalFiles.stat(directory).isPresent()) {
                return; // Somebody else was faster; requireSafe looks at what they made.
            }
            throw LocalFiles.failure(directory, "cannot be made", e, "No file was written.");
        } finally {
            LocalWrite.remove(temporary);
        }
        sync(directory.parent(), directory + " is made, no file was written");
    }

    /** Takes away what {@link #make} made, unless others have put something there. */
    static void unmake(Deque<NodePath> made) {
        made.forEach(directory -> LocalWrite.remove(LocalFiles.local(directory)));
    }

    /** Neither a link nor writable by others, and nobody else can put another one in its place. */
    static void requireSafe(NodePath directory) {
        FileStatus found = LocalFiles.stat(directory)
                .orElseThrow(() ->
                        new NodeException(directory + ": is gone. Nothing was changed. Make the same call again"));
        if (found.type() != FileStatus.Type.DIRECTORY) {
            throw new NodeException(directory + ": is "
                    + (found.type() == FileStatus.Type.LINK ? "a symbolic link" : "no directory")
                    + ", so nothing in it was changed. Set the path of the real directory in the layout");
        }
        if ((found.mode() & WRITABLE_BY_OTHERS) != 0) {
            throw writable(directory);
        }
        requireSafeAbove(directory);
    }

    private static void requireSafeAbove(NodePath directory) {
        NodePath parent = directory.parent();
        Path real;
        try {
            real = LocalFiles.local(parent).toRealPath();
        } catch (IOException e) {
            throw LocalFiles.failure(parent, "cannot be looked at", e, "Nothing was changed.");
        }
        for (Path above = real; above != null; above = above.getParent()) {
            NodePath named = NodePath.of(above.toString());
            Map<String, Object> raw = LocalFiles.raw(above, named)
                    .orElseThrow(() ->
                            new NodeException(named + ": is gone. Nothing was changed. Make the same call again"));
            int mode = LocalFiles.number(raw, "mode");
            boolean onlyOwnersRename = (mode & STICKY) != 0 && LocalFiles.number(raw, "uid") == 0;
            if ((mode & WRITABLE_BY_OTHERS) != 0 && !onlyOwnersRename) {
                throw writable(named);
            }
        }
    }

    private static NodeException writable(NodePath directory) {
        return new NodeException(
                directory + ": is writable by group or others, who could put another file in the place of one"
                        + " written there, so nothing was written or deleted. Run chmod go-w on it, or set another path in the layout");
    }

    /** Sets the owner where it differs: only root may, and nobody needs to for what is theirs. */
    static void own(NodePath named, Path file, FileAttributes attributes) throws IOException {
        Map<String, Object> raw = Files.readAttributes(file, "unix:uid,gid");
        try {
            if (LocalFiles.number(raw, "gid") != attributes.gid()) {
                Files.setAttribute(file, "unix:gid", attributes.gid());
            }
            if (LocalFiles.number(raw, "uid") != attributes.uid()) {
                Files.setAttribute(file, "unix:uid", attributes.uid());
            }
        } catch (IOException e) {
            throw LocalFiles.failure(
                    named,
                    "its owner cannot be set to " + attributes.uid() + ":" + attributes.gid(),
                    e,
                    "No file was written.");
        }
    }

    /** Makes the directory's entries durable. {@code stands} says what has happened in it. */
    static void sync(NodePath directory, String stands) {
        try {
            Uninterrupted.run(() -> {
                try (FileChannel channel = FileChannel.open(LocalFiles.local(directory), StandardOpenOption.READ)) {
                    channel.force(true);
                }
            });
        } catch (IOException e) {
            throw LocalFiles.failure(directory, "cannot be synced", e, stands + ", but a loss of power may undo that.");
        }
    }

    static Set<PosixFilePermission> permissions(int mode) {
        PosixFilePermission[] fromTheTop = PosixFilePermission.values();
        Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
        for (int bit = 0; bit < fromTheTop.length; bit++) {
            if ((mode & 0400 >> bit) != 0) {
                set.add(fromTheTop[bit]);
            }
        }
        return set;
    }
}
