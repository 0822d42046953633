package dev.rekey.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

/** Certificates of hosts, judged as the client of OpenSSH 9.2 judges them, with which each verdict here was compared. */
class HostCertificateIT {
    @TempDir
    Path directory;

    private Path authority;

    @BeforeEach
    void makeAuthority() {
        authority = key("authority", "ed25519");
    }

    private Path key(String name, String type) {
        Path file = directory.resolve(name);
        Shell.run("ssh-keygen", "-q", "-t", type, "-N", "", "-f", file.toString());
        return file;
    }

    private static String publicHalf(Path key) throws IOException {
        String[] words =
                Files.readString(key.resolveSibling(key.getFileName() + ".pub")).split(" ", -1);
        return words[0] + " " + words[1];
    }

    private TestSshd certified(String type, String options) {
        return certified(authority, type, options);
    }

    private static TestSshd certified(Path by, String type, String options) {
        String made = "$W/host_" + type + "-cert.pub";
        return TestSshd.config()
                .hostKeys(type)
                .line("HostCertificate /run/host-cert.pub")
                .setUp("ssh-keygen -q -s " + by + " -I 'the host' " + options + " $W/host_" + type + ".pub; cp " + made
                        + " /run/host-cert.pub; rm " + made)
                .start();
    }

    private SshConnector trusting(TestSshd host, String known) throws IOException {
        return SshTransport.to("127.0.0.1")
                .port(host.port())
                .user("root")
                .privateKey(host.key())
                .knownHosts(Files.writeString(directory.resolve("known"), known));
    }

    private SshConnector trusting(TestSshd host) throws IOException {
        return trusting(host, "@cert-authority 127.0.0.* " + publicHalf(authority) + "\n");
    }

    private static void works(SshConnector connector) {
        try (SshTransport transport = connector.connect()) {
            assertThat(transport.stat(NodePath.of("/etc/passwd"))).isPresent();
        }
    }

    private static void refused(SshConnector connector, String... why) {
        assertThatThrownBy(connector::connect)
                .isInstanceOf(NodeException.class)
                .hasMessageContaining("its host certificate 'the host' is refused: ")
                .hasMessageContainingAll(why)
                .hasMessageContaining("Nothing was sent to it")
                .hasMessageContaining("renew it")
                .hasMessageNotContaining("record its new key");
    }

    @ParameterizedTest
    @CsvSource({
        "ed25519, ed25519",
        "ed25519, ecdsa",
        "ed25519, rsa",
        "ecdsa, ed25519",
        "ecdsa, ecdsa",
        "ecdsa, rsa",
        "rsa, ed25519",
        "rsa, ecdsa",
        "rsa, rsa"
    })
    void everyKindOfAuthority_vouchesForEveryKindOfHostKey(String signing, String signed) throws IOException {
        authority = key("signing", signing);
        try (TestSshd host = certified(signed, "-h -n other,127.0.0.1 -V +1h")) {
            works(trusting(host));
        }
    }

    @Test
    void itNamesNoHost_itIsForAnyHost() throws IOException {
        try (TestSshd host = certified("ed25519", "-h -V +1h")) {
            works(trusting(host));
        }
    }

    @ParameterizedTest
    @CsvSource({"*", "127.0.0.*", "127.0.0.2", "127.0.0.11", "[127.0.0.1]:22"})
    void itNamesAnotherHost_orAPattern_itIsRefused(String name) throws IOException {
        try (TestSshd host = certified("ed25519", "-h -n '" + name + "' -V +1h")) {
            refused(trusting(host), "it is for " + name + ", not for 127.0.0.1");
        }
    }

    @Test
    void itHasExpired_itsDatesAreNamed_andNobodyIsToldToRecordTheKey() throws IOException {
        try (TestSshd host = certified("ed25519", "-h -n 127.0.0.1 -V 20200102:20200203")) {
            refused(trusting(host), "it expired on 2020-02-0", "it was valid from 2020-01-0", "-n 127.0.0.1");
        }
    }

    @Test
    void itIsNotValidYet_itsDateIsNamed() throws IOException {
        try (TestSshd host = certified("ed25519", "-h -n 127.0.0.1 -V 20900102:20900203")) {
            refused(trusting(host), "it is valid only from 2090-01-0");
        }
    }

    @Test
    void itIsRefused_butTheKeyIsRecordedToo_theKeyCounts() throws IOException {
        try (TestSshd host = certified("ed25519", "-h -n 127.0.0.1 -V 20200102:20200203")) {
            String key = Files.readString(host.hostKey("ed25519")).strip();
            works(trusting(host, "@cert-authority 127.0.0.1 " + publicHalf(authority) + "\n127.0.0.1 " + key + "\n"));
        }
    }

    @Test
    void itsAuthorityIsRevoked_itIsRefused() throws IOException {
        try (TestSshd host = certified("ed25519", "-h -n 127.0.0.1 -V +1h")) {
            String key = publicHalf(authority);
            refused(trusting(host, "@cert-authority * " + key + "\n@revoked * " + key + "\n"), "marks as @revoked");
        }
    }

    @Test
    void itsOwnKeyIsRevoked_itIsRefused() throws IOException {
        try (TestSshd host = certified("ed25519", "-h -n 127.0.0.1 -V +1h")) {
            String key = Files.readString(host.hostKey("ed25519")).strip();
            SshConnector connector =
                    trusting(host, "@cert-authority * " + publicHalf(authority) + "\n@revoked * " + key + "\n");
            assertThatThrownBy(connector::connect)
                    .isInstanceOf(NodeException.class)
                    .hasMessageContaining("marks as @revoked");
        }
    }

    @Test
    void anotherAuthoritySignedIt_bothAreNamed() throws IOException {
        Path other = key("other", "ed25519");
        try (TestSshd host = certified(other, "ed25519", "-h -n 127.0.0.1 -V +1h")) {
            refused(
                    trusting(host),
                    "it is signed by the authority " + fingerprint(other),
                    fingerprint(authority) + " (line 1)");
        }
    }

    private static String fingerprint(Path key) {
        return Shell.run("ssh-keygen", "-lf", key.toString()).split(" ", -1)[1];
    }
}
