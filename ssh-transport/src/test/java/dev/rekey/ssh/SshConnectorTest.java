package dev.rekey.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.InvalidInputException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SshConnectorTest {
    private static final String PIN = "SHA256:" + "A".repeat(43);
    private static final Path KEY = Path.of("/no/such/key");

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "-oProxyCommand=x", "a b", "a\nb", "host,other", "*", "a/b", "user@host"})
    void whatIsNoHost_isRefused(String host) {
        assertThatThrownBy(() -> SshTransport.to(host)).isInstanceOf(InvalidInputException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cp1", "10.0.0.1", "cp-1.example.org", "fe80::1%eth0", "::1", "[2001:db8::1]"})
    void whatIsAHost_isTaken(String host) {
        assertThat(SshTransport.to(host)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cp1:22", "10.0.0.1:2222"})
    void aPortBehindAHost_isNamed(String host) {
        assertThatThrownBy(() -> SshTransport.to(host))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("has a port behind it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "-l", "a:b", "@b", "a\nb", "a/b"})
    void whatIsNoUser_isRefused(String user) {
        assertThatThrownBy(() -> SshTransport.to("h").user(user)).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void whatIsMissing_isSaid() {
        assertThatThrownBy(() -> SshTransport.to("h").connect()).hasMessageContaining("user(");
        assertThatThrownBy(() -> SshTransport.to("h").user("root").connect()).hasMessageContaining("agent()");
        assertThatThrownBy(
                        () -> SshTransport.to("h").user("root").privateKey(KEY).connect())
                .hasMessageContaining("knownHosts(");
        assertThatThrownBy(() -> SshTransport.to("h")
                        .user("root")
                        .privateKey(KEY)
                        .agent()
                        .pinned(PIN)
                        .connect())
                .hasMessageContaining("one of the two");
        assertThatThrownBy(() -> SshTransport.to("h")
                        .user("root")
                        .privateKey(KEY)
                        .pinned(PIN)
                        .connect())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("/no/such/key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "SHA256:", "MD5:00:11", "SHA256:AAAA", "ssh-ed25519 AAAA"})
    void whatIsNoFingerprint_isRefused(String pin) {
        assertThatThrownBy(() -> SshTransport.to("h").pinned(pin)).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void aTimeThatBreaksThePromiseOfATransport_isRefused() {
        assertThatThrownBy(() -> SshTransport.to("h").operationTimeout(Duration.ofSeconds(29)))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> SshTransport.to("h").operationTimeout(Duration.ZERO))
                .isInstanceOf(InvalidInputException.class);
    }

    @Test
    void jumpHostsInACircle_areRefused() {
        SshConnector a = SshTransport.to("a");
        SshConnector b = SshTransport.to("b").jump(a);
        assertThatThrownBy(() -> a.jump(b)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> a.jump(a)).isInstanceOf(InvalidInputException.class);
    }
}
