package dev.rekey.ssh;

import dev.rekey.sshd.TestSshd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The contract on hosts without an SFTP server, whose system shell and tools differ. */
class ShellFilesContractIT {
    private static final List<TestSshd> HOSTS = new ArrayList<>();

    @AfterAll
    static void stop() {
        HOSTS.forEach(TestSshd::close);
    }

    private static TestSshd host(String shell) {
        TestSshd host = TestSshd.config()
                .withoutSftp()
                .systemShell(shell)
                .rootShell("/bin/sh")
                .sudoer("ops", "/bin/sh")
                .start();
        HOSTS.add(host);
        return host;
    }

    @TestFactory
    Stream<DynamicTest> bashAsRoot() throws IOException {
        return cases("bash", "root");
    }

    @TestFactory
    Stream<DynamicTest> dashThroughSudo() throws IOException {
        return cases("dash", "ops");
    }

    @TestFactory
    Stream<DynamicTest> busyboxAsRoot() throws IOException {
        return cases("busybox", "root");
    }

    private static Stream<DynamicTest> cases(String shell, String user) throws IOException {
        TestSshd host = host(shell);
        Path empty = Files.createDirectory(host.directory().resolve("empty"));
        return SshTransportContractIT.cases(host.as(user), empty);
    }
}
