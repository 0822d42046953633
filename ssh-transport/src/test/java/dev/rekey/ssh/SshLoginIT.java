package dev.rekey.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.InvalidInputException;
import dev.rekey.NodeException;
import dev.rekey.manifest.NodePath;
import dev.rekey.sshd.Shell;
import dev.rekey.sshd.TestSshd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Host keys, user keys, agents and jump hosts, against a real sshd. */
class SshLoginIT {
    @AutoClose
    private static TestSshd host;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() {
        host = TestSshd.config()
                .hostKeys("ed25519 ecdsa rsa")
                .line("MaxAuthTries 3")
                .sudoer("ops", "/bin/dash")
                .user("ops@corp.example", "/bin/dash")
                .sudoers("ops\\@corp.example ALL=(root) NOPASSWD: ALL")
                .start();
    }

    private SshConnector connector() {
        return SshTransport.to("127.0.0.1").port(host.port()).user("root").privateKey(host.key());
    }

    private static void works(SshConnector connector) {
        try (SshTransport transport = connector.connect()) {
            assertThat(transport.stat(NodePath.of("/etc/passwd"))).isPresent();
        }
    }

    /** As hosts that joined a domain call their users. */
    @Test
    void aUserOfADomain_logsIn() {
        works(host.as("ops@corp.example"));
    }

    private Path known(String text) throws IOException {
        return Files.writeString(directory.resolve("known"), text);
    }

    private static String publicKey(String type) throws IOException {
        String[] words = Files.readString(host.hostKey(type)).strip().split(" ", -1);
        return words[0] + " " + words[1];
    }

    private static String fingerprint(Path file) {
        return Shell.run("ssh-keygen", "-lf", file.toString()).split(" ", -1)[1];
    }

    @Test
    void noKeyIsRecorded_theHostIsRefused_withItsFingerprint() throws IOException {
        Path known = known("# nothing\n[127.0.0.2]:" + host.port() + " " + publicKey("ed25519") + "\n");
        assertThatThrownBy(() -> connector().knownHosts(known).connect())
                .isInstanceOf(NodeException.class)
                .hasMessageContaining("127.0.0.1:" + host.port())
                .hasMessageContaining(fingerprint(host.hostKey("ed25519")))
                .hasMessageContaining("has no key for it")
                .hasMessageContaining("Nothing was sent");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "ecdsa", "rsa"})
    void anotherKeyIsRecorded_theHostIsRefused_withBothFingerprints(String type) throws IOException {
        Path other = directory.resolve("other");
        Shell.run("ssh-keygen", "-q", "-t", type, "-N", "", "-f", other.toString());
        String[] words = Files.readString(directory.resolve("other.pub")).split(" ", -1);
        Path known = known("[127.0.0.1]:" + host.port() + " " + words[0] + " " + words[1] + "\n");
        assertThatThrownBy(() -> connector().knownHosts(known).connect())
                .isInstanceOf(NodeException.class)
                .hasMessageContaining(fingerprint(host.hostKey(type)))
                .hasMessageContaining(fingerprint(directory.resolve("other.pub")) + " (line 1)")
                .hasMessageContaining("somebody is between");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "ecdsa", "rsa"})
    void oneTypeIsRecorded_thatTypeIsAskedFor(String type) throws IOException {
        works(connector().knownHosts(known("[127.0.0.1]:" + host.port() + " " + publicKey(type) + "\n")));
        works(connector().knownHosts(known("10.0.0.*,*.0.0.1,!127.0.0.2 " + publicKey(type) + "\n")));
    }

    @Test
    void hashedNames_areUnderstood() throws IOException {
        Path known = known("[127.0.0.1]:" + host.port() + " " + publicKey("rsa") + "\n");
        Shell.run("ssh-keygen", "-q", "-H", "-f", known.toString());
        assertThat(Files.readString(known)).startsWith("|1|");
        works(connector().knownHosts(known));
    }

    @Test
    void aRevokedKey_isRefused_evenIfItIsRecordedToo() throws IOException {
        String key = publicKey("ed25519");
        Path known = known("127.0.0.1 " + key + "\n@revoked * " + key + "\n");
        assertThatThrownBy(() -> connector().knownHosts(known).connect())
                .isInstanceOf(NodeException.class)
                .hasMessageContaining("@revoked");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "ecdsa", "rsa"})
    void aPinnedKeyOfAnyType_isFound(String type) {
        works(connector().pinned(fingerprint(host.hostKey(type))));
    }

    @Test
    void anotherPinnedKey_isRefused_withAllThatTheHostHas() {
        String pin = "SHA256:" + "A".repeat(43);
        assertThatThrownBy(() -> connector().pinned(pin).connect())
                .isInstanceOf(NodeException.class)
                .hasMessageContaining(pin)
                .hasMessageContaining(fingerprint(host.hostKey("ed25519")))
                .hasMessageContaining(fingerprint(host.hostKey("rsa")));
    }

    @Test
    void aHostCertificate_isTakenFromItsAuthorityOnly() throws IOException {
        Path authority = directory.resolve("authority");
        Shell.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", authority.toString());
        String sign = "ssh-keygen -q -s " + authority + " -I host -h -n 127.0.0.1 -V +1h $W/host_ed25519.pub";
        try (TestSshd certified = TestSshd.config()
                .line("HostCertificate /run/host-cert.pub")
                .setUp(sign + "; cp $W/host_ed25519-cert.pub /run/host-cert.pub; rm $W/host_ed25519-cert.pub")
                .start()) {
            String key = Files.readString(directory.resolve("authority.pub"));
            SshConnector connector = SshTransport.to("127.0.0.1")
                    .port(certified.port())
                    .user("root")
                    .privateKey(certified.key());
            works(connector.knownHosts(known("@cert-authority 127.0.0.* " + key)));
            Path other = known("@cert-authority 10.0.0.* " + key);
            assertThatThrownBy(() -> connector.knownHosts(other).connect()).isInstanceOf(NodeException.class);
            // An authority's key is not a host's.
            Path plain = known("127.0.0.1 " + key);
            assertThatThrownBy(() -> connector.knownHosts(plain).connect()).isInstanceOf(NodeException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ed25519, , ''",
        "ecdsa, , ''",
        "rsa, , ''",
        "rsa, PEM, ''",
        "rsa, PKCS8, ''",
        "ecdsa, PKCS8, ''",
        "ed25519, , pässword",
        "rsa, PKCS8, secret"
    })
    void aKeyOfAnyKind_logsIn(String type, String format, String passphrase) throws IOException {
        Path key = key(type, format, passphrase);
        AtomicInteger asked = new AtomicInteger();
        char[] answer = passphrase.toCharArray();
        works(SshTransport.to("127.0.0.1")
                .port(host.port())
                .user("root")
                .privateKey(key, () -> {
                    asked.incrementAndGet();
                    return answer;
                })
                .knownHosts(host.knownHosts("127.0.0.1", host.port())));
        assertThat(asked).hasValue(passphrase.isEmpty() ? 0 : 1);
        assertThat(answer).containsOnly(new char[passphrase.length()]);
    }

    @Test
    void anEd25519KeyInPkcs8Form_logsIn() throws IOException {
        Path key = directory.resolve("pkcs8");
        Shell.run("openssl", "genpkey", "-algorithm", "ed25519", "-out", key.toString());
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        byte[] der = Base64.getMimeDecoder()
                .decode(Shell.run("openssl", "pkey", "-in", key.toString(), "-pubout")
                        .replaceAll("-----[^-]*-----", ""));
        byte[] raw = Arrays.copyOfRange(der, der.length - 32, der.length);
        byte[] blob = ByteBuffer.allocate(4 + 11 + 4 + 32)
                .putInt(11)
                .put("ssh-ed25519".getBytes(StandardCharsets.US_ASCII))
                .putInt(32)
                .put(raw)
                .array();
        authorize("ssh-ed25519 " + Base64.getEncoder().encodeToString(blob) + "\n");
        works(SshTransport.to("127.0.0.1")
                .port(host.port())
                .user("root")
                .privateKey(key)
                .knownHosts(host.knownHosts("127.0.0.1", host.port())));
    }

    private Path key(String type, String format, String passphrase) throws IOException {
        Path key = directory.resolve("key");
        Shell.run("ssh-keygen", "-q", "-t", type, "-N", passphrase, "-f", key.toString());
        if (format != null) {
            Shell.run("ssh-keygen", "-q", "-p", "-m", format, "-P", passphrase, "-N", passphrase, "-f", key.toString());
        }
        authorize(Files.readString(directory.resolve("key.pub")));
        return key;
    }

    private static void authorize(String line) throws IOException {
        Path file = host.directory().resolve("authorized/root");
        Files.writeString(file, Files.readString(file) + line);
    }

    @Test
    void aWrongOrMissingPassphrase_isSaid_beforeAnythingIsDialled() throws IOException {
        Path key = key("ed25519", null, "right");
        SshConnector none =
                SshTransport.to("192.0.2.1").user("root").privateKey(key).pinned("A".repeat(43));
        assertThatThrownBy(none::connect)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("no passphrase")
                .hasMessageContaining("asks at a terminal");
        SshConnector wrong = SshTransport.to("192.0.2.1")
                .user("root")
                .privateKey(key, "wrong"::toCharArray)
                .pinned("A".repeat(43));
        assertThatThrownBy(wrong::connect)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("does not open")
                .hasMessageNotContaining("wrong");
    }

    /** OpenSSL made such keys when it was older, and still reads them. */
    @ParameterizedTest
    @ValueSource(strings = {"-v2 des3", "-v1 PBE-SHA1-3DES"})
    void aKeyWhoseEncryptionIsNotKnown_isNotBlamedOnThePassphraseAlone(String encryption) throws IOException {
        key("ecdsa", "PKCS8", "");
        Path old = directory.resolve("old");
        Shell.run(
                "sh",
                "-c",
                "openssl pkcs8 -topk8 -passout pass:secret " + encryption + " -in " + directory + "/key > " + old);
        SshConnector connector = SshTransport.to("192.0.2.1")
                .user("root")
                .privateKey(old, "secret"::toCharArray)
                .pinned("A".repeat(43));
        assertThatThrownBy(connector::connect)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("or its encryption is not known here")
                .hasMessageContaining("ssh-keygen -p -f");
    }

    @Test
    void aKeyThatTheHostDoesNotKnow_isSaid() throws IOException {
        Path key = directory.resolve("stranger");
        Shell.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString());
        SshConnector stranger = SshTransport.to("127.0.0.1")
                .port(host.port())
                .user("root")
                .privateKey(key)
                .knownHosts(host.knownHosts("127.0.0.1", host.port()));
        assertThatThrownBy(stranger::connect)
                .isInstanceOf(NodeException.class)
                .hasMessageContaining("does not take the given private key for user root")
                .hasMessageContaining("authorized_keys");
    }

    @Test
    void anAgentFullOfStrangers_doesNotGetInTheWayOfAnExplicitKey() throws IOException {
        Path socket = directory.resolve("agent");
        Process agent = new ProcessBuilder("ssh-agent", "-D", "-a", socket.toString())
                .redirectErrorStream(true)
                .start();
        try {
            while (!Files.exists(socket)) {
                Thread.onSpinWait();
            }
            SshConnector byAgent = SshTransport.to("127.0.0.1")
                    .port(host.port())
                    .user("root")
                    .agent(socket)
                    .knownHosts(host.knownHosts("127.0.0.1", host.port()));
            add(socket, host.key());
            works(byAgent);
            Shell.run("env", "SSH_AUTH_SOCK=" + socket, "ssh-add", "-q", "-D");
            for (int i = 0; i < 5; i++) {
                Path key = directory.resolve("stranger" + i);
                Shell.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString());
                add(socket, key);
            }
            assertThatThrownBy(byAgent::connect)
                    .isInstanceOf(NodeException.class)
                    .hasMessageContaining("too many keys of the agent");
            works(host.as("root"));
        } finally {
            agent.destroyForcibly();
        }
    }

    private static void add(Path socket, Path key) {
        Shell.run("env", "SSH_AUTH_SOCK=" + socket, "ssh-add", "-q", key.toString());
    }

    @Test
    void aHostBehindTwoOthers_isReached_andEachIsChecked() throws IOException {
        try (TestSshd first =
                        TestSshd.config().user("jumper", "/usr/sbin/nologin").start();
                TestSshd second =
                        TestSshd.config().user("jumper", "/usr/sbin/nologin").start()) {
            SshConnector chain = second.as("jumper").jump(first.as("jumper"));
            works(host.as("ops").jump(chain));
            assertThat(host.log()).contains("Accepted publickey for ops");
            SshConnector wrong = second.as("jumper")
                    .knownHosts(Files.writeString(directory.resolve("none"), ""))
                    .jump(first.as("jumper"));
            assertThatThrownBy(() -> host.as("ops").jump(wrong).connect())
                    .isInstanceOf(NodeException.class)
                    .hasMessageContaining(
                            "jumper@127.0.0.1:" + second.port() + " through jumper@127.0.0.1:" + first.port())
                    .hasMessageContaining("has no key for it");
        }
    }

    @Test
    void aJumpHostThatForbidsForwarding_orFindsNobody_isSaid() {
        try (TestSshd closed = TestSshd.config().line("AllowTcpForwarding no").start();
                TestSshd open = TestSshd.config().start()) {
            assertThatThrownBy(() -> host.as("root").jump(closed.as("root")).connect())
                    .isInstanceOf(NodeException.class)
                    .hasMessageContaining("jump host forbids forwarding")
                    .hasMessageContaining("AllowTcpForwarding");
            SshConnector nobody = host.as("root", TestSshd.freePort()).jump(open.as("root"));
            assertThatThrownBy(nobody::connect)
                    .isInstanceOf(NodeException.class)
                    .hasMessageContaining("jump host could not connect to it");
        }
    }

    /** Only sshd_config was named, in which nothing is wrong then. */
    @Test
    void aKeyThatMayNotForward_isSaid_ofAJumpHostAndOfATunnel() {
        try (TestSshd restricted = TestSshd.config()
                .setUp("sed -i 's/^/restrict /' $W/authorized/root")
                .start()) {
            assertThatThrownBy(() -> host.as("root").jump(restricted.as("root")).connect())
                    .isInstanceOf(NodeException.class)
                    .hasMessageContaining("jump host forbids forwarding")
                    .hasMessageContaining("before the key in authorized_keys");
            try (SshTransport transport = restricted.as("root").connect()) {
                assertThatThrownBy(() -> transport.tunnel().createSocket("127.0.0.1", host.port()))
                        .hasMessageContaining("before the key in authorized_keys");
            }
        }
    }

    @Test
    void nobodyAtThatPort_isSaid() {
        SshConnector nobody = host.as("root", TestSshd.freePort());
        assertThatThrownBy(nobody::connect)
                .isInstanceOf(NodeException.class)
                .hasMessageContaining("nothing answers on port");
    }
}
