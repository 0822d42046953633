package dev.rekey.ssh;

import dev.rekey.manifest.NodePath;
import dev.rekey.spi.NodeTransport;
import dev.rekey.sshd.TestSshd;
import dev.rekey.testing.NodeTransportContract;
import dev.rekey.testing.NodeTransportContract.Member;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The published contract, against a real sshd, on every way to its files. */
class SshTransportContractIT {
    private static final Deque<AutoCloseable> OPEN = new ArrayDeque<>();

    private static TestSshd host;
    private static TestSshd bastion;

    @BeforeAll
    static void start() {
        bastion = TestSshd.config().user("jumper", "/bin/dash").start();
        OPEN.push(bastion);
        host = TestSshd.config()
                .line("MaxSessions 10")
                .sudoer("ops", "/bin/dash")
                .start();
        OPEN.push(host);
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable each : OPEN) {
            each.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> asRoot() throws IOException {
        return cases(host.as("root")::connect, directory("root"));
    }

    @TestFactory
    Stream<DynamicTest> throughSudo() throws IOException {
        return cases(host.as("ops")::connect, directory("sudo"));
    }

    @TestFactory
    Stream<DynamicTest> asRootThroughAJumpHost() throws IOException {
        return cases(behindTheBastion("root")::connect, directory("jump-root"));
    }

    @TestFactory
    Stream<DynamicTest> throughSudoAndAJumpHost() throws IOException {
        return cases(behindTheBastion("ops")::connect, directory("jump-sudo"));
    }

    private static Path directory(String name) throws IOException {
        return Files.createDirectory(host.directory().resolve(name));
    }

    /** The cases log in to the host each on their own, and all through the one session to the bastion that the first opened. */
    private static SshConnector behindTheBastion(String user) {
        SshConnector way = host.as(user).jump(bastion.as("jumper")).via(SshConnections.limitedTo(8));
        OPEN.push(way.connect());
        return way;
    }

    static Stream<DynamicTest> cases(Supplier<? extends NodeTransport> transports, Path empty) {
        return NodeTransportContract.cases(transports, NodePath.of(empty.toString()), Member.THIS_MACHINE).stream()
                .map(c -> DynamicTest.dynamicTest(c.name(), c.body()::run));
    }
}
