package dev.rekey.ssh;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;

/**
 * The command lines. Each one prints a line with a nonce before anything else that counts, so that what a shell prints on start
 * is passed over, and tells what its standard input and output are, by which {@link Sudo} sees a recorder in between. The login
 * shell gets one word of POSIX text to run with sh, without characters that csh or fish take for special.
 */
final class HostCommand {
    private static final SecureRandom RANDOM = new SecureRandom();

    private static final List<String> SERVERS = List.of(
            "/usr/lib/openssh/sftp-server",
            "/usr/libexec/openssh/sftp-server",
            "/usr/libexec/sftp-server",
            "/usr/lib/ssh/sftp-server",
            "/usr/lib64/ssh/sftp-server",
            "/usr/lib64/misc/sftp-server",
            "/usr/local/libexec/sftp-server");

    private static final String START = "LC_ALL=C; export LC_ALL; n=$1; s=$2; shift 2; ";

    private static final String STREAMS = "in=$(readlink /proc/$$/fd/0); out=$(readlink /proc/$$/fd/1 2>/dev/null); ";

    private static final String GREET = "printf \"\\n%s %s %s\\n\" \"$n\" \"$in\" \"$out\"; ";

    private static final String SFTP_SERVER = START + STREAMS
            + "for p in " + String.join(" ", SERVERS) + "; do if [ -x \"$p\" ]; then "
            + GREET + "exec $s \"$p\"; fi; done; printf \"\\n%s none\\n\" \"$n\"";

    private static final String PATHS = "PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH; export PATH; umask 077; ";

    private static final String STEP = START + PATHS + "in=; out=; " + GREET + "n=$1; shift; eval \"$s\"";

    private static final String STEP_WITH_SUDO =
            START + STREAMS + GREET + "exec sudo -n /bin/sh -c \"$s\" rekey \"$in\" \"$out\" \"$@\"";

    /** Run by sudo: where its streams are not those outside, it ends before it reads or prints anything. */
    private static final String INSIDE = "LC_ALL=C; export LC_ALL; " + PATHS
            + "in=$(readlink /proc/$$/fd/0); if [ $? -eq 126 ]; then exit " + Sudo.RUNS_NOTHING + "; fi; "
            + "out=$(readlink /proc/$$/fd/1); "
            + "if [ -z \"$1\" ] || [ -z \"$2\" ] || [ -z \"$in\" ] || [ -z \"$out\" ]; then exit " + Sudo.UNKNOWN
            + "; fi; if [ \"$in\" != \"$1\" ] || [ \"$out\" != \"$2\" ]; then exit " + Sudo.RECORDED + "; fi; "
            + "n=$3; shift 3; printf \"\\n%s\\n\" \"$n\"; ";

    private HostCommand() {}

    static String nonce() {
        byte[] bytes = new byte[12];
        RANDOM.nextBytes(bytes);
        return "rekey-" + HexFormat.of().formatHex(bytes);
    }

    /** Becomes an SFTP server behind its greeting, or says that there is none. */
    static String sftpServer(boolean sudo, String nonce) {
        return "exec " + ShellQuote.command("sh", "-c", SFTP_SERVER, "rekey", nonce, sudo ? "sudo -n" : "");
    }

    /**
     * Runs {@code script}, which has {@code arguments} as {@code $1} and on, behind a greeting with {@code nonce}; through sudo,
     * behind a second one with {@code inner}.
     */
    static String step(boolean sudo, String nonce, String inner, String script, String... arguments) {
        String line = ShellQuote.command(
                "sh", "-c", sudo ? STEP_WITH_SUDO : STEP, "rekey", nonce, sudo ? INSIDE + script : script, inner);
        return "exec " + line + (arguments.length == 0 ? "" : " " + ShellQuote.command(arguments));
    }
}
