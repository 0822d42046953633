package dev.rekey.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.manifest.NodePath;
import dev.rekey.sshd.Link;
import dev.rekey.sshd.TestSshd;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Many hosts at once, far away, or behind one jump host. */
class ManyHostsIT {
    @AutoClose
    private static TestSshd bastion;

    @AutoClose
    private static TestSshd host;

    @BeforeAll
    static void start() {
        bastion = TestSshd.config()
                .user("jumper", "/usr/sbin/nologin")
                .line("MaxStartups 10:100:10")
                .start();
        // It stands for thirty, each of which would take ten.
        host = TestSshd.config()
                .line("MaxStartups 300")
                .sudoer("ops", "/bin/dash")
                .start();
    }

    @TestFactory
    Stream<DynamicTest> contractThroughAJumpHost() throws Exception {
        SshConnector connector = host.as("ops").jump(bastion.as("jumper")).via(SshConnections.limitedTo(4));
        Path empty = Files.createDirectory(host.directory().resolve("empty"));
        return SshTransportContractIT.cases(connector::connect, empty);
    }

    @Test
    void thirtyHostsBehindALinkOf200Milliseconds_takeLittleLongerThanThree() throws Exception {
        Duration three = sweep(3);
        Duration thirty = sweep(30);
        System.out.println("sweep of 3 hosts " + three.toMillis() + " ms, of 30 hosts " + thirty.toMillis() + " ms");
        assertThat(thirty).isLessThan(three.multipliedBy(4));
    }

    private static Duration sweep(int count) throws Exception {
        List<Link> links = new ArrayList<>();
        List<SshConnector> connectors = new ArrayList<>();
        SshConnections shared = SshConnections.limitedTo(8);
        for (int i = 0; i < count; i++) {
            Link link = Link.to(host.port());
            link.delay(Duration.ofMillis(100));
            links.add(link);
            connectors.add(host.as("ops", link.port()).via(shared));
        }
        ExecutorService threads = Executors.newFixedThreadPool(count);
        long start = System.nanoTime();
        try {
            List<Future<Boolean>> all = new ArrayList<>();
            for (SshConnector connector : connectors) {
                all.add(threads.submit(() -> {
                    try (SshTransport transport = connector.connect()) {
                        return transport.read(NodePath.of("/etc/passwd")).isPresent()
                                && transport.stat(NodePath.of("/etc/shadow")).isPresent();
                    }
                }));
            }
            for (Future<Boolean> each : all) {
                assertThat(each.get()).isTrue();
            }
            return Duration.ofNanos(System.nanoTime() - start);
        } finally {
            threads.shutdownNow();
            links.forEach(Link::close);
        }
    }

    @Test
    void manyTransportsThroughOneJumpHost_shareOneLoginThere_whichEndsWithTheLast() throws Exception {
        SshConnections shared = SshConnections.limitedTo(4);
        try (Link link = Link.to(bastion.port())) {
            List<SshConnector> connectors = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                connectors.add(
                        host.as("root").jump(bastion.as("jumper", link.port())).via(shared));
            }
            ExecutorService threads = Executors.newFixedThreadPool(12);
            List<SshTransport> open = new ArrayList<>();
            try {
                List<Future<SshTransport>> coming = new ArrayList<>();
                connectors.forEach(each -> coming.add(threads.submit(each::connect)));
                for (Future<SshTransport> each : coming) {
                    open.add(each.get());
                }
                assertThat(link.connections()).isEqualTo(1);
                open.remove(0).close();
                assertThat(open.get(0).stat(NodePath.of("/etc/passwd"))).isPresent();
            } finally {
                threads.shutdownNow();
                open.forEach(SshTransport::close);
            }
            assertThat(Thread.getAllStackTraces().keySet())
                    .noneMatch(thread -> thread.getName().startsWith("Connect thread"));
            try (SshTransport again = connectors.get(0).connect()) {
                assertThat(again.stat(NodePath.of("/etc/passwd"))).isPresent();
                assertThat(link.connections()).isEqualTo(2);
            }
        }
    }
}
