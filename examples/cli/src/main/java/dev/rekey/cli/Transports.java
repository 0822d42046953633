package dev.rekey.cli;

import dev.rekey.InvalidInputException;
import dev.rekey.spi.LocalTransport;
import dev.rekey.spi.NodeTransport;
import dev.rekey.ssh.SshConnections;
import dev.rekey.ssh.SshConnector;
import dev.rekey.ssh.SshTransport;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The ways to the members' files. Sessions over SSH are made at the same time, one for each member, and end at the same time. */
final class Transports implements AutoCloseable {
    /** One sshd drops the eleventh, and others may log in there too. */
    private static final int HANDSHAKES = 8;

    private final Map<String, NodeTransport> transports;
    private final Passphrases passphrases;

    private Transports(Map<String, NodeTransport> transports, Passphrases passphrases) {
        this.transports = transports;
        this.passphrases = passphrases;
    }

    /** All of them, or none: a {@link NodeException} names every member that cannot be reached. */
    static Transports open(List<Inventory.Member> members, Confirmation person) {
        Passphrases passphrases = new Passphrases(person);
        Transports opened = new Transports(new TreeMap<>(), passphrases);
        boolean complete = false;
        try {
            Map<String, SshConnector> connectors = new TreeMap<>();
            SshConnections shared = SshConnections.limitedTo(HANDSHAKES);
            for (Inventory.Member member : members) {
                if (member.ssh() == null) {
                    opened.transports.put(member.name(), new LocalTransport());
                } else {
                    connectors.put(
                            member.name(), connector(member.ssh(), passphrases).via(shared));
                }
            }
            opened.connect(connectors);
            complete = true;
            return opened;
        } finally {
            if (!complete) {
                opened.close();
            }
        }
    }

    private static SshConnector connector(Inventory.Ssh ssh, Passphrases passphrases) {
        SshConnector connector = SshTransport.to(ssh.host()).port(ssh.port()).user(ssh.user());
        if (ssh.privateKey() != null) {
            connector.privateKey(ssh.privateKey(), passphrases.of(ssh.privateKey()));
        } else if (ssh.agentSocket() != null) {
            connector.agent(ssh.agentSocket());
        } else {
            connector.agent();
        }
        if (ssh.knownHosts() == null) {
            connector.pinned(ssh.hostKey());
        } else {
            connector.knownHosts(ssh.knownHosts());
        }
        return ssh.jump() == null ? connector : connector.jump(connector(ssh.jump(), passphrases));
    }

    private void connect(Map<String, SshConnector> connectors) {
        Map<String, SshTransport> made = new ConcurrentHashMap<>();
        Map<String, Runnable> work = new TreeMap<>();
        connectors.forEach((member, connector) -> work.put(member, () -> made.put(member, connector.connect())));
        try {
            AtOnce.run(work);
        } finally {
            transports.putAll(made);
        }
    }

    /** By the members' names. */
    Map<String, NodeTransport> byMember() {
        return Map.copyOf(transports);
    }

    NodeTransport of(Inventory.Member member) {
        NodeTransport transport = transports.get(member.name());
        if (transport == null) {
            throw new IllegalStateException("no transport for " + member.name());
        }
        return transport;
    }

    /** That of a member that is reached over SSH. */
    SshTransport tunnelOf(Inventory.Member member) {
        if (of(member) instanceof SshTransport ssh) {
            return ssh;
        }
        throw new InvalidInputException(
                "member " + member.name()
                        + " has neither the address of its apiserver nor SSH. Nothing was changed. Give one of them in the inventory");
    }

    @Override
    public void close() {
        Map<String, Runnable> work = new TreeMap<>();
        transports.forEach((member, transport) -> work.put(member, transport::close));
        try {
            AtOnce.run(work);
        } finally {
            passphrases.close();
        }
    }
}
