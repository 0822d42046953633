package dev.rekey.ssh;

import dev.rekey.manifest.NodePath;
import dev.rekey.sshd.TestSshd;
import dev.rekey.testing.NodeTransportContract;
import dev.rekey.testing.NodeTransportContract.Member;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The published contract, against a real sshd, on every way to its files. */
class SshTransportContractIT {
    private static TestSshd host;

    @BeforeAll
    static void start() {
        host = TestSshd.config()
                .line("MaxSessions 10")
                .sudoer("ops", "/bin/dash")
                .user("plain", "/bin/dash")
                .start();
    }

    @AfterAll
    static void stop() {
        if (host != null) {
            host.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> asRoot() throws IOException {
        return cases("root", host.as("root"));
    }

    @TestFactory
    Stream<DynamicTest> throughSudo() throws IOException {
        return cases("sudo", host.as("ops"));
    }

    static Stream<DynamicTest> cases(String name, SshConnector connector) throws IOException {
        Path empty = Files.createDirectory(host.directory().resolve(name));
        return cases(connector, empty);
    }

    static Stream<DynamicTest> cases(SshConnector connector, Path empty) {
        List<NodeTransportContract.Case> cases =
                NodeTransportContract.cases(connector::connect, NodePath.of(empty.toString()), Member.THIS_MACHINE);
        return cases.stream().map(c -> DynamicTest.dynamicTest(c.name(), c.body()::run));
    }
}
