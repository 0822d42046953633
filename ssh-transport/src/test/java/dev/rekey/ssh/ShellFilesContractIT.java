package dev.rekey.ssh;

import dev.rekey.sshd.TestSshd;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The contract on hosts without an SFTP server, whose system shell and tools differ. */
class ShellFilesContractIT {
    private static final Deque<AutoCloseable> OPEN = new ArrayDeque<>();

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable each : OPEN) {
            each.close();
        }
    }

    @TestFactory
    Stream<DynamicContainer> dash() throws IOException {
        return asRootAndThroughSudo("dash");
    }

    @TestFactory
    Stream<DynamicContainer> bash() throws IOException {
        return asRootAndThroughSudo("bash");
    }

    @TestFactory
    Stream<DynamicContainer> busybox() throws IOException {
        return asRootAndThroughSudo("busybox");
    }

    private static Stream<DynamicContainer> asRootAndThroughSudo(String shell) throws IOException {
        TestSshd host = TestSshd.config()
                .withoutSftp()
                .systemShell(shell)
                .rootShell("/bin/sh")
                .sudoer("ops", "/bin/sh")
                .start();
        OPEN.push(host);
        return Stream.of(
                DynamicContainer.dynamicContainer(shell + " as root", cases(host, "root")),
                DynamicContainer.dynamicContainer(shell + " through sudo", cases(host, "ops")));
    }

    private static Stream<DynamicTest> cases(TestSshd host, String user) throws IOException {
        SshTransport transport = host.as(user).connect();
        OPEN.push(transport);
        return SshTransportContractIT.cases(
                () -> new SharedTransport(transport),
                Files.createDirectory(host.directory().resolve(user)));
    }
}
