package dev.rekey.ssh;

import java.io.IOException;

/** The host did not open a channel, or did not start what was asked for in it; the connection lives on. */
final class ChannelRefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    /** RFC 4254, 5.1: forbidden by the host's configuration. */
    static final int PROHIBITED = 1;

    /** RFC 4254, 5.1: the address could not be dialled; OpenSSH says it also of one session too many. */
    static final int CONNECT_FAILED = 2;

    /** What to do where forwarding is {@link #PROHIBITED}, behind "set": sshd does not tell which of them forbids it. */
    static final String ALLOW_FORWARDING = "`AllowTcpForwarding local` in its sshd_config (and look at PermitOpen and"
            + " DisableForwarding there, and at restrict, no-port-forwarding and permitopen before the key in authorized_keys)";

    private final int reason;
    private final boolean opened;

    ChannelRefusedException(int reason, String text) {
        super(text);
        this.reason = reason;
        this.opened = !text.contains("not opened");
    }

    int reason() {
        return reason;
    }

    /** Whether the channel itself was there, and only what was to run in it was refused. */
    boolean opened() {
        return opened;
    }
}
