package dev.rekey.ssh;

import dev.rekey.NodeException;
import java.io.IOException;

/** Why sudo did not do what was asked, and whether it records what passes through it. */
final class Sudo {
    /** Exit statuses of our own scripts, which no tool that they call uses. */
    static final int RECORDED = 119;

    static final int UNKNOWN = 118;

    static final int RUNS_NOTHING = 117;

    private Sudo() {}

    /**
     * Keys must not pass through a sudo that keeps its input or output on the host or a log server. Such a sudo puts pipes of its
     * own between the command and the connection, so the command's streams are not those outside: no permission is needed to see
     * that, and no rule of sudoers is missed.
     *
     * @param in standard input of the command that sudo started
     */
    static void refuseIfRecorded(String where, Greeting outside, String in, String out) {
        if (outside.in().isEmpty() || outside.out().isEmpty() || in.isEmpty() || out.isEmpty()) {
            throw unknown(where);
        }
        if (!outside.in().equals(in) || !outside.out().equals(out)) {
            throw recorded(where);
        }
    }

    static NodeException recorded(String where) {
        return new NodeException(
                "host " + where + ": sudo records what passes through it (log_input, log_output, LOG_INPUT"
                        + " or LOG_OUTPUT in sudoers), and so would keep encryption keys. Nothing was sent. Add"
                        + " `Defaults!/usr/lib/openssh/sftp-server !log_input, !log_output` (the path of sftp-server there) behind"
                        + " that rule, or log in as root");
    }

    static NodeException unknown(String where) {
        return new NodeException("host " + where + ": it cannot be seen whether sudo records what passes through it, as"
                + " /proc or readlink is missing. Nothing was sent. Log in as root");
    }

    static NodeException runsNothing(String where) {
        return refused(
                where,
                "sudo lets the shell that it starts run no other program (NOEXEC or `Defaults noexec` in sudoers)",
                "Install openssh-sftp-server there, which needs none, or add the tag EXEC to the rule for /bin/sh");
    }

    /** Of a command that ended behind its first greeting, in place of what sudo should have started. */
    static IOException explain(String where, RemoteChannel channel) throws IOException {
        int status = channel.awaitExitStatus(2_000);
        String said = channel.errors();
        if (said.contains("have a tty")) {
            throw refused(
                    where,
                    "its sudoers has requiretty for this user",
                    "Add `Defaults:<user> !requiretty` to sudoers; a terminal would alter what passes through it");
        }
        // The last one is sudo-rs's.
        if (said.contains("password is required")
                || said.contains("terminal is required")
                || said.contains("interactive authentication is required")) {
            throw refused(
                    where,
                    "its sudo asks this user for a password",
                    "Add a NOPASSWD rule for sftp-server to sudoers, or log in as root");
        }
        if (status == 127 || status == 126) {
            throw refused(where, "it has no sudo that this user may run", "Install sudo, or log in as root");
        }
        if (said.contains("not in the sudoers")
                || said.contains("not allowed")
                || said.contains("may not run")
                || said.contains("afraid I can't do that")) {
            throw refused(
                    where,
                    "its sudoers does not let this user run sftp-server (and /bin/sh, where that is missing) as root",
                    "Add a NOPASSWD rule for it, or log in as root");
        }
        if (status < 0) {
            return new IOException("the connection was lost");
        }
        throw refused(
                where,
                "sudo failed with status " + status + " ('" + Text.lastLine(said, 160) + "')",
                "Try `sudo -n /usr/lib/openssh/sftp-server </dev/null` there as this user");
    }

    private static NodeException refused(String where, String found, String advice) {
        return new NodeException("host " + where + ": " + found + ". Nothing was changed. " + advice
                + ", then make the same call again");
    }
}
