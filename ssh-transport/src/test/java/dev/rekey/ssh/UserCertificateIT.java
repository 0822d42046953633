package dev.rekey.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.InvalidInputException;
import dev.rekey.NodeException;
import dev.rekey.manifest.NodePath;
import dev.rekey.sshd.Shell;
import dev.rekey.sshd.TestSshd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Certificates beside a user's key. */
class UserCertificateIT {
    @TempDir
    Path directory;

    private Path key;
    private Path certificate;

    @BeforeEach
    void makeKey() {
        key = key("id");
        certificate = directory.resolve("id-cert.pub");
        key("authority");
    }

    private Path key(String name) {
        Path file = directory.resolve(name);
        Shell.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file.toString());
        return file;
    }

    private void sign(String options) {
        shell("ssh-keygen -q -s authority -I user " + options + " id.pub");
    }

    private void shell(String command) {
        Shell.run("/bin/sh", "-c", "cd " + directory + " && " + command);
    }

    /** Nothing listens there: a file that is wrong is told before anything is dialled. */
    private SshConnector anywhere() {
        return SshTransport.to("192.0.2.1").user("root").privateKey(key).pinned("A".repeat(43));
    }

    @ParameterizedTest
    @CsvSource({
        "echo garbage > id-cert.pub, no certificate in OpenSSH form",
        ": > id-cert.pub, no certificate in OpenSSH form",
        "cp id.pub id-cert.pub, no certificate in OpenSSH form",
        "cut -c1-200 id-cert.pub > x; mv x id-cert.pub, cut off",
        "sed -i 's/AAAA/!!!!/2' id-cert.pub, no certificate in OpenSSH form",
        "ssh-keygen -q -s authority -I user -n root authority.pub; mv authority-cert.pub id-cert.pub, another key",
        "ssh-keygen -q -s authority -I user -h -n root id.pub, a host's certificate"
    })
    void itCannotBeUsed_itIsNamed_andNotTheKey(String spoil, String why) {
        sign("-n root");
        shell(spoil);
        assertThatThrownBy(() -> anywhere().connect())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith(certificate + ": the certificate beside the private key cannot be used: ")
                .hasMessageContaining(why)
                .hasMessageContaining("have it made anew");
    }

    private TestSshd trusting() throws IOException {
        String authority = Files.readString(directory.resolve("authority.pub")).strip();
        return TestSshd.config()
                .line("TrustedUserCAKeys /run/authority.pub")
                .setUp("echo '" + authority + "' > /run/authority.pub")
                .start();
    }

    private SshConnector to(TestSshd host) {
        return SshTransport.to("127.0.0.1")
                .port(host.port())
                .user("root")
                .privateKey(key)
                .knownHosts(host.knownHosts("127.0.0.1", host.port()));
    }

    @Test
    void theHostTrustsItsAuthority_itLogsIn() throws IOException {
        sign("-n root -V +1h");
        try (TestSshd host = trusting();
                SshTransport transport = to(host).connect()) {
            assertThat(transport.stat(NodePath.of("/etc/passwd"))).isPresent();
        }
    }

    @Test
    void itHasExpired_itIsNamedWithItsDates() throws IOException {
        sign("-n root -V 20200102:20200203");
        try (TestSshd host = trusting()) {
            assertThatThrownBy(() -> to(host).connect())
                    .isInstanceOf(NodeException.class)
                    .hasMessageContaining("its certificate " + certificate + " is out of date: it expired on 2020-02-0")
                    .hasMessageContaining("Have the certificate renewed");
        }
    }
}
