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
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A transport that is closed while others use it, and several threads that use one while its connection is made again. */
class SshCloseIT {
    /** Far below any deadline here; a closing takes some milliseconds. */
    private static final Duration PROMPT = Duration.ofMillis(1_500);

    private static final NodePath PASSWD = NodePath.of("/etc/passwd");

    @AutoClose
    private static TestSshd host;

    private Link link;
    private Set<Thread> before = Set.of();

    @BeforeAll
    static void start() {
        host = TestSshd.config().start();
    }

    @BeforeEach
    void connect() {
        before = OurThreads.now();
        link = Link.to(host.port());
    }

    @AfterEach
    void closeLink() {
        link.close();
    }

    private SshConnector connector() {
        return host.as("root", link.port());
    }

    private static CompletableFuture<Boolean> reading(SshTransport transport) {
        return started(() -> assertThat(transport.read(PASSWD)).isPresent());
    }

    private static CompletableFuture<Boolean> started(Runnable call) {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        call.run();
                        done.complete(true);
                    } catch (RuntimeException | AssertionError e) {
                        done.completeExceptionally(e);
                    }
                },
                "caller");
        thread.setDaemon(true);
        thread.start();
        return done;
    }

    /** Nothing of ours or of JSch lives on, and whoever used the transport knows why, and what stands. */
    private void closesPromptly(SshTransport transport, CompletableFuture<?> call, String doing) {
        assertThat(call).isNotDone();
        assertThat(OurThreads.timed(transport::close)).isLessThan(PROMPT);
        assertThatThrownBy(() -> call.orTimeout(20, TimeUnit.SECONDS).join())
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(NodeException.class)
                .hasMessage("host root@127.0.0.1:" + link.port() + ", " + doing + ": its transport was closed by the"
                        + " caller meanwhile. Nothing was changed. Make the same call again on a new transport");
    }

    @Test
    void closing_whileANewConnectionShakesHands_isPrompt() {
        SshTransport transport = connector().connect();
        link.freeze();
        link.cut();
        CompletableFuture<Boolean> call = reading(transport);
        assertThat(OurThreads.comes(() -> link.connections() == 2)).isTrue();
        closesPromptly(transport, call, "reading /etc/passwd");
        assertThat(OurThreads.now()).isSubsetOf(before);
    }

    @Test
    void closing_whileAWriteWaitsForANewConnection_isPrompt_andSaysThatNothingChanged() {
        NodePath file = NodePath.of(host.directory() + "/closed");
        SshTransport transport = connector().connect();
        link.freeze();
        link.cut();
        CompletableFuture<Boolean> call =
                started(() -> transport.writeAtomically(file, new byte[3], FileAttributes.ROOT_ONLY, List.of()));
        assertThat(OurThreads.comes(() -> link.connections() == 2)).isTrue();
        closesPromptly(transport, call, "writing " + file);
        assertThat(OurThreads.now()).isSubsetOf(before);
        assertThat(Path.of(file.value())).doesNotExist();
    }

    @Test
    void closing_betweenTwoTries_isPrompt() throws IOException {
        try (ServerSocket dropping = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            AtomicInteger dropped = new AtomicInteger();
            started(() -> drop(dropping, dropped));
            SshTransport transport = connector().connect();
            link.leadTo(dropping.getLocalPort());
            link.cut();
            CompletableFuture<Boolean> call = reading(transport);
            // Each pause is twice as long as the one before: the fourth is 2 to 6 s.
            assertThat(OurThreads.comes(() -> dropped.get() == 4)).isTrue();
            closesPromptly(transport, call, "reading /etc/passwd");
            assertThat(OurThreads.now()).isSubsetOf(before);
        }
    }

    private static void drop(ServerSocket server, AtomicInteger dropped) {
        try {
            while (true) {
                server.accept().close();
                dropped.incrementAndGet();
            }
        } catch (IOException e) {
            return;
        }
    }

    @Test
    void closing_whileAnotherTransportHasTheOnlyTurn_isPrompt_andLeavesThatOneAlone() {
        SshConnections shared = SshConnections.limitedTo(1);
        try (SshTransport other = connector().via(shared).connect()) {
            SshTransport transport = connector().via(shared).connect();
            link.freeze();
            link.cut();
            CompletableFuture<Boolean> first = reading(other);
            assertThat(OurThreads.comes(() -> link.connections() == 3)).isTrue();
            CompletableFuture<Boolean> second = reading(transport);
            assertThat(OurThreads.comes(() -> waiting("rekey-ssh 127.0.0.1 2") == 1))
                    .isTrue();
            closesPromptly(transport, second, "reading /etc/passwd");
            link.thaw();
            assertThat(first.orTimeout(20, TimeUnit.SECONDS).join()).isTrue();
        }
        assertThat(OurThreads.now()).isSubsetOf(before);
    }

    private static long waiting(String name) {
        return OurThreads.now().stream()
                .filter(thread -> thread.getName().equals(name))
                .filter(thread ->
                        thread.getState() == Thread.State.TIMED_WAITING || thread.getState() == Thread.State.BLOCKED)
                .count();
    }

    @Test
    void closing_whileAJumpHostDoesNotDial_isPrompt() {
        SshConnections shared = SshConnections.limitedTo(4);
        try (TestSshd target = TestSshd.config().start();
                Link behind = Link.to(target.port());
                SshTransport other =
                        target.as("root").jump(connector()).via(shared).connect()) {
            SshTransport transport = target.as("root", behind.port())
                    .jump(connector())
                    .via(shared)
                    .connect();
            assertThat(OurThreads.sessions()).isEqualTo(3);
            behind.cut();
            assertThat(OurThreads.comes(() -> OurThreads.sessions() == 2)).isTrue();
            link.freeze();
            CompletableFuture<Boolean> call = reading(transport);
            assertThat(OurThreads.comes(() -> waiting("rekey-ssh 127.0.0.1 2") == 1))
                    .isTrue();
            assertThat(call).isNotDone();
            assertThat(OurThreads.timed(transport::close)).isLessThan(PROMPT);
            assertThatThrownBy(() -> call.orTimeout(20, TimeUnit.SECONDS).join())
                    .hasMessageContaining("closed by the caller");
            link.thaw();
            assertThat(other.read(PASSWD)).isPresent();
        }
        assertThat(OurThreads.now()).isSubsetOf(before);
    }

    @Test
    void closing_whileAnotherTransportMakesTheJumpHostsConnection_isPrompt_andLeavesThatOneAlone() {
        SshConnections shared = SshConnections.limitedTo(4);
        try (TestSshd target = TestSshd.config().start();
                SshTransport other =
                        target.as("root").jump(connector()).via(shared).connect()) {
            SshTransport transport =
                    target.as("root").jump(connector()).via(shared).connect();
            link.freeze();
            link.cut();
            CompletableFuture<Boolean> first = reading(other);
            assertThat(OurThreads.comes(() -> link.connections() == 2)).isTrue();
            CompletableFuture<Boolean> second = reading(transport);
            assertThat(OurThreads.timed(transport::close)).isLessThan(PROMPT);
            assertThatThrownBy(() -> second.orTimeout(20, TimeUnit.SECONDS).join())
                    .hasMessageMatching("(?s).*(closed by the caller|the transport is closed).*");
            link.thaw();
            assertThat(first.orTimeout(20, TimeUnit.SECONDS).join()).isTrue();
        }
        assertThat(OurThreads.now()).isSubsetOf(before);
    }

    @Test
    void closing_onAThreadThatIsInterrupted_leavesNoThreadEither() {
        SshTransport transport = connector().connect();
        Thread.currentThread().interrupt();
        transport.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(OurThreads.now()).isSubsetOf(before);
    }

    @Test
    void severalThreads_whileTheConnectionIsMadeAgain_shareTheNewOne() {
        try (SshTransport transport = connector().connect()) {
            link.freeze();
            link.cut();
            List<CompletableFuture<Boolean>> calls =
                    List.of(reading(transport), reading(transport), reading(transport), reading(transport));
            assertThat(OurThreads.comes(() -> link.connections() == 2)).isTrue();
            link.thaw();
            assertThat(calls)
                    .allSatisfy(each -> assertThat(
                                    each.orTimeout(20, TimeUnit.SECONDS).join())
                            .isTrue());
            assertThat(link.connections()).isEqualTo(2);
        }
        assertThat(OurThreads.now()).isSubsetOf(before);
    }

    @Test
    void severalThreads_whileTheConnectionCannotBeMadeAgain_endInTheirOwnTime() {
        Duration limit = Duration.ofSeconds(3);
        try (SshTransport transport = connector().operationTimeout(limit).connect()) {
            link.freeze();
            link.cut();
            CompletableFuture<Boolean> first = reading(transport);
            assertThat(OurThreads.comes(() -> link.connections() == 2)).isTrue();
            Duration taken = OurThreads.timed(() -> assertThatThrownBy(() -> transport.read(PASSWD))
                    .isInstanceOf(NodeException.class)
                    .hasMessageContaining("Nothing was changed"));
            assertThat(taken).isLessThan(limit.plusSeconds(2));
            assertThatThrownBy(first::join)
                    .hasMessageContaining("did not finish the SSH handshake in time. Nothing was changed");
        }
        assertThat(OurThreads.now()).isSubsetOf(before);
    }

    @Test
    void aSecondThreadThatIsInterrupted_leavesTheFirstOnesNewConnectionAlone() throws Exception {
        try (SshTransport transport = connector().connect()) {
            link.freeze();
            link.cut();
            CompletableFuture<Boolean> first = reading(transport);
            assertThat(OurThreads.comes(() -> link.connections() == 2)).isTrue();
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread second = new Thread(() -> {
                try {
                    transport.read(PASSWD);
                } catch (RuntimeException e) {
                    thrown.set(e);
                }
            });
            second.start();
            assertThat(OurThreads.comes(() -> waiting("rekey-ssh 127.0.0.1 3") == 1))
                    .isTrue();
            second.interrupt();
            second.join(20_000);
            assertThat(thrown.get()).isInstanceOf(StoppedException.class);
            link.thaw();
            assertThat(first.orTimeout(20, TimeUnit.SECONDS).join()).isTrue();
            assertThat(link.connections()).isEqualTo(2);
        }
        assertThat(OurThreads.now()).isSubsetOf(before);
    }

    @Test
    void closing_endsWhatIsUnderWay_andIsQuickOnAFrozenLink() throws Exception {
        SshTransport transport = connector().connect();
        link.freeze();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread caller = new Thread(() -> {
            try {
                transport.read(PASSWD);
            } catch (RuntimeException e) {
                thrown.set(e);
            }
        });
        caller.start();
        while (caller.getState() == Thread.State.RUNNABLE || caller.getState() == Thread.State.NEW) {
            Thread.onSpinWait();
        }
        assertThat(OurThreads.timed(transport::close)).isLessThan(PROMPT);
        caller.join(20_000);
        assertThat(thrown.get()).isInstanceOf(NodeException.class);
        assertThatThrownBy(() -> transport.read(PASSWD)).isInstanceOf(IllegalStateException.class);
        transport.close();
    }

    @Test
    void closing_isQuickBehindAJumpHostThatIsStuckInAWrite() throws Exception {
        try (TestSshd target = TestSshd.config().start()) {
            SshTransport transport = target.as("root").jump(connector()).connect();
            link.freeze();
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            NodePath file = NodePath.of(target.directory() + "/large");
            Thread caller = new Thread(() -> {
                try {
                    transport.writeAtomically(file, new byte[10 << 20], FileAttributes.ROOT_ONLY, List.of());
                } catch (RuntimeException e) {
                    thrown.set(e);
                }
            });
            caller.start();
            caller.join(1_500);
            assertThat(OurThreads.timed(transport::close)).isLessThan(Duration.ofSeconds(3));
            caller.join(20_000);
            assertThat(thrown.get()).isInstanceOf(NodeException.class);
        }
    }
}
