package dev.rekey.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.NodeException;
import dev.rekey.StoppedException;
import dev.rekey.manifest.NodePath;
import dev.rekey.spi.FileAttributes;
import dev.rekey.sshd.Link;
import dev.rekey.sshd.TestSshd;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Links that freeze, drip or break: every call ends in time, and leaves no thread behind. */
class SshDeadlineIT {
    private static final Duration LIMIT = Duration.ofSeconds(4);
    private static final NodePath PASSWD = NodePath.of("/etc/passwd");

    @AutoClose
    private static TestSshd host;

    private Link link;
    private Set<Thread> before = Set.of();

    @BeforeAll
    static void start() {
        host = TestSshd.config().sudoer("ops", "/bin/dash").start();
    }

    @BeforeEach
    void connect() {
        before = OurThreads.now();
        link = Link.to(host.port());
    }

    /** Nothing of ours or of JSch lives on after close(). */
    @AfterEach
    void noThreadIsLeft() {
        link.close();
        assertThat(OurThreads.now()).isSubsetOf(before);
    }

    private SshConnector connector(String user) {
        return host.as(user, link.port()).operationTimeout(LIMIT).connectTimeout(Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"root", "ops"})
    void aLinkThatFreezes_endsInAnErrorWithinTheDeadline(String user) {
        try (SshTransport transport = connector(user).connect()) {
            link.freeze();
            Duration taken = OurThreads.timed(() -> assertThatThrownBy(() -> transport.read(PASSWD))
                    .isInstanceOf(NodeException.class)
                    .hasMessageContaining("127.0.0.1")
                    .hasMessageContaining("Nothing was changed"));
            assertThat(taken).isLessThan(LIMIT.plusSeconds(2));
        }
    }

    @Test
    void aLinkThatFreezesForLargeContent_endsTooThoughTheSendBufferIsFull() {
        NodePath file = NodePath.of(host.directory() + "/large");
        try (SshTransport transport = connector("root").connect()) {
            transport.list(NodePath.of("/"));
            link.freeze();
            Duration taken = OurThreads.timed(() -> assertThatThrownBy(() ->
                            transport.writeAtomically(file, new byte[10 << 20], FileAttributes.ROOT_ONLY, List.of()))
                    .isInstanceOf(NodeException.class));
            assertThat(taken).isLessThan(LIMIT.plusSeconds(2));
        }
        assertThat(Path.of(file.value())).doesNotExist();
    }

    @Test
    void aLinkThatThawsAfterTheDeadline_deliversNothingOfTheCallThatFailed() throws IOException {
        Path directory = Files.createDirectory(host.directory().resolve("late"));
        NodePath file = NodePath.of(directory + "/f");
        try (SshTransport transport = connector("root").connect()) {
            transport.list(file.parent());
            link.freeze();
            assertThatThrownBy(() -> transport.writeAtomically(file, new byte[1], FileAttributes.ROOT_ONLY, List.of()))
                    .isInstanceOf(NodeException.class);
            link.thaw();
            // The same transport goes on, on a new connection.
            assertThat(transport.list(file.parent())).isEmpty();
        }
    }

    @Test
    void aLinkThatWasCut_isMadeAgain_forReadingAndWriting() {
        NodePath file = NodePath.of(host.directory() + "/again");
        try (SshTransport transport = connector("ops").connect()) {
            link.cut();
            transport.writeAtomically(file, new byte[3], FileAttributes.ROOT_ONLY, List.of());
            link.cut();
            assertThat(transport.read(file)).isPresent();
            link.cut();
            transport.delete(file, List.of());
            assertThat(transport.stat(file)).isEmpty();
            assertThat(link.connections()).isEqualTo(4);
        }
    }

    @Test
    void aServerProcessThatWasKilled_isStartedAgainOnTheSameConnection() {
        try (SshTransport transport = connector("ops").connect()) {
            assertThat(transport.read(PASSWD)).isPresent();
            assertThat(host.killSftpServers()).isEqualTo(1);
            assertThat(transport.read(PASSWD)).isPresent();
            assertThat(link.connections()).isEqualTo(1);
        }
    }

    @Test
    void allServerProcessesWereKilled_oneIsStartedAgainOnTheSameConnection() {
        try (SshTransport transport = connector("ops").connect()) {
            link.freeze();
            List<CompletableFuture<Boolean>> reads = Stream.generate(() -> CompletableFuture.supplyAsync(
                            () -> transport.read(PASSWD).isPresent(), task -> new Thread(task).start()))
                    .limit(3)
                    .toList();
            assertThat(OurThreads.comes(() -> OurThreads.now().stream()
                                    .filter(thread -> thread.getName().startsWith("rekey-ssh 127.0.0.1"))
                                    .filter(thread -> thread.getState() == Thread.State.TIMED_WAITING)
                                    .count()
                            == 3))
                    .isTrue();
            link.thaw();
            assertThat(reads).allMatch(CompletableFuture::join);
            assertThat(host.killSftpServers()).isEqualTo(3);
            assertThat(transport.read(PASSWD)).isPresent();
            assertThat(link.connections()).isEqualTo(1);
        }
    }

    @Test
    void aLinkThatStallsInTheMiddleOfAPacket_isWaitedFor_andNotMadeAgain() {
        NodePath file = NodePath.of(host.directory() + "/stalled");
        byte[] content = new byte[300_000];
        try (SshTransport transport = connector("root").connect()) {
            transport.writeAtomically(file, content, FileAttributes.ROOT_ONLY, List.of());
            link.stallAfter(100_001, Duration.ofMillis(1_800)); // Two questions long: see Hop.keepAlive.
            assertThat(transport.read(file)).contains(content);
            assertThat(link.connections()).isEqualTo(1);
        }
    }

    @Test
    void anIdleConnection_isKeptAlive() {
        try (SshTransport transport = connector("root").connect()) {
            assertThat(transport.read(PASSWD)).isPresent();
            long sent = link.bytesToServer();
            assertThat(OurThreads.comes(() -> link.bytesToServer() > sent)).isTrue();
            long first = link.bytesToServer();
            assertThat(OurThreads.comes(() -> link.bytesToServer() > first)).isTrue();
            assertThat(transport.read(PASSWD)).isPresent();
            assertThat(link.connections()).isEqualTo(1);
        }
    }

    /** Longer than other tests, since what waits for a channel once did so for ten seconds. */
    @Test
    void aConnectionThatGoesSilentWhileAChannelIsOpened_isMadeAgain_andNotTakenForMaxSessions() {
        // Here each step opens a channel.
        try (TestSshd shell = TestSshd.config().withoutSftp().start();
                Link way = Link.to(shell.port());
                SshTransport transport = shell.as("root", way.port())
                        .operationTimeout(Duration.ofSeconds(24))
                        .connect()) {
            way.strand();
            assertThat(transport.read(PASSWD)).isPresent();
            assertThat(way.connections()).isEqualTo(2);
        }
    }

    @Test
    void aBannerThatDrips_endsWithinTheConnectTimeout() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread dripping = new Thread(() -> drip(server), "drip");
            dripping.setDaemon(true);
            dripping.start();
            SshConnector connector = host.as("root", server.getLocalPort()).connectTimeout(Duration.ofSeconds(2));
            Duration taken = OurThreads.timed(
                    () -> assertThatThrownBy(connector::connect).isInstanceOf(NodeException.class));
            assertThat(taken).isLessThan(Duration.ofSeconds(4));
        }
    }

    private static void drip(ServerSocket server) {
        try (Socket socket = server.accept()) {
            while (true) {
                socket.getOutputStream().write("not yet\r\n".getBytes(StandardCharsets.US_ASCII));
                Thread.sleep(100);
            }
        } catch (IOException e) {
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void anInterrupt_endsTheCall_andStaysSet() throws Exception {
        try (SshTransport transport = connector("root").connect()) {
            link.freeze();
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            AtomicReference<Boolean> set = new AtomicReference<>(false);
            CountDownLatch begun = new CountDownLatch(1);
            Thread caller = new Thread(() -> {
                begun.countDown();
                try {
                    transport.read(PASSWD);
                } catch (RuntimeException e) {
                    thrown.set(e);
                    set.set(Thread.currentThread().isInterrupted());
                }
            });
            caller.start();
            begun.await();
            caller.interrupt();
            caller.join(20_000);
            assertThat(caller.isAlive()).isFalse();
            assertThat(thrown.get()).isInstanceOf(StoppedException.class);
            assertThat(set.get()).isTrue();
        }
    }

    @Test
    void aFrozenJumpHost_isNoticedToo() {
        try (TestSshd target = TestSshd.config().start();
                SshTransport transport = target.as("root")
                        .operationTimeout(LIMIT)
                        .jump(host.as("root", link.port()))
                        .connect()) {
            assertThat(transport.read(PASSWD)).isPresent();
            link.freeze();
            NodePath file = NodePath.of(target.directory() + "/large");
            Duration taken = OurThreads.timed(() -> assertThatThrownBy(() ->
                            transport.writeAtomically(file, new byte[10 << 20], FileAttributes.ROOT_ONLY, List.of()))
                    .isInstanceOf(NodeException.class));
            assertThat(taken).isLessThan(LIMIT.plusSeconds(2));
            link.thaw();
            assertThat(transport.read(PASSWD)).isPresent();
            assertThat(Path.of(file.value())).doesNotExist();
        }
    }

    @Test
    void aHostKeyThatChangedMeanwhile_stopsTheReconnection() throws IOException {
        try (TestSshd other = TestSshd.config().start();
                SshTransport transport = connector("root").connect()) {
            link.leadTo(other.port());
            link.cut();
            assertThatThrownBy(() -> transport.read(PASSWD))
                    .isInstanceOf(NodeException.class)
                    .hasMessageContaining("host key is not the expected one");
        }
    }
}
