package dev.rekey.ssh;

import com.jcraft.jsch.IdentityRepository;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import dev.rekey.NodeException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Makes one session: tries again what a busy host drops, and says of everything else what it is. */
final class Handshake {
    private static final int TRIES = 6;
    private static final int FIRST_PAUSE_MILLIS = 250;

    private final Hop hop;
    private final @Nullable SshSession jump;
    private final Attempt attempt;
    private final SshConnections connections;

    private final Set<String> without = new HashSet<>();
    private final List<String> differences = new ArrayList<>();

    Handshake(Hop hop, @Nullable SshSession jump, Attempt attempt, SshConnections connections) {
        this.hop = hop;
        this.jump = jump;
        this.attempt = attempt;
        this.connections = connections;
    }

    /** @param release gives the jump host back when the session ends */
    SshSession shake(Runnable release) throws IOException {
        // Before a turn is taken: whoever is asked for a passphrase holds up nobody else.
        JSch jsch = hop.jsch(attempt);
        int drops = 0;
        while (true) {
            HostKeyCheck check = hop.hostKeyCheck();
            try {
                return connections.limited(hop.door(), attempt, () -> once(jsch, check, release));
            } catch (HandshakeException e) {
                attempt.requireGoingOn();
                if (check.rejected()) {
                    refuseUnlessAnotherTypeIsLeft(check);
                } else if (e.dropped() && ++drops < TRIES) {
                    pause(FIRST_PAUSE_MILLIS << drops);
                } else {
                    throw named(e);
                }
            }
        }
    }

    private SshSession once(JSch jsch, HostKeyCheck check, Runnable release) throws IOException {
        Wire wire = new Wire(jump, attempt, hop.keepAlive(), check.tap());
        Session session;
        try {
            session = jsch.getSession(hop.user(), hop.host(), hop.port());
            session.setSocketFactory(wire);
            session.setHostKeyRepository(check);
            session.setHostKeyAlias(hop.host());
            session.setConfig("StrictHostKeyChecking", "yes");
            session.setConfig("prefer_known_host_key_types", "no");
            session.setConfig("host_certificate_to_key_fallback", "yes");
            session.setConfig("server_host_key", check.algorithms(session.getConfig("server_host_key"), without));
            session.setConfig("PreferredAuthentications", "publickey");
            session.setDaemonThread(true);
            IdentityRepository agent = hop.agent(attempt);
            if (agent != null) {
                session.setIdentityRepository(agent);
            }
        } catch (JSchException e) {
            throw new HandshakeException(e, false);
        }
        SshSession made = new SshSession(session, wire, jump, release);
        attempt.uses(made);
        Waiting before = attempt.enter(Waiting.handshake(hop));
        try {
            session.connect(attempt.remainingMillis());
            return made;
        } catch (JSchException e) {
            boolean ended = wire.closedByHost();
            made.abort();
            wire.awaitEnd(500);
            throw new HandshakeException(e, ended);
        } finally {
            attempt.enter(before);
        }
    }

    /** A pin does not tell its type: the host is asked for its other keys before it is refused. */
    private void refuseUnlessAnotherTypeIsLeft(HostKeyCheck check) {
        if (!check.certificateFault().isEmpty()) {
            throw certificateRefused(check.certificateFault());
        }
        differences.add(check.difference());
        if (check.isPinned() && without.add(check.offeredType())) {
            return;
        }
        throw hostKeyRefused();
    }

    private NodeException hostKeyRefused() {
        return new NodeException("host " + hop.where() + ": its host key is not the expected one: "
                + String.join("; ", differences)
                + ". Nothing was sent to it. Compare with `ssh-keygen -lf` on the host itself: if the host was set up"
                + " anew, record its new key; if not, somebody is between you and the host");
    }

    /** Never says to record the key: that would put a key that nobody vouches for in the place of the authority. */
    private NodeException certificateRefused(String fault) {
        return new NodeException("host " + hop.where() + ": its host certificate " + fault
                + ". Nothing was sent to it. Look at it with `ssh-keygen -L` on the host, and have a trusted authority renew it"
                + " (`ssh-keygen -s AUTHORITY -h -I NAME -n " + hop.host() + " -V +52w KEY.pub`), then reload sshd");
    }

    private IOException named(HandshakeException e) {
        String text = e.text();
        if (!differences.isEmpty()) {
            throw hostKeyRefused();
        }
        ChannelRefusedException refused = e.refused();
        if (refused != null && refused.reason() == ChannelRefusedException.PROHIBITED) {
            throw unreachable(
                    "the jump host forbids forwarding", "On it, set " + ChannelRefusedException.ALLOW_FORWARDING);
        }
        if (refused != null) {
            throw unreachable("the jump host could not connect to it", "Check address, port and that sshd runs");
        }
        if (e.cause(UnknownHostException.class)) {
            throw unreachable("its name is not known here", "Check the name");
        }
        if (e.cause(ConnectException.class) || e.cause(NoRouteToHostException.class)) {
            throw unreachable(
                    "nothing answers on port " + hop.port(), "Check address, port and firewall, and that sshd runs");
        }
        if (e.dropped()) {
            throw unreachable(
                    "it dropped each of " + TRIES + " connections before login",
                    "Look at MaxStartups and PerSourcePenalties in its sshd_config, and at its log");
        }
        if (text.contains("Auth fail") || text.contains("USERAUTH") || text.contains("Auth cancel")) {
            String expired = hop.expired();
            if (!expired.isEmpty()) {
                throw unreachable(
                        "it does not take the given private key for user " + hop.user() + "; " + expired,
                        "Have the certificate renewed");
            }
            throw unreachable(
                    "it does not take " + (hop.usesAgent() ? "any key of the agent" : "the given private key")
                            + " for user " + hop.user(),
                    "Put the public key into that user's authorized_keys, and look at sshd's log on the host");
        }
        if (text.contains("Too many authentication failures")) {
            throw unreachable(
                    "it closed the connection after too many keys of the agent",
                    "Give the one private key that the host knows");
        }
        if (text.contains("Algorithm negotiation fail")) {
            throw unreachable(
                    "it offers no algorithm that this client takes for safe",
                    "Update sshd on the host, or allow rsa-sha2-512, ed25519 or ecdsa host keys");
        }
        return new IOException("the SSH handshake failed (" + text + ")");
    }

    private NodeException unreachable(String found, String advice) {
        return new NodeException("host " + hop.where() + ": " + found + ". Nothing was sent to it. " + advice
                + ", then make the same call again");
    }

    private void pause(int millis) throws IOException {
        attempt.sleep(millis / 2 + ThreadLocalRandom.current().nextInt(millis));
    }

    /** What JSch said, whose exceptions are told apart by text alone. */
    private static final class HandshakeException extends IOException {
        private static final long serialVersionUID = 1L;

        private final boolean ended;

        /** @param ended the host closed the connection */
        HandshakeException(JSchException cause, boolean ended) {
            super(cause);
            this.ended = ended;
        }

        String text() {
            Throwable cause = getCause();
            return Text.printable(cause == null ? "" : String.valueOf(cause.getMessage()), 200);
        }

        @Nullable
        ChannelRefusedException refused() {
            for (Throwable at = getCause(); at != null; at = at.getCause()) {
                if (at instanceof ChannelRefusedException refused) {
                    return refused;
                }
            }
            return null;
        }

        boolean cause(Class<? extends Throwable> type) {
            for (Throwable at = getCause(); at != null; at = at.getCause()) {
                if (type.isInstance(at)) {
                    return true;
                }
            }
            return false;
        }

        /** Closed without a word: it may be made again. JSch calls it a failed login where it happens during one. */
        boolean dropped() {
            return !text().contains("SSH_MSG_DISCONNECT")
                    && !cause(ConnectException.class)
                    && (ended
                            || text().matches(
                                            "(?s).*(closed by foreign host|Connection reset|End of IO Stream|Broken pipe).*"));
        }
    }
}
