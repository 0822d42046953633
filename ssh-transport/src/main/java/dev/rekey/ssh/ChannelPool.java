package dev.rekey.ssh;

import dev.rekey.NodeException;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** The channels of one session: a few are kept, and where the host allows fewer (sshd's {@code MaxSessions}) callers take turns. */
final class ChannelPool implements Closeable {
    /** Far below sshd's usual 10, which other users of the login may need too. */
    private static final int LIMIT = 4;

    private final String where;
    private final Opener opener;
    private final Deque<HostFiles> idle = new ArrayDeque<>();
    private int open;
    private int limit = LIMIT;

    ChannelPool(String where, Opener opener) {
        this.where = where;
        this.opener = opener;
    }

    /** Opens what a channel is for. */
    interface Opener {
        /** A {@link ChannelRefusedException} where the host opens no more. */
        HostFiles open() throws IOException;
    }

    HostFiles take(Attempt attempt) throws IOException {
        while (true) {
            synchronized (this) {
                while (idle.isEmpty() && open >= limit) {
                    await(attempt);
                }
                if (!idle.isEmpty()) {
                    return idle.pop();
                }
                open++;
            }
            boolean opened = false;
            try {
                HostFiles files = opener.open();
                opened = true;
                return files;
            } catch (ChannelRefusedException e) {
                takeTurns(e);
            } finally {
                if (!opened) {
                    forget();
                }
            }
        }
    }

    private synchronized void takeTurns(ChannelRefusedException e) throws IOException {
        int others = open - 1;
        if (e.opened()) {
            throw e;
        }
        if (others == 0) {
            throw new NodeException("host " + where + ": it opens no session on a connection that it took"
                    + " (MaxSessions, or a limit of the user). Nothing was changed. Raise MaxSessions in its sshd_config"
                    + " to 2 or more, then make the same call again");
        }
        limit = others;
    }

    private synchronized void forget() {
        open--;
        notifyAll();
    }

    void giveBack(HostFiles files, boolean healthy) {
        synchronized (this) {
            if (healthy) {
                idle.push(files);
                notifyAll();
                return;
            }
        }
        files.close();
        forget();
    }

    @SuppressWarnings("WaitNotInLoop") // Its caller loops.
    private void await(Attempt attempt) throws IOException {
        if (attempt.expired()) {
            throw new IOException("other operations took all the time");
        }
        try {
            wait(attempt.remainingMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted");
        }
    }

    @Override
    public synchronized void close() {
        idle.forEach(HostFiles::close);
        idle.clear();
    }
}
