package dev.rekey.ssh;

import dev.rekey.InvalidInputException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a host is to be reached. A user, a key or the agent, and known hosts or a pinned key are needed; nothing is taken from
 * {@code ~/.ssh} or from settings of the JVM. Not safe for threads; may be used again, also as a jump host of several others.
 */
public final class SshConnector {
    /** The longest that a {@link dev.rekey.spi.NodeTransport} may take is 30 s, cutting a stuck connection included. */
    private static final Duration LONGEST = Duration.ofSeconds(28);

    private final String host;
    private int port = 22;
    private String user = "";
    private final List<Credentials.KeyFile> keys = new ArrayList<>();
    private boolean usesAgent;
    private @Nullable Path agent;
    private @Nullable KnownHosts known;
    private final Set<Fingerprint> pins = new HashSet<>();
    private @Nullable SshConnector jump;
    private boolean sudo = true;
    private Duration connectTimeout = Duration.ofSeconds(30);
    private Duration operationTimeout = Duration.ofSeconds(25);
    private @Nullable SshConnections connections;

    SshConnector(String host) {
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        if (!bare.matches("[A-Za-z0-9][A-Za-z0-9._:%-]*|::[A-Fa-f0-9.:]*")) {
            throw wrong("the host is no name or address of letters, digits, dots, dashes or colons");
        }
        // An IPv6 address has at least two.
        if (bare.indexOf(':') >= 0 && bare.indexOf(':') == bare.lastIndexOf(':')) {
            throw wrong("the host has a port behind it, which is to be given apart from it");
        }
        this.host = bare;
    }

    private static InvalidInputException wrong(String what) {
        return new InvalidInputException("SSH: " + what + "; nothing was changed");
    }

    /** 22 unless set. */
    public SshConnector port(int number) {
        if (number < 1 || number > 65_535) {
            throw wrong("the port must be 1 to 65535");
        }
        this.port = number;
        return this;
    }

    /** Who logs in. Anybody but {@code root} works through {@code sudo -n}. */
    public SshConnector user(CharSequence name) {
        if (!name.toString().matches("[^\\x00-\\x20\\x7f:@/-][^\\x00-\\x20\\x7f:/]*")) {
            throw wrong("the user's name is empty or has characters that no login has");
        }
        this.user = name.toString();
        return this;
    }

    /**
     * An unencrypted private key (ed25519, ecdsa, rsa; OpenSSH, PKCS#8 or PEM form). A {@code -cert.pub} beside it is shown with
     * it; one that is broken, or of another key, is an {@link InvalidInputException} of {@link #connect()} that names it.
     */
    public SshConnector privateKey(Path file) {
        return privateKey(file, Credentials.KeyFile.NONE);
    }

    /**
     * A private key; {@code passphrase} is asked once, if the key is encrypted, and the array that it returns is wiped. It is asked on
     * a thread of the transport, which is interrupted when the connect timeout is over; what it answers later is wiped unused.
     */
    public SshConnector privateKey(Path file, Supplier<char[]> passphrase) {
        keys.add(new Credentials.KeyFile(file, passphrase));
        return this;
    }

    /** The keys of the agent at {@code SSH_AUTH_SOCK}. Not together with a private key: that means this key and no other. */
    public SshConnector agent() {
        this.usesAgent = true;
        this.agent = null;
        return this;
    }

    /** The keys of the agent that listens at {@code socket}. */
    public SshConnector agent(Path socket) {
        this.usesAgent = true;
        this.agent = socket;
        return this;
    }

    /**
     * A file as OpenSSH's {@code known_hosts}, read now. The kind of key that it has for the host is asked for; a certificate
     * where it has a {@code @cert-authority}. One that names hosts must name this one as it stands, without wildcards.
     */
    public SshConnector knownHosts(Path file) {
        this.known = KnownHosts.read(file);
        return this;
    }

    /** The only host key that is taken, {@code SHA256:…} as {@code ssh-keygen -l} prints it; called again, one more. */
    public SshConnector pinned(CharSequence fingerprint) {
        this.pins.add(Fingerprint.parse(fingerprint.toString()));
        return this;
    }

    /** The host through which this one is reached; that one may have a jump host too. */
    public SshConnector jump(SshConnector bastion) {
        for (SshConnector next = bastion; next != null; next = next.jump) {
            if (next == this) {
                throw wrong("the jump hosts go round in a circle");
            }
        }
        this.jump = bastion;
        return this;
    }

    /** For a user that is not root and shall do without sudo, in files of its own. */
    public SshConnector withoutSudo() {
        this.sudo = false;
        return this;
    }

    /**
     * For all of {@link #connect()}: jump hosts, repeated handshakes, the agent and the answer to a passphrase included, whatever of
     * them hangs; 30 s unless set.
     */
    public SshConnector connectTimeout(Duration limit) {
        if (limit.isNegative() || limit.isZero()) {
            throw wrong("the connect timeout must be more than nothing");
        }
        this.connectTimeout = limit;
        return this;
    }

    /** For each operation, a reconnection included; 25 s unless set, at most 28 s. */
    public SshConnector operationTimeout(Duration limit) {
        if (limit.isNegative() || limit.isZero() || limit.compareTo(LONGEST) > 0) {
            throw wrong("the operation timeout must be more than nothing and at most 28 s");
        }
        this.operationTimeout = limit;
        return this;
    }

    /** What this transport shares with others. */
    public SshConnector via(SshConnections shared) {
        this.connections = shared;
        return this;
    }

    /** Logs in, and finds out how files are reached there. A {@link dev.rekey.NodeException} says what is wrong with the host. */
    public SshTransport connect() {
        Hop hop = hop(operationTimeout);
        SshConnections shared = connections == null ? SshConnections.limitedTo(4) : connections;
        boolean throughSudo = sudo && !user.equals("root");
        Workers workers = new Workers(host);
        Connection connection = new Connection(hop, shared, new HostAccess(hop.where(), throughSudo));
        return new SshTransport(hop, operationTimeout, workers, connection).open(connectTimeout);
    }

    private Hop hop(Duration timeout) {
        String who = "host " + host + " has no ";
        if (user.isEmpty()) {
            throw wrong(who + "user; give user(…)");
        }
        if (keys.isEmpty() && !usesAgent) {
            throw wrong(who + "key; give privateKey(…) or agent()");
        }
        if (!keys.isEmpty() && usesAgent) {
            throw wrong(
                    "host " + host + " has a private key and the agent; an explicit key is the only one that is tried,"
                            + " so give one of the two");
        }
        if (known == null && pins.isEmpty()) {
            throw wrong(who + "known host key; give knownHosts(…) or pinned(…)");
        }
        if (known != null && !pins.isEmpty()) {
            throw wrong("host " + host + " has known hosts and a pinned key; give one of the two");
        }
        return new Hop(
                host,
                port,
                user,
                new Credentials(keys, usesAgent, agent),
                known,
                pins,
                jump == null ? null : jump.hop(timeout),
                timeout);
    }
}
