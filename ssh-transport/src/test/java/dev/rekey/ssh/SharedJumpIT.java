package dev.rekey.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.NodeException;
import dev.rekey.RekeyException;
import dev.rekey.manifest.NodePath;
import dev.rekey.sshd.Link;
import dev.rekey.sshd.Shell;
import dev.rekey.sshd.TestSshd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A session to a jump host is another transport's too only where both would have made the same one. */
class SharedJumpIT {
    private static final String WRONG_PIN = "SHA256:" + "A".repeat(43);

    private static TestSshd outer;
    private static TestSshd inner;
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

    @AfterAll
    static void stop() {
        for (TestSshd each : new TestSshd[] {outer, inner, host}) {
            if (each != null) {
                each.close();
            }
        }
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
}
