package dev.rekey.cli;

import dev.rekey.ChangedMeanwhileException;
import dev.rekey.InvalidInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/**
 * Puts an edited text in the place of a file, so that whoever reads it at any moment (kubelet does) sees the old or the new one
 * whole. Owner, group and mode stay; a symbolic link stays one, and the file that it leads to is replaced.
 */
final class InPlace {
    private static final Set<OpenOption> CREATE = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    private static final FileAttribute<Set<PosixFilePermission>> NARROW =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private InPlace() {}

    /** Refuses where the file does not hold {@code read} any more, or has other names, which a rename would leave behind. */
    static void replace(Input read, byte[] edited) {
        Path given = read.file()
                .orElseThrow(() -> new InvalidInputException(
                        "standard input cannot be edited in place; give a file to --in-place"));
        try {
            Path file = given.toRealPath();
            if (!Files.isRegularFile(file)) {
                throw read.invalid("is no regular file", "Leave out --in-place");
            }
            Object names = Files.getAttribute(file, "unix:nlink");
            if (!names.equals(1)) {
                throw read.invalid(
                        "has " + names + " names (hard links), and the others would keep the old text",
                        "Make it a file of its own (cp it, mv the copy over it), or leave out --in-place");
            }
            // A dotfile, which kubelet does not take for a manifest.
            Path temporary = file.resolveSibling(".rekey-" + UUID.randomUUID());
            try {
                PosixFileAttributes like = Files.readAttributes(file, PosixFileAttributes.class);
                try (FileChannel channel = FileChannel.open(temporary, CREATE, NARROW)) {
                    giveAway(read, temporary, like);
                    write(channel, edited);
                }
                if (!Arrays.equals(Files.readAllBytes(file), read.bytes())) {
                    throw new ChangedMeanwhileException(
                            read.name() + ": was changed by somebody meanwhile; it stands as they left it."
                                    + " Make the same call again");
                }
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(temporary);
            }
            sync(Objects.requireNonNull(file.getParent(), "a file is in a directory"));
        } catch (FileSystemException e) {
            // The reason is the system's word for it, as "Permission denied"; the message would name the dotfile.
            String reason = e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
            throw read.invalid(
                    "cannot be replaced (" + reason + ")",
                    "Run this as a user who may write there, or leave out --in-place");
        } catch (IOException e) {
            throw read.invalid("cannot be replaced (" + e.getClass().getSimpleName() + ")", "Look at its disk");
        }
    }

    /** Only root may give a file to another owner, and its owner only to groups that he is in. */
    private static void giveAway(Input read, Path made, PosixFileAttributes like) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(made, PosixFileAttributeView.class);
        try {
            if (!like.group().equals(view.readAttributes().group())) {
                view.setGroup(like.group());
            }
            if (!like.owner().equals(view.readAttributes().owner())) {
                view.setOwner(like.owner());
            }
        } catch (FileSystemException e) {
            throw read.invalid(
                    "this user cannot keep its owner " + like.owner().getName() + " and group "
                            + like.group().getName(),
                    "Run this as root, or leave out --in-place");
        }
        view.setPermissions(like.permissions());
    }

    private static void write(FileChannel channel, byte[] edited) throws IOException {
        for (ByteBuffer rest = ByteBuffer.wrap(edited); rest.hasRemaining(); ) {
            channel.write(rest);
        }
        channel.force(true);
    }

    /** So that the new name is there after a power loss too. */
    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
