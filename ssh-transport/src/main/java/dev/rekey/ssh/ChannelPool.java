package dev.rekey.ssh;

import dev.rekey.NodeException;
import dev.rekey.ssh.HostFileException.Reason;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The channels of one session: a few are kept, and where the host allows fewer (sshd's {@code MaxSessions}) callers take turns.
 * Each caller has one channel at a time, all the while or for each step anew.
 */
final class ChannelPool implements Closeable {
    /** Far below sshd's usual 10, which other users of the login may need too. */
    private static final int LIMIT = 4;

    /** A command that ended a moment ago still counts on the host. */
    private static final int LINGER_MILLIS = 20;

    private static final int LINGER_TRIES = 100;

    private final String where;
    private final Opener opener;
    private final Deque<HostFiles> idle = new ArrayDeque<>();
    private int callers;
    private int limit = LIMIT;

    ChannelPool(String where, Opener opener) {
        this.where = where;
        this.opener = opener;
    }

    /** Opens what a channel is for. */
    interface Opener {
        /** A {@link ChannelRefusedException} where the host opens no more. {@code turn} is for those that keep no channel. */
        HostFiles open(Turn turn) throws IOException;
    }

    HostFiles take(Attempt attempt) throws IOException {
        for (int tries = 0; ; tries++) {
            HostFiles kept = begin(attempt);
            if (kept != null) {
                return kept;
            }
            boolean opened = false;
            try {
                HostFiles files = opener.open(opening -> open(opening, attempt));
                opened = true;
                return files;
            } catch (ChannelRefusedException e) {
                if (!adapts(e, tries)) {
                    throw new NodeException("host " + where + ": it opens no session on a connection that it took"
                            + " (MaxSessions, or a limit of the user). Nothing was changed. Raise MaxSessions in its"
                            + " sshd_config to 2 or more, then make the same call again");
                }
            } finally {
                if (!opened) {
                    end();
                }
            }
        }
    }

    /** One that is kept, or null where the caller may open one. */
    private synchronized @Nullable HostFiles begin(Attempt attempt) throws IOException {
        while (idle.isEmpty() && callers >= limit) {
            await(attempt);
        }
        if (!idle.isEmpty()) {
            return idle.pop();
        }
        callers++;
        return null;
    }

    private RemoteChannel open(Turn.Opening opening, Attempt attempt) throws IOException {
        for (int tries = 0; ; tries++) {
            try {
                return opening.open();
            } catch (ChannelRefusedException e) {
                if (!adapts(e, tries)) {
                    throw new HostFileException(Reason.BUSY, "it opens no more sessions on this connection");
                }
                letOthersGoFirst(attempt);
            }
        }
    }

    private synchronized void letOthersGoFirst(Attempt attempt) throws IOException {
        end();
        try {
            while (callers >= limit) {
                await(attempt);
            }
        } finally {
            callers++;
        }
    }

    /** Whether another try makes sense: a moment later, or with fewer callers from now on. */
    private synchronized boolean adapts(ChannelRefusedException e, int tries) throws IOException {
        if (e.opened()) {
            throw e;
        }
        if (callers > 1 && tries > 0) {
            limit = Math.min(limit, callers - 1);
            return true;
        }
        pause(LINGER_MILLIS);
        return tries < LINGER_TRIES;
    }

    private synchronized void end() {
        callers--;
        notifyAll();
    }

    void giveBack(HostFiles files, boolean healthy) {
        synchronized (this) {
            if (healthy && files.keepsChannel()) {
                idle.push(files);
                notifyAll();
                return;
            }
        }
        files.close();
        end();
    }

    private void await(Attempt attempt) throws IOException {
        if (attempt.expired()) {
            throw new HostFileException(Reason.BUSY, "other operations took all the time");
        }
        pause(attempt.remainingMillis());
    }

    @SuppressWarnings("WaitNotInLoop") // Its callers loop.
    private synchronized void pause(long millis) throws IOException {
        try {
            wait(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted");
        }
    }

    /** Ends what is kept: whoever comes next gets a new one. */
    @Override
    public void close() {
        List<HostFiles> kept;
        synchronized (this) {
            kept = List.copyOf(idle);
            idle.clear();
            callers -= kept.size();
            notifyAll();
        }
        kept.forEach(HostFiles::close);
    }
}
