package dev.rekey.ssh;

import dev.rekey.manifest.NodePath;
import dev.rekey.ssh.HostFileException.Reason;
import java.io.IOException;

/** Finds out what a refusal means: SFTP has one number, "failure", for most of what a disk can do. */
final class SftpRefusal {
    private static final int READ_ONLY_MOUNT = 1;

    private SftpRefusal() {}

    static HostFileException of(SftpClient sftp, SftpStatusException e, NodePath path) throws IOException {
        return switch (e.status()) {
            case SftpStatusException.NO_SUCH_FILE -> new HostFileException(Reason.ABSENT, "there is no such file");
            case SftpStatusException.PERMISSION_DENIED -> new HostFileException(Reason.DENIED, "permission denied");
            default -> ofFileSystem(sftp, e, path);
        };
    }

    private static HostFileException ofFileSystem(SftpClient sftp, SftpStatusException e, NodePath path)
            throws IOException {
        if (!sftp.offers(SftpClient.FILE_SYSTEM)) {
            return other(e);
        }
        try {
            return of(state(sftp, path), e);
        } catch (SftpStatusException absent) {
            // The file is not there yet: its directory is on the same file system.
            return ofDirectory(sftp, e, path.parent());
        }
    }

    private static HostFileException ofDirectory(SftpClient sftp, SftpStatusException e, NodePath directory)
            throws IOException {
        try {
            return of(state(sftp, directory), e);
        } catch (SftpStatusException absent) {
            return other(e);
        }
    }

    private static SftpReply state(SftpClient sftp, NodePath at) throws IOException {
        return sftp.extendedReply(sftp.extended(SftpClient.FILE_SYSTEM).string(at.value()));
    }

    private static HostFileException of(SftpReply state, SftpStatusException e) throws IOException {
        long[] field = new long[11];
        for (int i = 0; i < field.length; i++) {
            field[i] = state.uint64();
        }
        boolean noBlocks = field[2] > 0 && field[4] == 0;
        boolean noInodes = field[5] > 0 && field[7] == 0;
        if ((field[9] & READ_ONLY_MOUNT) != 0) {
            return new HostFileException(Reason.READ_ONLY, "the file system is read-only");
        }
        return noBlocks || noInodes ? new HostFileException(Reason.FULL, "the file system is full") : other(e);
    }

    private static HostFileException other(SftpStatusException e) {
        return new HostFileException(Reason.OTHER, String.valueOf(e.getMessage()));
    }
}
