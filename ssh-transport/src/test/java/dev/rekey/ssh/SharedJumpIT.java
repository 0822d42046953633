package dev.rekey.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.NodeException;
import dev.rekey.RekeyException;
import dev.rekey.manifest.NodePath;
import dev.rekey.sshd.Link;
import dev.rekey.sshd.Peer;
import dev.rekey.sshd.Shell;
import dev.rekey.sshd.TestSshd;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A session to a jump host is another transport's too only where both would have made the same one. */
class SharedJumpIT {
    private static final String WRONG_PIN = "SHA256:" + "A".repeat(43);

    @AutoClose
    private static TestSshd outer;

    @AutoClose
    private static TestSshd inner;

    @AutoClose
    private static TestSshd host;

    @TempDir
    Path directory;

    private Link link;
    private SshConnections shared;
    private SshTransport first;

    @BeforeAll
    static void start() {
        outer = TestSshd.config().start();
        inner = TestSshd.config().start();
        host = TestSshd.config().start();
    }

    @BeforeEach
    void connectTheFirst() {
        link = Link.to(outer.port());
        shared = SshConnections.limitedTo(4);
        first = to(outer.as("root", link.port())).connect();
    }

    @AfterEach
    void close() {
        first.close();
        link.close();
    }

    private SshConnector to(SshConnector outermost) {
        return host.as("root").via(shared).jump(inner.as("root").jump(outermost));
    }

    private SshConnector outermost() {
        return SshTransport.to("127.0.0.1").port(link.port()).user("root");
    }

    private static String pin(TestSshd of) {
        return Shell.run("ssh-keygen", "-lf", of.hostKey("ed25519").toString()).split(" ", -1)[1];
    }

    private static void works(SshTransport transport) {
        assertThat(transport.read(NodePath.of("/etc/passwd"))).isPresent();
    }

    @Test
    void allIsEqual_oneSessionServesBoth() {
        try (SshTransport second = to(outer.as("root", link.port())).connect()) {
            works(second);
            assertThat(link.connections()).isEqualTo(1);
        }
        works(first);
    }

    @Test
    void theOutermostHopHasAWrongPin_itIsRefused() {
        SshConnector wrong = to(outermost().privateKey(outer.key()).pinned(WRONG_PIN));
        assertThatThrownBy(wrong::connect)
                .isInstanceOf(NodeException.class)
                .hasMessageContaining("root@127.0.0.1:" + link.port() + ": its host key is not the expected one")
                .hasMessageContaining(WRONG_PIN);
        works(first);
    }

    @Test
    void theInnerHopHasAWrongPin_itIsRefused() {
        SshConnector wrong = SshTransport.to("127.0.0.1")
                .port(inner.port())
                .user("root")
                .privateKey(inner.key())
                .pinned(WRONG_PIN)
                .jump(outer.as("root", link.port()));
        assertThatThrownBy(() -> host.as("root").via(shared).jump(wrong).connect())
                .isInstanceOf(NodeException.class)
                .hasMessageContaining(WRONG_PIN);
        works(first);
    }

    @Test
    void anotherTrustThatHoldsToo_getsASessionOfItsOwn() {
        try (SshTransport second =
                to(outermost().privateKey(outer.key()).pinned(pin(outer))).connect()) {
            works(second);
            assertThat(link.connections()).isEqualTo(2);
        }
    }

    @Test
    void theFileOfKnownHostsHasChangedMeanwhile_theNewOneCounts() throws IOException {
        Path known = Files.copy(outer.knownHosts("127.0.0.1", link.port()), directory.resolve("known"));
        try (SshTransport before =
                to(outermost().privateKey(outer.key()).knownHosts(known)).connect()) {
            works(before);
            Files.writeString(known, Files.readString(inner.hostKey("ed25519")).replaceFirst("^", "127.0.0.1 "));
            SshConnector after = to(outermost().privateKey(outer.key()).knownHosts(known));
            assertThatThrownBy(after::connect)
                    .isInstanceOf(NodeException.class)
                    .hasMessageContaining("its host key is not the expected one");
        }
    }

    @Test
    void anotherKeyOfTheUser_mustOpenTheHopItself() {
        Path stranger = directory.resolve("stranger");
        Shell.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", stranger.toString());
        SshConnector wrong =
                to(outermost().privateKey(stranger).knownHosts(outer.knownHosts("127.0.0.1", link.port())));
        assertThatThrownBy(wrong::connect)
                .isInstanceOf(RekeyException.class)
                .hasMessageContaining("does not take the given private key");
        works(first);
    }

    @Test
    void whoMadeTheSession_endsBeforeItsOwnIsDialled_theOthersKeepIt() {
        Path encrypted = directory.resolve("encrypted");
        Shell.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "secret", "-f", encrypted.toString());
        shared = SshConnections.limitedTo(4);
        CountDownLatch asked = new CountDownLatch(1);
        SshConnector waiting = SshTransport.to("127.0.0.1")
                .port(host.port())
                .user("root")
                .knownHosts(host.knownHosts("127.0.0.1", host.port()))
                .privateKey(encrypted, () -> {
                    asked.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return new char[0];
                })
                .connectTimeout(Duration.ofSeconds(5));
        CompletableFuture<SshTransport> late = CompletableFuture.supplyAsync(
                () -> waiting.via(shared)
                        .jump(inner.as("root").jump(outer.as("root", link.port())))
                        .connect(),
                task -> new Thread(task).start());
        assertThat(asked)
                .satisfies(
                        latch -> assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue());
        try (SshTransport other = to(outer.as("root", link.port())).connect()) {
            assertThatThrownBy(late::join).hasMessageContaining("the passphrase callback of " + encrypted);
            works(other);
            assertThat(link.connections()).isEqualTo(2);
        }
    }

    @Test
    void oneWhoseTunnelsAreStuckIsClosed_theOthersKeepTheSession() throws Exception {
        AtomicLong written = new AtomicLong();
        try (Peer sink = Peer.that(socket -> socket.getInputStream().transferTo(OutputStream.nullOutputStream()));
                Link behind = Link.to(host.port())) {
            SshTransport stuck = host.as("root", behind.port())
                    .via(shared)
                    .jump(inner.as("root").jump(outer.as("root", link.port())))
                    .connect();
            List<Thread> writers = new ArrayList<>();
            // Enough for all windows and buffers on the way.
            for (int i = 0; i < 10; i++) {
                Socket socket = stuck.tunnel().createSocket("127.0.0.1", sink.port());
                writers.add(new Thread(() -> writeWithoutEnd(socket, written)));
            }
            behind.freeze();
            writers.forEach(Thread::start);
            assertThat(OurThreads.comes(() -> standsStill(writers.get(0), written)))
                    .isTrue();
            assertThat(OurThreads.timed(stuck::close)).isLessThan(Duration.ofSeconds(3));
            works(first);
            assertThat(link.connections()).isEqualTo(1);
            for (Thread writer : writers) {
                writer.join(10_000);
                assertThat(writer.isAlive()).isFalse();
            }
        }
    }

    private static void writeWithoutEnd(Socket socket, AtomicLong written) {
        try {
            while (true) {
                socket.getOutputStream().write(new byte[1 << 16]);
                written.incrementAndGet();
            }
        } catch (IOException e) {
            return;
        }
    }

    private static boolean standsStill(Thread writer, AtomicLong written) {
        long seen = written.get();
        Workers.join(writer, 1_000);
        return seen > 0 && written.get() == seen;
    }
}
