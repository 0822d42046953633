package dev.rekey.spi;

import java.io.Serializable;

/**
 * Owner, group and permission bits of a file on a member, and of the parents that are made for it.
 *
 * @param mode the nine permission bits, as 0600
 * @param directoryMode for missing parents
 */
public record FileAttributes(int uid, int gid, int mode, int directoryMode) implements Serializable {
    /** Root only: files that hold keys, locks and marks. */
    public static final FileAttributes ROOT_ONLY = new FileAttributes(0, 0, 0600, 0700);
}
