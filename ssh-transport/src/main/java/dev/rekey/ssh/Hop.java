package dev.rekey.ssh;

import com.jcraft.jsch.IdentityRepository;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.Logger;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One host to log in to, and the host through which it is reached. Its keys are loaded once, at the first connection. */
final class Hop {
    private final String host;
    private final int port;
    private final String user;
    private final Credentials credentials;
    private final @Nullable KnownHosts known;
    private final Set<Fingerprint> pins;
    private final @Nullable Hop jump;
    private final Duration operationTimeout;
    private final ReentrantLock loading = new ReentrantLock(true);
    private @Nullable JSch jsch;

    Hop(
            String host,
            int port,
            String user,
            Credentials credentials,
            @Nullable KnownHosts known,
            Set<Fingerprint> pins,
            @Nullable Hop jump,
            Duration operationTimeout) {
        this.host = host;
        this.port = port;
        this.user = user;
        this.credentials = credentials;
        this.known = known;
        this.pins = Set.copyOf(pins);
        this.jump = jump;
        this.operationTimeout = operationTimeout;
    }

    String host() {
        return host;
    }

    int port() {
        return port;
    }

    String user() {
        return user;
    }

    @Nullable
    Hop jump() {
        return jump;
    }

    boolean usesAgent() {
        return credentials.usesAgent();
    }

    /** What is wrong with the time of the user's certificates, as a part of a message; empty where nothing is. */
    String expired() {
        return credentials.expired();
    }

    HostKeyCheck hostKeyCheck() {
        return HostKeyCheck.of(host, port, known, pins);
    }

    /** A frozen link is noticed, and cut, in half of an operation's time: nothing buffered reaches a host after a deadline. */
    Duration keepAlive() {
        Duration sixth = operationTimeout.dividedBy(6);
        return sixth.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : sixth;
    }

    /** With the loaded keys; never JSch's static settings, which are the whole JVM's. */
    JSch jsch(Attempt attempt) throws IOException {
        attempt.lock(loading, Waiting.KEYS);
        try {
            JSch loaded = jsch;
            if (loaded == null) {
                loaded = new JSch();
                loaded.setInstanceLogger(new DebugLog());
                credentials.loadInto(loaded, attempt);
                jsch = loaded;
            }
            return loaded;
        } finally {
            loading.unlock();
        }
    }

    /** How the agent is asked during one call; null where keys are given. */
    @Nullable
    IdentityRepository agent(Attempt attempt) {
        return credentials.agent(attempt);
    }

    /** The sshd that is dialled, whoever logs in to it. */
    String door() {
        return host + " " + port + (jump == null ? "" : " " + jump.door());
    }

    /** As a message names it. */
    String where() {
        return user + "@" + host + (port == 22 ? "" : ":" + port) + (jump == null ? "" : " through " + jump.where());
    }

    Identity identity() {
        return new Identity(
                host,
                port,
                user,
                credentials.source(),
                known,
                pins,
                operationTimeout,
                jump == null ? null : jump.identity());
    }

    /**
     * What is equal where two hops can share a session: whom they trust and who they are, here and on all the way to here, and
     * how soon a frozen link must be noticed. Known hosts are compared by content, as a file may have changed between two readings.
     */
    record Identity(
            String host,
            int port,
            String user,
            Credentials.Source credentials,
            @Nullable KnownHosts known,
            Set<Fingerprint> pins,
            Duration operationTimeout,
            @Nullable Identity jump) {}

    /** What the library says of handshakes, for those who turn on debugging; it never says what a channel carries. */
    private static final class DebugLog implements Logger {
        private static final System.Logger LOG = System.getLogger("dev.rekey.ssh");

        @Override
        public boolean isEnabled(int level) {
            return LOG.isLoggable(System.Logger.Level.DEBUG);
        }

        @Override
        public void log(int level, String message) {
            LOG.log(System.Logger.Level.DEBUG, message);
        }
    }
}
