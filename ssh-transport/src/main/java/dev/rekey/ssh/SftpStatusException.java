package dev.rekey.ssh;

import java.io.IOException;

/** The SFTP server said no, with its number; which refusal that is, {@link SftpFiles} finds out. */
final class SftpStatusException extends IOException {
    private static final long serialVersionUID = 1L;

    static final int NO_SUCH_FILE = 2;
    static final int PERMISSION_DENIED = 3;
    static final int FAILURE = 4;

    private final int status;

    SftpStatusException(int status, String text) {
        super("SFTP status " + status + " (" + Text.printable(text, 60) + ")");
        this.status = status;
    }

    int status() {
        return status;
    }
}
