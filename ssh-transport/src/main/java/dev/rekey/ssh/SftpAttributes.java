package dev.rekey.ssh;

import dev.rekey.spi.FileStatus;
import java.io.IOException;
import java.time.Instant;

/**
 * What an SFTP server says of a file; -1 where it says nothing.
 *
 * @param mode with the bits that tell the type
 * @param modified seconds since 1970
 */
record SftpAttributes(long size, int uid, int gid, int mode, long modified) {

    FileStatus toStatus() throws IOException {
        if (uid < 0 || mode < 0) {
            throw new IOException("the SFTP server does not tell owner and mode");
        }
        return status(mode, uid, gid, size, modified);
    }

    /** {@code rawMode} as Linux's {@code st_mode}. */
    static FileStatus status(int rawMode, int uid, int gid, long size, long modified) {
        FileStatus.Type type = switch (rawMode & 0170000) {
            case 0100000 -> FileStatus.Type.FILE;
            case 0040000 -> FileStatus.Type.DIRECTORY;
            case 0120000 -> FileStatus.Type.LINK;
            default -> FileStatus.Type.OTHER;
        };
        return new FileStatus(type, uid, gid, rawMode & 07777, size, Instant.ofEpochSecond(modified));
    }
}
