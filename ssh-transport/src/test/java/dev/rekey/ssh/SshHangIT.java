package dev.rekey.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.InvalidInputException;
import dev.rekey.NodeException;
import dev.rekey.manifest.NodePath;
import dev.rekey.sshd.Shell;
import dev.rekey.sshd.SilentAgent;
import dev.rekey.sshd.TestSshd;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What hangs while a connection is made: it ends in time all the same, is named, and holds up no other host. */
class SshHangIT {
    private static final Duration LIMIT = Duration.ofSeconds(2);

    @AutoClose
    private static TestSshd host;

    @TempDir
    Path directory;

    private Set<Thread> before = Set.of();

    @BeforeAll
    static void start() {
        host = TestSshd.config().start();
    }

    @BeforeEach
    void count() {
        before = OurThreads.now();
    }

    @AfterEach
    void noThreadIsLeft() {
        assertThat(OurThreads.now()).isSubsetOf(before);
    }

    private SshConnector connector() {
        return SshTransport.to("127.0.0.1")
                .port(host.port())
                .user("root")
                .knownHosts(host.knownHosts("127.0.0.1", host.port()))
                .connectTimeout(LIMIT);
    }

    private static void refusedInTime(SshConnector connector, String named) {
        Duration taken = OurThreads.timed(() -> assertThatThrownBy(connector::connect)
                .isInstanceOf(NodeException.class)
                .hasMessageContaining(named)
                .hasMessageContaining("did not answer in time")
                .hasMessageContaining("Nothing was changed"));
        assertThat(taken).isLessThan(LIMIT.plusSeconds(2));
    }

    @Test
    void anAgentThatListsNothing_isNamed() throws IOException {
        Path socket = directory.resolve("agent");
        try (SilentAgent agent = SilentAgent.at(socket)) {
            refusedInTime(connector().agent(socket), "the ssh-agent");
            assertThat(agent.questions()).isEqualTo(1);
        }
    }

    @Test
    void anAgentThatSignsNothing_isNamed() throws IOException {
        Path socket = directory.resolve("agent");
        try (SilentAgent agent = SilentAgent.at(socket).listing(host.publicKey())) {
            refusedInTime(connector().agent(socket), "the ssh-agent");
            assertThat(agent.questions()).isEqualTo(2);
        }
    }

    @Test
    void aPassphraseCallbackThatEndsWhenItIsInterrupted_isNamed() {
        Path key = encryptedKey();
        SshConnector connector = connector().privateKey(key, () -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new char[0];
        });
        refusedInTime(connector, "the passphrase callback of " + key);
    }

    @Test
    void aPassphraseThatComesTooLate_isWiped_andNotUsed() {
        Path key = encryptedKey();
        CountDownLatch late = new CountDownLatch(1);
        char[] answer = "secret".toCharArray();
        SshConnector connector = connector().privateKey(key, () -> {
            boolean came = false;
            while (!came) {
                try {
                    late.await();
                    came = true;
                } catch (InterruptedException e) {
                    continue; // As a prompt on a terminal does.
                }
            }
            return answer;
        });
        refusedInTime(connector, "the passphrase callback of " + key);
        late.countDown();
        assertThat(OurThreads.comes(() -> OurThreads.now().equals(before))).isTrue();
        assertThat(answer).containsOnly('\0');
        assertThat(host.log()).doesNotContain("Accepted publickey");
    }

    @Test
    void aPassphraseCallbackThatFails_isNamed_withoutItsWords() {
        Supplier<char[]> failing = () -> {
            throw new IllegalArgumentException("secret");
        };
        assertThatThrownBy(() -> connector().privateKey(encryptedKey(), failing).connect())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("the passphrase callback failed (java.lang.IllegalArgumentException)")
                .hasMessageNotContaining("secret");
    }

    private Path encryptedKey() {
        Path key = directory.resolve("key");
        Shell.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "secret", "-f", key.toString());
        return key;
    }

    @Test
    void aHostThatTakesConnectionsAndSaysNothing_isNamed() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            SshConnector connector = host.as("root", silent.getLocalPort()).connectTimeout(LIMIT);
            assertThatThrownBy(connector::connect)
                    .isInstanceOf(NodeException.class)
                    .hasMessageContaining("it cannot be reached: root@127.0.0.1:" + silent.getLocalPort()
                            + " did not finish the SSH handshake in time. Nothing was changed. Check the host");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void silentHosts_holdUpNoOther_alsoBehindTheSameJumpHost(boolean jump) throws Exception {
        SshConnections shared = SshConnections.limitedTo(2);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Closeable> silent = new ArrayList<>();
        List<ServerSocket> listeners = new ArrayList<>();
        List<Future<?>> waiting = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                ServerSocket each = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                silent.add(each);
                listeners.add(each);
                SshConnector connector =
                        through(jump, host.as("root", each.getLocalPort())).via(shared);
                waiting.add(threads.submit(() -> {
                    connector.connectTimeout(Duration.ofSeconds(20)).connect();
                }));
            }
            for (ServerSocket each : listeners) {
                silent.add(each.accept());
            }
            SshConnector healthy = through(jump, host.as("root")).via(shared).connectTimeout(Duration.ofSeconds(10));
            try (SshTransport transport = healthy.connect()) {
                assertThat(transport.stat(NodePath.of("/etc/passwd"))).isPresent();
                assertThat(waiting).noneMatch(Future::isDone);
            }
        } finally {
            for (Closeable each : silent) {
                each.close();
            }
            threads.shutdownNow();
            assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static SshConnector through(boolean jump, SshConnector connector) {
        return jump ? connector.jump(host.as("root")) : connector;
    }
}
