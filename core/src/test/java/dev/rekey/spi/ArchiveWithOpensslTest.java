package dev.rekey.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.rekey.config.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person with openssl alone reads an archive, with the command that its head gives; and its keys and certificates serve us. */
class ArchiveWithOpensslTest {
    @TempDir
    Path directory;

    @BeforeEach
    void opensslIsThere() throws Exception {
        assumeThat(run("command -v openssl || echo none")).doesNotContain("none");
    }

    @Test
    void theCommandInTheHead_readsEachKey_rsa() throws Exception {
        theCommandReadsEachKey(
                "openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -subj /CN=a -days 1");
    }

    @Test
    void theCommandInTheHead_readsEachKey_ec() throws Exception {
        theCommandReadsEachKey(
                "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out cert.pem"
                        + " -subj /CN=a -days 1");
    }

    private void theCommandReadsEachKey(String makeCertificate) throws Exception {
        run(makeCertificate);
        Path file = directory.resolve("keys.cms");
        Reader.OfKey one = KeyArchiveTest.key("aescbc", "rekey-1-abcdef", 1);
        Reader.OfKey two = KeyArchiveTest.key("secretbox", "rekey-2-uvwxyz", 2);
        KeyArchive.encryptedTo(KeyArchive.certificate(directory.resolve("cert.pem")), file)
                .keep(List.of(one, two));

        String command = Files.readAllLines(file)
                .get(1)
                .substring(1)
                .replace("THIS-FILE", "keys.cms")
                .replace("PRIVATE-KEY.pem", "key.pem");
        assertThat(run(command.replace("n==3", "n==2"))).isEqualTo("""
                        # A key of Kubernetes encryption at rest, kept by Rekey: as secret as everything that it encrypted.
                        # It reads the values in etcd that begin with k8s:enc:<provider>:v1:<name>: once it is in the keys
                        # of that provider in the EncryptionConfiguration of every kube-apiserver.
                        provider: "secretbox"
                        name: "rekey-2-uvwxyz"
                        secret: "%s"
                        fingerprint: "%s"
                        """.formatted(
                        Base64.getEncoder().encodeToString(two.key().material().exposeBytes()),
                        two.key().material().fingerprint()));
        assertThat(run(command.replace("n==3", "n==1"))).contains("name: \"rekey-1-abcdef\"");

        PrivateKey key = ArchiveReader.privateKey(directory.resolve("key.pem"));
        assertThat(ArchiveReader.read(file, key).keys()).containsExactly(one, two);
    }

    @Test
    void everyFormOfAPrivateKey_isRead() throws Exception {
        run("openssl genrsa -out rsa-8.pem 2048 && openssl rsa -in rsa-8.pem -traditional -out rsa-1.pem"
                + " && openssl ecparam -name prime256v1 -genkey -out ec-1.pem"
                + " && openssl pkcs8 -topk8 -nocrypt -in ec-1.pem -out ec-8.pem");
        for (String pair : List.of("rsa", "ec")) {
            PrivateKey modern = ArchiveReader.privateKey(directory.resolve(pair + "-8.pem"));
            assertThat(ArchiveReader.privateKey(directory.resolve(pair + "-1.pem")))
                    .isEqualTo(modern);
        }
        assertThat(Files.readString(directory.resolve("rsa-1.pem"))).contains("BEGIN RSA PRIVATE KEY");
        assertThat(Files.readString(directory.resolve("ec-1.pem"))).contains("BEGIN EC PARAMETERS");
    }

    @Test
    void aMessageThatOpensslMade_isReadToo() throws Exception {
        run("openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -subj /CN=a -days 1");
        Reader.OfKey one = KeyArchiveTest.key("aesgcm", "by hand", 3);
        Files.write(directory.resolve("plain"), ArchivedKey.render(one));
        run("openssl cms -encrypt -aes256 -binary -in plain -outform PEM -out keys.cms cert.pem");
        assertThat(ArchiveReader.read(
                                directory.resolve("keys.cms"), ArchiveReader.privateKey(directory.resolve("key.pem")))
                        .keys())
                .containsExactly(one);
    }

    private String run(String command) throws Exception {
        Process process = new ProcessBuilder("sh", "-c", command)
                .directory(directory.toFile())
                .redirectError(directory.resolve("stderr").toFile())
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(() -> command + "\n" + Stream.of("stderr").map(this::text).toList())
                .isZero();
        return out;
    }

    private String text(String name) {
        try {
            return Files.readString(directory.resolve(name));
        } catch (java.io.IOException e) {
            return e.toString();
        }
    }
}
