package dev.rekey.spi;

import dev.rekey.InvalidInputException;
import dev.rekey.NodeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** The file of an archive, changed by one process at a time and never seen half written. */
final class ArchiveStore {
    private static final int MAX_BYTES = 10 << 20;
    private static final Duration WAIT = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private final Path file;

    ArchiveStore(Path file) {
        this.file = file.toAbsolutePath().normalize();
    }

    /** Replaces the file by what {@code change} makes of it, durably; does not touch it where that is the same. */
    void update(UnaryOperator<ArchiveText> change) {
        try {
            Path real = Files.isSymbolicLink(file) ? file.toRealPath() : file;
            Path lockFile = real.resolveSibling("." + real.getFileName() + ".lock");
            try (FileChannel channel = open(lockFile, StandardOpenOption.CREATE)) {
                FileLock lock = lock(channel);
                try {
                    ArchiveText before = ArchiveText.of(toString(), read(real));
                    before.requireWhole();
                    ArchiveText after = change.apply(before);
                    if (!after.equals(before)) {
                        replace(real, after.bytes());
                    }
                } finally {
                    lock.release();
                }
            }
        } catch (NoSuchFileException e) {
            throw new InvalidInputException(
                    this
                            + ": its directory, or what it links to, is not there, so no key was kept. Nothing was changed. Make it");
        } catch (IOException e) {
            throw LocalFiles.failure(
                    this, "cannot be written", e, "The file is whole, the old or the new one; no key counts as kept.");
        }
    }

    private FileLock lock(FileChannel channel) throws IOException {
        Duration until = Pace.SYSTEM.elapsed().plus(WAIT);
        while (Pace.SYSTEM.elapsed().compareTo(until) < 0) {
            try {
                FileLock lock = channel.tryLock();
                if (lock != null) {
                    return lock;
                }
            } catch (OverlappingFileLockException e) {
                // Another thread of this JVM has it.
            }
            Pace.SYSTEM.sleep(PAUSE);
        }
        throw new NodeException(
                this + ": another process has been changing it for " + WAIT.toSeconds() + " s, so no key was"
                        + " kept. The file stands as it was. Look for that process, then make the same call again");
    }

    /** At most 10 MiB, which are thousands of keys; empty where there is no file yet. */
    byte[] read() {
        try {
            return read(file);
        } catch (IOException e) {
            throw LocalFiles.failure(this, "cannot be read", e, "Nothing was changed.");
        }
    }

    private byte[] read(Path from) throws IOException {
        if (!Files.exists(from)) {
            return new byte[0];
        }
        try (InputStream in = Files.newInputStream(from)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new InvalidInputException(
                        this + ": is longer than 10 MiB, so nothing was read from it or added to it. It"
                                + " stands as it was. Give another file, and keep this one");
            }
            return bytes;
        }
    }

    private void replace(Path real, byte[] bytes) throws IOException {
        Path temporary = real.resolveSibling("." + real.getFileName() + "." + UUID.randomUUID());
        try {
            Uninterrupted.run(() -> {
                Files.deleteIfExists(temporary); // of a try that an interrupt ended
                try (FileChannel channel = open(temporary, StandardOpenOption.CREATE_NEW)) {
                    for (ByteBuffer rest = ByteBuffer.wrap(bytes); rest.hasRemaining(); ) {
                        channel.write(rest);
                    }
                    channel.force(true);
                }
            });
            requireReadable(temporary, bytes);
            Files.move(temporary, real, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
        if (POSIX) {
            Path directory = real.resolveSibling("").toAbsolutePath();
            Uninterrupted.run(() -> {
                try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                    channel.force(true);
                }
            });
        }
    }

    private void requireReadable(Path temporary, byte[] bytes) throws IOException {
        byte[] found = read(temporary);
        ArchiveText.of(toString(), found).requireWhole();
        if (!Arrays.equals(found, bytes)) {
            throw new NodeException(
                    this + ": what was written could not be read back, so no key was kept. The file stands as it"
                            + " was. Look at the disk, then make the same call again");
        }
    }

    private static FileChannel open(Path path, StandardOpenOption create) throws IOException {
        FileAttribute<?>[] narrow = POSIX
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        return FileChannel.open(path, Set.of(create, StandardOpenOption.WRITE), narrow);
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
