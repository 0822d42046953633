package dev.rekey.spi;

import dev.rekey.NodeException;
import dev.rekey.manifest.NodePath;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/** One delete on this machine. */
final class LocalDelete {
    private final NodePath path;
    private final List<Guard> guards;
    private final Path target;

    LocalDelete(NodePath path, List<Guard> guards) {
        this.path = path;
        this.guards = guards;
        this.target = LocalFiles.local(path);
    }

    void run() {
        Optional<FileStatus> found = LocalFiles.stat(path);
        if (found.isEmpty()) {
            check();
            return;
        }
        requireDeletable(found.get());
        try {
            if (found.get().type() == FileStatus.Type.DIRECTORY
                    || path.name().startsWith(NodeTransport.TEMPORARY_PREFIX)) {
                check();
                Files.deleteIfExists(target);
            } else {
                moveAway();
            }
        } catch (DirectoryNotEmptyException e) {
            throw new NodeException(
                    path + ": is a directory that is not empty, so it was not deleted. It stands as it was."
                            + " Delete what is in it first");
        } catch (IOException e) {
            throw LocalFiles.failure(path, "cannot be deleted", e, "It stands as it was.");
        }
        LocalDirectories.sync(path.parent(), path + " is deleted");
    }

    private void requireDeletable(FileStatus found) {
        if (found.type() != FileStatus.Type.FILE && found.type() != FileStatus.Type.DIRECTORY) {
            throw LocalFiles.notAFile(path, found, "was not deleted");
        }
        LocalDirectories.requireSafe(path.parent());
    }

    /** By a rename, which fails where the directory that it leads to was swept; removing the file itself could come too late. */
    private void moveAway() throws IOException {
        NodePath directory = LocalWrite.temporaryIn(path.parent());
        Path temporary = LocalFiles.local(directory);
        Path away = LocalFiles.local(LocalWrite.temporaryIn(directory));
        try {
            Files.createDirectory(
                    temporary, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            check();
            Files.move(target, away, StandardCopyOption.ATOMIC_MOVE);
            removeMoved(away);
        } catch (NoSuchFileException e) {
            // With the directory there it is the file that was gone, though somebody may have made it anew.
            boolean swept = LocalFiles.stat(directory).isEmpty();
            if (swept && LocalFiles.stat(path).isPresent()) {
                throw new NodeException(path + ": the directory made to take it away was swept meanwhile. It stands"
                        + " as it was. Make the same call again");
            }
        } finally {
            LocalWrite.remove(temporary);
        }
    }

    /** Nobody would look for a key under another name. */
    private void removeMoved(Path away) {
        try {
            Files.deleteIfExists(away);
        } catch (IOException e) {
            throw LocalFiles.failure(
                    path, "it was moved to " + away + ", which cannot be removed", e, "It is gone from where it was.");
        }
    }

    private void check() {
        LocalFiles.check(guards, path + " was not deleted");
    }
}
