package dev.rekey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.controlplane.ControlPlaneMember;
import dev.rekey.sshd.Shell;
import dev.rekey.sshd.TestSshd;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Site} of three members that an operator reaches over SSH and not otherwise: the command runs in a network name space
 * that leads to the sshd of cp1 (as root), of cp2 (through sudo) and to a bastion before cp3. Each sshd forwards to its own
 * member's apiserver only. No kubeconfig is at hand; the one of cp2 is taken.
 */
final class SshSite implements AutoCloseable {
    private static final int PORT = 22;
    private static final String BASTION = "192.0.2.10";

    /** What the way to each member is called in the inventory and its file of known hosts. */
    private static final Map<String, String> HOSTS =
            Map.of("cp1", "192.0.2.11", "cp2", "192.0.2.12", "cp3", "127.0.0.1");

    private final Site site;
    private final Map<String, TestSshd> servers = new TreeMap<>();
    private @Nullable ClientNamespace namespace;

    private SshSite(Site site) {
        this.site = site;
    }

    private void open(Path folder) {
        for (ControlPlaneMember member : site.controlPlane().members()) {
            servers.put(member.name(), host(member));
        }
        TestSshd third = server("cp3");
        servers.put(
                "bastion",
                TestSshd.config()
                        .user("jumper", "/usr/sbin/nologin")
                        .line("PermitOpen 127.0.0.1:" + third.port())
                        .start());
        servers.keySet().forEach(this::rememberHostKeys);
        Map<InetSocketAddress, Integer> ways = new HashMap<>();
        ways.put(
                InetSocketAddress.createUnresolved(HOSTS.get("cp1"), PORT),
                server("cp1").port());
        ways.put(
                InetSocketAddress.createUnresolved(HOSTS.get("cp2"), PORT),
                server("cp2").port());
        ways.put(
                InetSocketAddress.createUnresolved(BASTION, PORT),
                server("bastion").port());
        ClientNamespace made = ClientNamespace.start(folder, ways);
        namespace = made;
        site.rekey().startedThrough(made.prefix());
        site.write("inventory.yaml", inventory());
    }

    static SshSite in(Path folder) {
        TestSshd.require();
        SshSite made = new SshSite(Site.of(3, folder));
        try {
            made.open(folder);
            return made;
        } catch (RuntimeException | Error e) {
            made.close();
            throw e;
        }
    }

    private TestSshd host(ControlPlaneMember member) {
        var config = TestSshd.config()
                .line("PermitOpen 127.0.0.1:" + apiServerPort(member))
                .line("MaxSessions 10");
        if (member.name().equals("cp2")) {
            // A copy of /etc, since this machine's own must not get another file.
            config.sudoer("ops", "/bin/dash")
                    .setUp("mkdir -p $W/etc && cp -a /etc/. $W/etc/ && mkdir -p $W/etc/kubernetes && cp -p "
                            + site.controlPlane().kubeconfig()
                            + " $W/etc/kubernetes/admin.conf && mount --bind $W/etc /etc");
        }
        return config.start();
    }

    Site site() {
        return site;
    }

    /** That of a member, or {@code bastion}. */
    TestSshd server(String name) {
        TestSshd server = servers.get(name);
        if (server == null) {
            throw new IllegalArgumentException("no server " + name);
        }
        return server;
    }

    /** Takes the host keys that the server has now for right. */
    void rememberHostKeys(String name) {
        TestSshd server = server(name);
        String key = Site.text(server.hostKey("ed25519")).strip();
        site.write(name + ".known_hosts", knownAs(name) + " " + key + "\n");
    }

    private String knownAs(String name) {
        return name.equals("cp3") ? "[127.0.0.1]:" + server(name).port() : HOSTS.getOrDefault(name, BASTION);
    }

    /** As {@code ssh-keygen} prints it: {@code SHA256:…}. */
    String hostKeyFingerprint(String name) {
        return Shell.run("ssh-keygen", "-lf", server(name).hostKey("ed25519").toString())
                .split(" ")[1];
    }

    /** The command's surroundings lead to the servers, and to no apiserver; and the way in which that is found out can succeed. */
    void assertOnlySshLeadsToMembers() {
        assertThat(namespace.dial("192.0.2.11", PORT)).isEmpty();
        assertThat(namespace.dial("192.0.2.12", PORT)).isEmpty();
        assertThat(namespace.dial(BASTION, PORT)).isEmpty();
        assertThat(namespace.dial("127.0.0.1", server("cp3").port())).contains("refused");
        for (ControlPlaneMember member : site.controlPlane().members()) {
            int port = apiServerPort(member);
            assertThat(ClientNamespace.dialFromHere("127.0.0.1", port)).isEmpty();
            assertThat(namespace.dial("127.0.0.1", port)).contains("refused");
            assertThat(namespace.dial(member.advertiseAddress(), port)).contains("unreachable");
        }
    }

    private static int apiServerPort(ControlPlaneMember member) {
        return URI.create(member.apiServerUrl()).getPort();
    }

    private String inventory() {
        StringBuilder text =
                new StringBuilder("cluster: test\narchive: {certificate: backup.pem, file: keys.cms}\nnodes:\n");
        for (ControlPlaneMember member : site.controlPlane().members()) {
            text.append("- name: " + member.name() + "\n  ssh: " + ssh(member.name()) + "\n");
            text.append(Site.layout(member));
        }
        return text.toString();
    }

    private String ssh(String name) {
        String way = "{host: %s, port: %d, user: %s, privateKey: %s, knownHosts: %s.known_hosts%s}";
        String jump = name.equals("cp3") ? ", jump: " + ssh("bastion") : "";
        String user = Map.of("cp2", "ops", "bastion", "jumper").getOrDefault(name, "root");
        int port = name.equals("cp3") ? server(name).port() : PORT;
        return way.formatted(
                HOSTS.getOrDefault(name, BASTION), port, user, server(name).key(), name, jump);
    }

    @Override
    public void close() {
        try (site) {
            if (namespace != null) {
                namespace.close();
            }
            servers.values().forEach(TestSshd::close);
        }
    }
}
