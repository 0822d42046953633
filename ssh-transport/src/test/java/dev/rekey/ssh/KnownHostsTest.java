package dev.rekey.ssh;

import static com.jcraft.jsch.HostKeyRepository.CHANGED;
import static com.jcraft.jsch.HostKeyRepository.NOT_INCLUDED;
import static com.jcraft.jsch.HostKeyRepository.OK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.InvalidInputException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KnownHostsTest {
    private static final String ALL = "ssh-ed25519-cert-v01@openssh.com,rsa-sha2-512-cert-v01@openssh.com,"
            + "ssh-ed25519,ecdsa-sha2-nistp256,rsa-sha2-512,rsa-sha2-256";

    private static byte[] key(String type, String filling) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        byte[] rest = filling.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(4 + name.length + 4 + rest.length)
                .putInt(name.length)
                .put(name)
                .putInt(rest.length)
                .put(rest)
                .array();
    }

    private static String line(String hosts, String type, String filling) {
        return hosts + " " + type + " " + Base64.getEncoder().encodeToString(key(type, filling)) + " comment\n";
    }

    private static HostKeyCheck check(String host, int port, String text) {
        return HostKeyCheck.of(host, port, KnownHosts.parse("known_hosts", text), Set.of());
    }

    @ParameterizedTest(name = "{0} on {1}:{2} => {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "cp1            | cp1       | 22   | true",
                "CP1            | cp1       | 22   | true",
                "cp1            | CP1       | 22   | true",
                "cp1            | cp10      | 22   | false",
                "cp1,10.0.0.1   | 10.0.0.1  | 22   | true",
                "cp1            | cp1       | 2222 | true",
                "[cp1]:2222     | cp1       | 2222 | true",
                "[cp1]:2222     | cp1       | 22   | false",
                "[cp1]:2222     | cp1       | 2223 | false",
                "[cp*]:2222     | cp1       | 2222 | true",
                "*.example.org  | a.example.org | 22 | true",
                "*.example.org  | example.org   | 22 | false",
                "10.0.0.?       | 10.0.0.7  | 22   | true",
                "10.0.0.?       | 10.0.0.77 | 22   | false",
                "10.0.0.?       | 10x0y0.7  | 22   | false",
                "*,!cp1         | cp1       | 22   | false",
                "!cp1,*         | cp1       | 22   | false",
                "*,!cp1         | cp2       | 22   | true",
                "!cp1           | cp2       | 22   | false",
                "fe80::1%eth0   | fe80::1%eth0 | 22 | true",
            })
    void names(String hosts, String host, int port, boolean known) {
        HostKeyCheck check = check(host, port, line(hosts, "ssh-ed25519", "a"));
        assertThat(check.check("ignored", key("ssh-ed25519", "a"))).isEqualTo(known ? OK : NOT_INCLUDED);
        assertThat(check.rejected()).isEqualTo(!known);
    }

    @Test
    void aHashedName_isUnderstood() {
        // ssh-keygen -H of "cp1"
        String hashed = "|1|iwIsF74cMWlzgufggZWBpJ2+24E=|8iTnnkvCRtbyvSbovRIpmC3cotw=";
        String text = line(hashed, "ssh-ed25519", "a");
        assertThat(check("cp1", 22, text).check("", key("ssh-ed25519", "a"))).isEqualTo(OK);
        assertThat(check("cp2", 22, text).check("", key("ssh-ed25519", "a"))).isEqualTo(NOT_INCLUDED);
    }

    @Test
    void anotherKey_isChanged_whateverItsType() {
        String text = line("cp1", "ssh-ed25519", "a") + line("cp1", "ssh-rsa", "b");
        assertThat(check("cp1", 22, text).check("", key("ssh-ed25519", "b"))).isEqualTo(CHANGED);
        assertThat(check("cp1", 22, text).check("", key("ecdsa-sha2-nistp256", "a")))
                .isEqualTo(CHANGED);
        assertThat(check("cp1", 22, text).check("", key("ssh-rsa", "b"))).isEqualTo(OK);
    }

    @Test
    void aKeyForThePort_countsBeforeThatOfTheBareName() {
        String text = line("cp1", "ssh-ed25519", "old") + line("[cp1]:2222", "ssh-ed25519", "new");
        assertThat(check("cp1", 2222, text).check("", key("ssh-ed25519", "old")))
                .isEqualTo(CHANGED);
        assertThat(check("cp1", 2222, text).check("", key("ssh-ed25519", "new")))
                .isEqualTo(OK);
        assertThat(check("cp1", 22, text).check("", key("ssh-ed25519", "old"))).isEqualTo(OK);
    }

    @Test
    void aRevokedKey_isNeverTaken_andARevocationByBareNameHoldsForEachPort() {
        String text = line("[cp1]:2222", "ssh-ed25519", "a") + "@revoked " + line("cp1", "ssh-ed25519", "a");
        HostKeyCheck check = check("cp1", 2222, text);
        assertThat(check.check("", key("ssh-ed25519", "a"))).isEqualTo(CHANGED);
        assertThat(check.difference()).contains("@revoked");
    }

    @Test
    void anAuthoritysKey_isNoHostKey() {
        HostKeyCheck check = check("cp1", 22, "@cert-authority " + line("*", "ssh-ed25519", "a"));
        assertThat(check.check("", key("ssh-ed25519", "a"))).isEqualTo(NOT_INCLUDED);
    }

    @Test
    void theRecordedTypeComesFirst_aCertificateOnlyWhereAnAuthorityIsKnown() {
        assertThat(check("cp1", 22, line("cp1", "ssh-rsa", "a")).algorithms(ALL, Set.of()))
                .isEqualTo("rsa-sha2-512,rsa-sha2-256,ssh-ed25519,ecdsa-sha2-nistp256");
        assertThat(check("cp1", 22, "@cert-authority " + line("*", "ssh-rsa", "a"))
                        .algorithms(ALL, Set.of()))
                .startsWith("ssh-ed25519-cert-v01@openssh.com,rsa-sha2-512-cert-v01@openssh.com,");
        assertThat(check("cp1", 22, "").algorithms(ALL, Set.of("ssh-ed25519", "ssh-rsa")))
                .isEqualTo("ecdsa-sha2-nistp256");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "cp1",
                "cp1 ssh-ed25519",
                "cp1 ssh-ed25519 !!!!",
                "cp1 ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAAWE=",
                "@unknown cp1 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAAWE=",
                "# cp1 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAAWE=",
                "|1|x|y ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAAWE=",
                "|1| ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAAWE=",
                "\0\0 \uFFFD"
            })
    void aLineThatIsNone_makesNothingKnown_andSpoilsNoOther(String line) {
        HostKeyCheck check = check("cp1", 22, line + "\r\n" + line("cp1", "ssh-ed25519", "right"));
        assertThat(check.check("", key("ssh-ed25519", "a"))).isEqualTo(CHANGED);
        assertThat(check.check("", key("ssh-ed25519", "right"))).isEqualTo(OK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"# ", "cp2 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAAWE= ", "@revoked "})
    void whatStandsBehindALoneCarriageReturn_makesNothingKnown_asForSsh(String before) {
        HostKeyCheck check = check("cp1", 22, before + "\r" + line("cp1", "ssh-ed25519", "a"));
        assertThat(check.check("", key("ssh-ed25519", "a"))).isEqualTo(NOT_INCLUDED);
    }

    @Test
    void aRefusal_hasBothFingerprintsAndTheLine() {
        HostKeyCheck check = check("cp1", 22, "\n" + line("cp1", "ssh-ed25519", "a"));
        check.check("", key("ssh-ed25519", "b"));
        assertThat(check.difference())
                .contains(Fingerprint.of(key("ssh-ed25519", "b")).text())
                .contains(Fingerprint.of(key("ssh-ed25519", "a")) + " (line 2)")
                .contains("known_hosts");
    }

    @Test
    void aFileThatIsNotThere_isWrongInput() {
        assertThatThrownBy(() -> KnownHosts.read(Path.of("/no/such/known_hosts")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("/no/such/known_hosts");
    }
}
