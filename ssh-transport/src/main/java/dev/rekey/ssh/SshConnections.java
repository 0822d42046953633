package dev.rekey.ssh;

import dev.rekey.InvalidInputException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What the transports to many hosts share: few handshakes at once with one sshd, since that drops the eleventh
 * ({@code MaxStartups}), and one session to each jump host, which ends with the last transport through it. Transports share it only
 * where host, port, user, keys, trusted host keys and operation timeout are equal, there and on all the way to there. Safe for threads.
 *
 * <p>One sshd is a host and port as they are dialled, and the jump hosts before it: a host that does not answer holds up only those
 * who wait for the same one.
 */
public final class SshConnections {
    private final int limit;
    private final Map<String, Semaphore> handshakes = new ConcurrentHashMap<>();
    private final Map<Hop.Identity, Shared> jumps = new HashMap<>();

    private SshConnections(int limit) {
        this.limit = limit;
    }

    /** At most {@code handshakes} connections to one sshd are being made at any time; 4 to 8 is a good number. */
    public static SshConnections limitedTo(int handshakes) {
        if (handshakes < 1) {
            throw new InvalidInputException("the limit of handshakes at once must be 1 or more");
        }
        return new SshConnections(handshakes);
    }

    /** A ready session to {@code hop}; the caller closes it. */
    SshSession open(Hop hop, Attempt attempt) throws IOException {
        Hop next = hop.jump();
        Lease lease = next == null ? null : lease(next, attempt);
        try {
            return new Handshake(hop, lease == null ? null : lease.session(), attempt, this)
                    .shake(lease == null ? () -> {} : lease::release);
        } catch (IOException | RuntimeException e) {
            if (lease != null) {
                lease.release();
            }
            throw e;
        }
    }

    /** Runs {@code work} when few enough others are at it with the same sshd. */
    <T> T limited(String sshd, Attempt attempt, Work<T> work) throws IOException {
        Semaphore turns = handshakes.computeIfAbsent(sshd, each -> new Semaphore(limit, true));
        attempt.await(Waiting.HANDSHAKES, nanos -> turns.tryAcquire(nanos, TimeUnit.NANOSECONDS));
        try {
            return work.run();
        } finally {
            turns.release();
        }
    }

    private Lease lease(Hop hop, Attempt attempt) throws IOException {
        Hop.Identity identity = hop.identity();
        Shared shared;
        synchronized (jumps) {
            shared = jumps.computeIfAbsent(identity, key -> new Shared());
            shared.users++;
        }
        try {
            return new Lease(identity, shared, shared.session(hop, attempt, this));
        } catch (IOException | RuntimeException e) {
            giveBack(identity, shared);
            throw e;
        }
    }

    private void giveBack(Hop.Identity identity, Shared shared) {
        synchronized (jumps) {
            shared.users--;
            if (shared.users > 0) {
                return;
            }
            jumps.remove(identity, shared);
        }
        shared.close();
    }

    /** Something that makes a connection. */
    interface Work<T> {
        /** Once. */
        T run() throws IOException;
    }

    /** One jump host's session, replaced when it has died. */
    private static final class Shared {
        private final ReentrantLock making = new ReentrantLock(true);
        private int users;
        private volatile @Nullable SshSession session;

        SshSession session(Hop hop, Attempt attempt, SshConnections connections) throws IOException {
            attempt.lock(making, Waiting.RECONNECTION);
            try {
                SshSession live = session;
                if (live == null || !live.isAlive()) {
                    if (live != null) {
                        live.close();
                    }
                    session = null;
                    live = connections.open(hop, attempt);
                    // Others' too from now on: the end of this call is no reason to cut it.
                    attempt.sparesConnection();
                    session = live;
                }
                return live;
            } finally {
                making.unlock();
            }
        }

        /** Nobody uses it any more, and nobody makes it. */
        void close() {
            SshSession last = session;
            session = null;
            if (last != null) {
                last.close();
            }
        }
    }

    private final class Lease {
        private final Hop.Identity identity;
        private final Shared shared;
        private final SshSession session;
        private boolean released;

        Lease(Hop.Identity identity, Shared shared, SshSession session) {
            this.identity = identity;
            this.shared = shared;
            this.session = session;
        }

        SshSession session() {
            return session;
        }

        void release() {
            synchronized (this) {
                if (released) {
                    return;
                }
                released = true;
            }
            giveBack(identity, shared);
        }
    }
}
