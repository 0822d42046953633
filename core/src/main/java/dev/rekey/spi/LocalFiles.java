package dev.rekey.spi;

import dev.rekey.ChangedMeanwhileException;
import dev.rekey.NodeException;
import dev.rekey.manifest.NodePath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reading files of this machine, and saying what went wrong there. */
final class LocalFiles {
    static final int MAX_BYTES = 10 << 20;

    private LocalFiles() {}

    static Path local(NodePath path) {
        try {
            return Path.of(path.value());
        } catch (InvalidPathException e) {
            throw new NodeException(path + ": this JVM cannot express the name in its locale. Nothing was changed."
                    + " Start it with LC_ALL=C.UTF-8");
        }
    }

    static Optional<byte[]> read(NodePath path) {
        Optional<FileStatus> found = stat(path);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        if (found.get().type() != FileStatus.Type.FILE) {
            // Looked at before it is opened, since opening a pipe would wait for its writer.
            throw notAFile(path, found.get(), "was not read");
        }
        // This stream, unlike a FileChannel, is not closed by an interrupt.
        try (InputStream in = Files.newInputStream(local(path), LinkOption.NOFOLLOW_LINKS)) {
            byte[] content = in.readNBytes(MAX_BYTES + 1);
            if (content.length > MAX_BYTES) {
                throw new NodeException(
                        path + ": is longer than 10 MiB, so it was not read. Nothing was changed. It is no"
                                + " file of Rekey's: look what it is, or set another path in the layout");
            }
            return Optional.of(content);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failure(path, "cannot be read", e, "Nothing was changed.");
        }
    }

    static Optional<FileStatus> stat(NodePath path) {
        return raw(local(path), path).map(LocalFiles::status);
    }

    /** The system's own view of the file, a link not followed; empty where there is none. */
    static Optional<Map<String, Object>> raw(Path file, NodePath named) {
        try {
            return Optional.of(Files.readAttributes(file, "unix:*", LinkOption.NOFOLLOW_LINKS));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failure(named, "cannot be looked at", e, "Nothing was changed.");
        }
    }

    private static FileStatus status(Map<String, Object> raw) {
        return new FileStatus(
                type(raw),
                number(raw, "uid"),
                number(raw, "gid"),
                number(raw, "mode") & 0777,
                ((Number) present(raw, "size")).longValue(),
                ((FileTime) present(raw, "lastModifiedTime")).toInstant());
    }

    private static FileStatus.Type type(Map<String, Object> raw) {
        if (present(raw, "isSymbolicLink").equals(true)) {
            return FileStatus.Type.LINK;
        }
        if (present(raw, "isDirectory").equals(true)) {
            return FileStatus.Type.DIRECTORY;
        }
        return present(raw, "isRegularFile").equals(true) ? FileStatus.Type.FILE : FileStatus.Type.OTHER;
    }

    static int number(Map<String, Object> raw, String attribute) {
        return ((Number) present(raw, attribute)).intValue();
    }

    private static Object present(Map<String, Object> raw, String attribute) {
        Object value = raw.get(attribute);
        if (value == null) {
            throw new IllegalStateException("the view 'unix' has no attribute " + attribute);
        }
        return value;
    }

    /** {@code consequence} says what was therefore not done. */
    static void check(List<Guard> guards, String consequence) {
        for (Guard guard : guards) {
            Optional<byte[]> content = read(guard.path());
            if (!guard.accepts(content)) {
                throw changed(guard.path(), found(guard, content.isPresent()), consequence);
            }
        }
    }

    private static String found(Guard guard, boolean present) {
        if (guard.sha256().isEmpty()) {
            return "exists, and should not";
        }
        return present ? "no longer holds what was read" : "is gone";
    }

    static ChangedMeanwhileException changed(NodePath guarded, String found, String consequence) {
        return new ChangedMeanwhileException(guarded + ": " + found + ", so " + consequence
                + ". What stands is what somebody else made of it. Make the same call again: it looks anew");
    }

    static NodeException notAFile(NodePath path, FileStatus found, String consequence) {
        String what = switch (found.type()) {
            case LINK -> "a symbolic link";
            case DIRECTORY -> "a directory";
            case FILE -> "a file";
            case OTHER -> "a socket, device or pipe";
        };
        return new NodeException(path + ": is " + what + ", so it " + consequence
                + ". It stands as it was. Set the real path in the layout, or move it away");
    }

    /** Never quotes content: these exceptions hold a path and the system's word for the error. */
    static NodeException failure(Object where, String what, IOException e, String stands) {
        String reason = reason(e);
        return new NodeException(where + ": " + what + ": " + reason + ". " + stands + " " + advice(reason));
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        String text = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
        if (text == null || text.isBlank()) {
            return e.getClass().getSimpleName();
        }
        if (text.contains("No space left")) {
            return "no space left";
        }
        return text.contains("Read-only file system") ? "read-only file system" : text;
    }

    private static String advice(String reason) {
        return switch (reason) {
            case "permission denied" -> "Run as root, or give this user the right; then make the same call again";
            case "Operation not permitted" ->
                "Run as root, or give this user the right; root itself meets immutable flags (`lsattr`) only."
                        + " Then make the same call again";
            case "no space left", "Disk quota exceeded" ->
                "Free space on that file system, then make the same call again";
            case "read-only file system" ->
                "Find out why it was mounted so (a failing disk often is the reason), then make the same call again";
            default -> "Mend that, then make the same call again";
        };
    }
}
