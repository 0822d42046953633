package dev.rekey.ssh;

import dev.rekey.NodeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * How files are reached on one host, found out once: the SFTP subsystem as root, the sftp-server binary through sudo, or, where
 * the host has none of them, single shell steps.
 */
final class HostAccess {
    private final String where;
    private final boolean sudo;
    private volatile Way way = Way.UNKNOWN;

    HostAccess(String where, boolean sudo) {
        this.where = where;
        this.sudo = sudo;
    }

    private enum Way {
        UNKNOWN,
        SUBSYSTEM,
        BINARY,
        SHELL
    }

    HostFiles open(SshSession session, Turn turn) throws IOException {
        if (way == Way.SHELL) {
            return new ShellFiles(where, sudo, session, turn);
        }
        List<String> why = new ArrayList<>();
        if (!sudo && (way == Way.UNKNOWN || way == Way.SUBSYSTEM)) {
            try {
                return found(Way.SUBSYSTEM, overSubsystem(session));
            } catch (UnusableException e) {
                why.add(e.getMessage());
            }
        }
        try {
            return found(Way.BINARY, overBinary(session));
        } catch (UnusableException e) {
            why.add(e.getMessage());
        }
        try {
            ShellFiles files = new ShellFiles(where, sudo, session, turn);
            files.probe();
            return found(Way.SHELL, files);
        } catch (UnusableException e) {
            why.add(e.getMessage());
            throw new NodeException("host " + where + ": its files cannot be reached: " + String.join("; ", why)
                    + ". Nothing was changed. Install openssh-sftp-server on the host, or give the user a plain shell");
        }
    }

    private HostFiles found(Way next, HostFiles files) {
        way = next;
        return files;
    }

    private static HostFiles overSubsystem(SshSession session) throws IOException {
        RemoteChannel channel;
        try {
            channel = session.subsystem("sftp");
        } catch (ChannelRefusedException e) {
            if (e.opened()) {
                throw new UnusableException("sshd has no sftp subsystem");
            }
            throw e;
        }
        return channel.orClose(() -> {
            try {
                return files(channel);
            } catch (UnusableException e) {
                throw e;
            } catch (IOException e) {
                if (!session.isAlive()) {
                    throw e;
                }
                throw new UnusableException("its sftp subsystem does not work (" + e.getMessage() + ")");
            }
        });
    }

    private HostFiles overBinary(SshSession session) throws IOException {
        String nonce = HostCommand.nonce();
        RemoteChannel channel = session.exec(HostCommand.sftpServer(sudo, nonce));
        return channel.orClose(() -> {
            Greeting greeting = Greeting.await(channel, nonce);
            if (greeting.missing()) {
                throw new UnusableException("it has no sftp-server binary");
            }
            try {
                SftpFiles files = files(channel);
                if (sudo) {
                    Sudo.refuseIfRecorded(
                            where, greeting, files.readLink("/proc/self/fd/0"), files.readLink("/proc/self/fd/1"));
                }
                return files;
            } catch (UnusableException e) {
                throw e;
            } catch (IOException e) {
                if (!session.isAlive()) {
                    throw e;
                }
                throw sudo
                        ? Sudo.explain(where, channel)
                        : new UnusableException("its sftp-server does not work (" + e.getMessage() + ")");
            }
        });
    }

    private static SftpFiles files(RemoteChannel channel) throws IOException {
        SftpClient client = new SftpClient(channel.in(), channel.out());
        for (String needed : List.of(SftpClient.POSIX_RENAME, SftpClient.HARD_LINK, SftpClient.SYNC)) {
            if (!client.offers(needed)) {
                throw new UnusableException("its SFTP server does not offer " + needed);
            }
        }
        return new SftpFiles(client, channel::close);
    }

    /** This way is closed on this host, and another may be open. */
    static final class UnusableException extends IOException {
        private static final long serialVersionUID = 1L;

        UnusableException(String message) {
            super(message);
        }
    }
}
