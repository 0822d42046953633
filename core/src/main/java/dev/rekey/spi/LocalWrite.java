package dev.rekey.spi;

import dev.rekey.InvalidInputException;
import dev.rekey.NodeException;
import dev.rekey.manifest.NodePath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One atomic write on this machine. */
final class LocalWrite {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Set<OpenOption> CREATE = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final NodePath path;
    private final byte[] content;
    private final FileAttributes attributes;
    private final List<Guard> guards;
    private final Path target;
    private final long started = System.nanoTime();

    LocalWrite(NodePath path, byte[] content, FileAttributes attributes, List<Guard> guards) {
        if (content.length > LocalFiles.MAX_BYTES) {
            throw new InvalidInputException(path + ": " + content.length
                    + " bytes are more than the 10 MiB that are read" + " back. Nothing was changed. Write less");
        }
        if (((attributes.mode() | attributes.directoryMode()) & ~0777) != 0) {
            throw new InvalidInputException(path + ": a mode has other bits than the nine of permissions. Nothing was"
                    + " changed. Write it in octal, as 0600");
        }
        this.path = path;
        this.content = content;
        this.attributes = attributes;
        this.guards = List.copyOf(guards);
        this.target = LocalFiles.local(path);
    }

    void run() {
        requireReplaceable();
        LocalFiles.check(guards, path + " was not written"); // Here only so that no directory is made in vain.
        Path temporary = LocalFiles.local(temporaryIn(path.parent()));
        Deque<NodePath> made = new ArrayDeque<>();
        boolean written = false;
        try {
            LocalDirectories.make(path.parent(), attributes, made);
            fill(temporary);
            requireInTime();
            LocalFiles.check(guards, path + " was not written");
            publish(temporary);
            written = true;
        } catch (IOException e) {
            throw LocalFiles.failure(path, "cannot be written", e, "It stands as it was.");
        } finally {
            remove(temporary);
            if (!written) {
                LocalDirectories.unmake(made);
            }
        }
        LocalDirectories.sync(path.parent(), path + " is written");
    }

    private void requireReplaceable() {
        Optional<FileStatus> found = LocalFiles.stat(path);
        if (found.isPresent() && found.get().type() != FileStatus.Type.FILE) {
            throw LocalFiles.notAFile(path, found.get(), "was not replaced");
        }
    }

    static NodePath temporaryIn(NodePath directory) {
        byte[] bytes = new byte[10];
        RANDOM.nextBytes(bytes);
        return directory.resolve(NodeTransport.TEMPORARY_PREFIX + HexFormat.of().formatHex(bytes));
    }

    private void fill(Path temporary) throws IOException {
        // Made exclusively and for its owner alone; the owner must be able to write to it, whatever the final mode.
        FileAttribute<?> narrow =
                PosixFilePermissions.asFileAttribute(LocalDirectories.permissions((attributes.mode() & 0600) | 0200));
        Uninterrupted.run(() -> {
            Files.deleteIfExists(temporary); // of a try that an interrupt ended
            try (FileChannel channel = FileChannel.open(temporary, CREATE, narrow)) {
                for (ByteBuffer rest = ByteBuffer.wrap(content); rest.hasRemaining(); ) {
                    channel.write(rest);
                }
                LocalDirectories.own(path, temporary, attributes);
                Files.setAttribute(temporary, "unix:mode", attributes.mode());
                channel.force(true);
            }
        });
        requireAsAsked(temporary);
    }

    /** Some network file systems take an owner or a mode and keep another. */
    private void requireAsAsked(Path temporary) {
        FileStatus made = LocalFiles.stat(NodePath.of(temporary.toString()))
                .orElseThrow(() ->
                        new NodeException(path + ": the file made to take its place was swept meanwhile. It stands"
                                + " as it was. Make the same call again"));
        if (made.size() != content.length
                || made.uid() != attributes.uid()
                || made.gid() != attributes.gid()
                || made.mode() != attributes.mode()) {
            throw new NodeException(
                    path + ": its file system did not keep the size, owner or mode that a new file was given."
                            + " It stands as it was. Keep it on a local file system");
        }
    }

    private void requireInTime() {
        if (System.nanoTime() - started > DEADLINE.toNanos()) {
            throw new NodeException(
                    path + ": the disk took more than " + DEADLINE.toSeconds() + " s, so it was not replaced."
                            + " It stands as it was. Look at the disk, then make the same call again");
        }
    }

    private void publish(Path temporary) throws IOException {
        if (!guards.contains(Guard.absent(path))) {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        try {
            // A rename would replace a file that somebody made since the check; a link does not.
            Files.createLink(target, temporary);
        } catch (FileAlreadyExistsException e) {
            throw LocalFiles.changed(path, "exists, and should not", "it was not written");
        } catch (UnsupportedOperationException e) {
            throw new NodeException(
                    path + ": its file system has no hard links, so it cannot be made exclusively. Nothing was"
                            + " written. Keep it on another file system");
        }
    }

    /** Of a directory, only if it is empty. */
    static void remove(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            // Whoever holds the lock sweeps it; what led here, if anything did, is already on its way to the caller.
        }
    }
}
