package dev.rekey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.controlplane.ControlPlaneMember;
import dev.rekey.sshd.Link;
import dev.rekey.sshd.TestSshd;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code status} of many members over SSH. Each has an address of its own with a link of its own before it; behind them are one
 * sshd and one real apiserver, since it is the way to the members that is looked at.
 */
class SshStatusIT {
    /** More would be dropped by a bastion; all other things are done with as many members as there are here. */
    private static final int HANDSHAKES_AT_ONCE = 16;

    @TempDir
    private static Path folder;

    private static Site site;
    private static TestSshd server;

    private final List<Link> links = new ArrayList<>();
    private Link apiServer;

    @BeforeAll
    static void start() {
        site = Site.of(1, folder);
        site.createSecrets(5);
        site.succeed("enable", "--yes");
        server =
                TestSshd.config().hostKeys("ed25519").sudoer("ops", "/bin/dash").start();
    }

    @AfterAll
    static void end() {
        if (server != null) {
            server.close();
        }
        if (site != null) {
            site.close();
        }
    }

    @BeforeEach
    void putALinkBeforeTheApiServer() {
        apiServer = Link.to(URI.create(member().apiServerUrl()).getPort());
    }

    @AfterEach
    void takeLinksAway() {
        links.forEach(Link::close);
        apiServer.close();
    }

    @ParameterizedTest(name = "{0} members")
    @ValueSource(ints = {3, 30})
    void allMembersAreAskedAtTheSameTime(int count) throws IOException {
        inventory(count);
        links.forEach(Link::freeze);
        apiServer.freeze();

        RekeyJar.Running call = site.start("status", "--output", "json");
        Site.await("handshakes", () -> sessions() == Math.min(count, HANDSHAKES_AT_ONCE));
        links.forEach(Link::thaw);
        Site.await("questions to all apiservers", () -> apiServer.open() == count);
        assertThat(sessions()).isEqualTo(count);
        apiServer.thaw();

        RekeyJar.Result result = call.result();
        assertThat(result.status()).as(result::describe).isZero();
        assertThat(result.json().getAsJsonArray("members")).hasSize(count);
        assertThat(links).allMatch(link -> link.connections() == 1);
    }

    /** The figures are for people: what must hold is counted above. */
    @ParameterizedTest(name = "{0} members")
    @ValueSource(ints = {3, 30})
    void membersThatAreFarAway_areAllSeen(int count) throws IOException {
        inventory(count);
        links.forEach(link -> link.delay(Duration.ofMillis(100)));
        long begin = System.nanoTime();

        RekeyJar.Result result = site.succeed("status", "--output", "json");

        System.out.println("status of " + count + " members 200 ms away: "
                + Duration.ofNanos(System.nanoTime() - begin).toMillis() + " ms");
        assertThat(result.json().getAsJsonArray("members")).hasSize(count);
        assertThat(result.json().getAsJsonArray("drift")).isEmpty();
        assertThat(result.json().get("proof").getAsString()).isEqualTo("settled");
    }

    private static ControlPlaneMember member() {
        return site.controlPlane().member("cp1");
    }

    private int sessions() {
        return links.stream().mapToInt(Link::open).sum();
    }

    /** Of members whose manifests say that the apiserver listens where the link to it does. */
    private void inventory(int count) throws IOException {
        String manifest = Site.text(member().manifestPath());
        String port = "--secure-port=" + URI.create(member().apiServerUrl()).getPort();
        assertThat(manifest).contains(port);
        Path manifests = Files.createDirectories(folder.resolve("manifests"));
        Files.writeString(
                manifests.resolve("kube-apiserver.yaml"), manifest.replace(port, "--secure-port=" + apiServer.port()));
        StringBuilder text = new StringBuilder("cluster: test\nkubeconfig: "
                + site.controlPlane().kubeconfig() + "\narchive: {none: nothing is changed}\nlayout:\n  manifest: "
                + manifests.resolve("kube-apiserver.yaml") + "\n  configurationDirectory: "
                + member().configurationDirectory() + "\n  stateDirectory: " + member().stateDirectory()
                + "\nnodes:\n");
        for (int i = 1; i <= count; i++) {
            Link link = Link.to(server.port());
            links.add(link);
            text.append("- {name: m%02d, ssh: {host: 127.0.0.1, port: %d, user: ops, privateKey: %s, knownHosts: %s}}\n"
                    .formatted(i, link.port(), server.key(), server.knownHosts("127.0.0.1", link.port())));
        }
        site.write("inventory.yaml", text.toString());
    }
}
