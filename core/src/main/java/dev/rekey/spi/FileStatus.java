package dev.rekey.spi;

import java.io.Serializable;
import java.time.Instant;

/**
 * A file on a member, a link not followed.
 *
 * @param mode the permission bits
 * @param size in bytes
 * @param modified by the member's own clock
 */
public record FileStatus(Type type, int uid, int gid, int mode, long size, Instant modified) implements Serializable {
    /** What it is. */
    public enum Type {
        /** A regular file. */
        FILE,
        /** A directory. */
        DIRECTORY,
        /** A symbolic link. */
        LINK,
        /** A socket, device or pipe. */
        OTHER
    }
}
