package dev.rekey.ssh;

import dev.rekey.NodeException;
import dev.rekey.RekeyException;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The way to one host, made again when it broke: one session at a time, shared by all operations. Safe for threads. */
final class Connection implements Closeable {
    /** JSch ends the channels of a dead session before it calls the session dead. */
    private static final int SETTLE_MILLIS = 300;

    private final Hop hop;
    private final SshConnections connections;
    private final HostAccess access;
    /** Held while a connection is being made, never by {@link #close()}. */
    private final ReentrantLock making = new ReentrantLock(true);

    private @Nullable Live live;
    private boolean closed;

    Connection(Hop hop, SshConnections connections, HostAccess access) {
        this.hop = hop;
        this.connections = connections;
        this.access = access;
    }

    private record Live(SshSession session, ChannelPool channels) {
        void close() {
            session.close(channels::close);
        }
    }

    /** What is done with the files of the host. */
    interface Use<T> {
        /** On a channel that nobody else uses meanwhile. */
        T with(HostFiles files) throws IOException;
    }

    /** Logs in and opens a first channel, so that what is wrong with a host is told at once. */
    void open(Attempt attempt) throws IOException {
        use(attempt, files -> true, () -> true);
    }

    /** @param repeatable whether {@code use} may be done again on a new connection after this one was lost in its middle */
    <T> T use(Attempt attempt, Use<T> use, BooleanSupplier repeatable) throws IOException {
        IOException lost = null;
        while (true) {
            Live on = lost == null ? live(attempt) : liveAgain(attempt, lost);
            attempt.uses(on.session());
            HostFiles files = null;
            boolean healthy = false;
            try {
                files = on.channels().take(attempt);
                T result = use.with(files);
                healthy = true;
                return result;
            } catch (HostFileException | RekeyException e) {
                healthy = true;
                throw e;
            } catch (IOException e) {
                if (lost != null || attempt.expired() || !repeatable.getAsBoolean()) {
                    throw e;
                }
                lost = e;
                on.session().awaitDeath(SETTLE_MILLIS);
                if (on.session().isAlive()) {
                    // What ended this channel may have ended those that are kept, too.
                    on.channels().close();
                }
            } finally {
                if (files != null) {
                    on.channels().giveBack(files, healthy && !attempt.expired());
                }
            }
        }
    }

    /** The one new connection; what is wrong with the host now is told together with what was lost. */
    private Live liveAgain(Attempt attempt, IOException lost) throws IOException {
        try {
            return live(attempt);
        } catch (NodeException e) {
            throw new IOException(lost.getMessage() + "; then, " + e.getMessage());
        }
    }

    /** A live session, for sockets through it. */
    SshSession session(Attempt attempt) throws IOException {
        SshSession session = live(attempt).session();
        attempt.uses(session);
        return session;
    }

    private Live live(Attempt attempt) throws IOException {
        attempt.lock(making, Waiting.RECONNECTION);
        try {
            Live last = last();
            if (last != null && last.session().isAlive()) {
                return last;
            }
            if (last != null) {
                last.close();
            }
            SshSession session = connections.open(hop, attempt);
            Live made = new Live(session, new ChannelPool(hop.where(), turn -> access.open(session, turn)));
            keep(made);
            return made;
        } finally {
            making.unlock();
        }
    }

    private synchronized @Nullable Live last() {
        return live;
    }

    private void keep(Live made) throws EndedException {
        synchronized (this) {
            if (!closed) {
                live = made;
                return;
            }
        }
        made.close();
        throw EndedException.closed();
    }

    @Override
    public void close() {
        Live last;
        synchronized (this) {
            closed = true;
            last = live;
            live = null;
        }
        if (last != null) {
            last.close();
        }
    }
}
