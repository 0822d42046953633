package dev.rekey.sshd;

import java.util.ArrayList;
import java.util.List;

/** What a {@link TestSshd} is to be like. Everything stays inside its own mount name space. */
public final class SshdConfig {
    final List<String> lines = new ArrayList<>();
    final List<String> passwd = new ArrayList<>();
    final List<String> sudoers = new ArrayList<>();
    final List<String> mounts = new ArrayList<>();
    final List<String> logins = new ArrayList<>();
    String rootShell = "/bin/bash";
    boolean traced;
    boolean sftp = true;
    String hostKeys = "ed25519";
    private int nextUid = 4_001;

    SshdConfig() {}

    /** A line of {@code sshd_config}; the first of several for one keyword counts. */
    public SshdConfig line(String line) {
        lines.add(line);
        return this;
    }

    /** A user with a home directory and our key; uids are 4001 and on. */
    public SshdConfig user(String name, String shell) {
        passwd.add(name + ":x:" + nextUid + ":" + nextUid + "::/home/" + name + ":" + shell);
        logins.add(name);
        nextUid++;
        return this;
    }

    /** A line of {@code sudoers}. */
    public SshdConfig sudoers(String line) {
        sudoers.add(line);
        return this;
    }

    /** A user that sudo lets do everything without a password. */
    public SshdConfig sudoer(String name, String shell) {
        return user(name, shell).sudoers(name + " ALL=(root) NOPASSWD: ALL");
    }

    /** A shell command that runs in the name space, with {@code $W} as the server's directory, before sshd. */
    public SshdConfig setUp(String command) {
        mounts.add(command);
        return this;
    }

    /** Root's login shell. */
    public SshdConfig rootShell(String shell) {
        rootShell = shell;
        return this;
    }

    /** System calls on files are written to {@link TestSshd#trace()}. */
    public SshdConfig traced() {
        traced = true;
        return this;
    }

    /** No subsystem and no sftp-server binary. */
    public SshdConfig withoutSftp() {
        sftp = false;
        return this;
    }

    /** {@code /bin/sh} is this one, as on other distributions; with {@code busybox} so are the tools. */
    public SshdConfig systemShell(String name) {
        if (name.equals("busybox")) {
            String tools = "cat stat mkdir chown chmod mv ln rm rmdir sync sha256sum cut readlink sh";
            return setUp("for t in " + tools + "; do P=\"$P $(readlink -f /usr/bin/$t)\"; done;"
                    + " for p in $P; do mount --bind /usr/bin/busybox $p; done");
        }
        return name.equals("dash") ? this : setUp("mount --bind /usr/bin/" + name + " /usr/bin/dash");
    }

    /** Types as {@code ssh-keygen -t} takes them, separated by blanks, in place of ed25519 alone: those of RSA take long to make. */
    public SshdConfig hostKeys(String types) {
        hostKeys = types;
        return this;
    }

    /** Starts it. */
    public TestSshd start() {
        return TestSshd.start(this);
    }
}
