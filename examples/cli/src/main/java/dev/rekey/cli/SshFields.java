package dev.rekey.cli;

import dev.rekey.ssh.SshConnector;
import dev.rekey.ssh.SshTransport;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the ways to hosts out of an inventory. Nothing is taken from {@code ~/.ssh}: what is not written there is not used. */
final class SshFields {
    /** Of {@code ssh}, and of {@code jump} in it. */
    private static final List<String> KNOWN =
            List.of("host", "port", "user", "privateKey", "agent", "knownHosts", "hostKey", "jump");

    private static final int MOST_JUMPS = 8;

    private final Source source;

    SshFields(Source source) {
        this.source = source;
    }

    /** {@code node}'s, where it has one. */
    Optional<Inventory.Ssh> of(Fields node) {
        return node.mapping("ssh", KNOWN).map(fields -> ssh(fields, null, 0));
    }

    private Inventory.Ssh ssh(Fields fields, @Nullable Path knownHostsOfTarget, int depth) {
        Path knownHosts = fields.optional("knownHosts", "the path of a file of known hosts", source::resolve)
                .orElse(null);
        String hostKey = fields.optional(
                        "hostKey", "the host's key, as SHA256:…", text -> valid(text, to("host")::pinned))
                .orElse("");
        if (knownHosts != null && !hostKey.isEmpty()) {
            throw fields.mistake("hostKey", "stands beside knownHosts", "Give one of the two");
        }
        if (knownHosts == null && hostKey.isEmpty()) {
            knownHosts = knownHostsOfTarget;
        }
        if (knownHosts == null && hostKey.isEmpty()) {
            throw fields.missing(
                    "knownHosts",
                    "the path of a file of known hosts, or hostKey: SHA256:… as ssh-keygen -lf prints it");
        }
        if (depth == MOST_JUMPS) {
            throw fields.mistake("jump", "is deeper than " + MOST_JUMPS + " hosts", "Take a shorter way");
        }
        Path forJumps = knownHosts;
        return new Inventory.Ssh(
                host(fields),
                port(fields),
                user(fields),
                privateKey(fields),
                null,
                knownHosts,
                hostKey,
                fields.mapping("jump", KNOWN)
                        .map(jump -> ssh(jump, forJumps, depth + 1))
                        .orElse(null));
    }

    private static String host(Fields fields) {
        String what = "the name or address of a host";
        return fields.optional("host", what, text -> valid(text, SshFields::to))
                .orElseThrow(() -> fields.missing("host", what));
    }

    private static int port(Fields fields) {
        String what = "a number from 1 to 65535";
        int port = fields.optionalNumber("port", what).orElse(22);
        if (port < 1 || port > 65_535) {
            throw fields.mistake("port", "is no port", "Give " + what);
        }
        return port;
    }

    private static String user(Fields fields) {
        String who = "who logs in: root, or somebody who may use sudo without a password";
        return fields.optional("user", who, text -> valid(text, to("host")::user))
                .orElseThrow(() -> fields.missing("user", who));
    }

    /** Null where the agent is to be asked. */
    private @Nullable Path privateKey(Fields fields) {
        boolean agent = fields.isTrue("agent", "agent: true, or leave it out");
        Optional<Path> key = fields.optional("privateKey", "the path of a private key", source::resolve);
        if (agent == key.isPresent()) {
            throw agent
                    ? fields.mistake(
                            "agent",
                            "stands beside a private key, which is the only one that is tried",
                            "Give one of the two")
                    : fields.missing("privateKey", "the path of a private key, or agent: true");
        }
        return key.orElse(null);
    }

    private static SshConnector to(String host) {
        return SshTransport.to(host);
    }

    private static String valid(String text, Consumer<String> check) {
        check.accept(text);
        return text;
    }
}
