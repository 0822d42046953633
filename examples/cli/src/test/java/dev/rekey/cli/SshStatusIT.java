package dev.rekey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.controlplane.ControlPlaneMember;
import dev.rekey.sshd.Link;
import dev.rekey.sshd.RoundTrips;
import dev.rekey.sshd.TestSshd;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code status} of many members over SSH. Each has a real sshd of its own, at an address of its own, with a link of its own
 * before it. Behind them is one real apiserver, since it is the way to the members that is looked at.
 */
class SshStatusIT {
    private static final int MOST = 30;

    @TempDir
    private static Path folder;

    private static Site site;
    private static List<TestSshd> servers = List.of();

    private final List<Link> links = new ArrayList<>();
    private Link apiServer;

    @BeforeAll
    static void start() {
        site = Site.of(1, folder);
        site.createSecrets(5);
        site.succeed("enable", "--yes");
        TestSshd.require();
        // At once, since each is waited for.
        servers = IntStream.range(0, MOST)
                .parallel()
                .mapToObj(i -> TestSshd.config().sudoer("ops", "/bin/dash").start())
                .toList();
    }

    @AfterAll
    static void end() {
        servers.forEach(TestSshd::close);
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

    /** Each is an sshd of its own, and the limit of handshakes is for each sshd: see ManyHostsIT for one that many share. */
    @ParameterizedTest(name = "{0} members")
    @ValueSource(ints = {3, MOST})
    void allMembersAreAskedAtTheSameTime(int count) throws IOException {
        inventory(count);
        links.forEach(Link::freeze);
        apiServer.freeze();

        RekeyJar.Running call = site.start("status", "--output", "json");
        Site.await("handshakes", () -> sessions() == count);
        links.forEach(Link::thaw);
        Site.await("questions to all apiservers", () -> apiServer.open() == count);
        assertThat(sessions()).isEqualTo(count);
        apiServer.thaw();

        RekeyJar.Result result = call.result();
        assertThat(result.status()).as(result::describe).isZero();
        assertThat(result.json().getAsJsonArray("members")).hasSize(count);
        assertThat(links).allMatch(link -> link.connections() == 1);
    }

    /** A sweep that asked one after the other would need ten times as long. */
    @Test
    void thirtyMembersThatAreFarAway_takeLittleLongerThanThree() throws IOException {
        Sweep three = farAway(3);
        Sweep thirty = farAway(MOST);

        System.out.println("status 200 ms away: " + three + ", " + thirty);
        assertThat(three.roundTrips()).isGreaterThan(10);
        assertThat(thirty.roundTrips()).isLessThan(three.roundTrips() * 2);
        assertThat(thirty.time()).isLessThan(three.time().multipliedBy(3));
    }

    private record Sweep(int members, int roundTrips, Duration time) {
        @Override
        public String toString() {
            return members + " members in " + time.toMillis() + " ms, " + roundTrips + " round trips";
        }
    }

    private Sweep farAway(int count) throws IOException {
        inventory(count);
        RoundTrips roundTrips = new RoundTrips();
        links.forEach(link -> link.countIn(roundTrips));
        links.forEach(link -> link.delay(Duration.ofMillis(100)));
        long begin = System.nanoTime();

        RekeyJar.Result result = site.succeed("status", "--output", "json");

        Duration time = Duration.ofNanos(System.nanoTime() - begin);
        assertThat(result.json().getAsJsonArray("members")).hasSize(count);
        assertThat(result.json().getAsJsonArray("drift")).isEmpty();
        assertThat(result.json().get("proof").getAsString()).isEqualTo("settled");
        return new Sweep(count, roundTrips.count(), time);
    }

    private static ControlPlaneMember member() {
        return site.controlPlane().member("cp1");
    }

    private int sessions() {
        return links.stream().mapToInt(Link::open).sum();
    }

    /** Of members whose manifests say that the apiserver listens where the link to it does. */
    private void inventory(int count) throws IOException {
        links.forEach(Link::close);
        links.clear();
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
            TestSshd server = servers.get(i - 1);
            String host = "127.0.1." + i;
            Link link = Link.between(new InetSocketAddress(host, 0), new InetSocketAddress("127.0.0.1", server.port()));
            links.add(link);
            text.append("- {name: m%02d, ssh: {host: %s, port: %d, user: ops, privateKey: %s, knownHosts: %s}}\n"
                    .formatted(i, host, link.port(), server.key(), server.knownHosts(host, link.port())));
        }
        site.write("inventory.yaml", text.toString());
    }
}
