package dev.rekey.spi;

import static dev.rekey.spi.Certificates.EC;
import static dev.rekey.spi.Certificates.RSA;
import static dev.rekey.spi.Certificates.pem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.InvalidInputException;
import dev.rekey.RekeyException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bouncycastle.openssl.jcajce.JcaMiscPEMGenerator;
import org.bouncycastle.openssl.jcajce.JcePEMEncryptorBuilder;
import org.bouncycastle.util.io.pem.PemObjectGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PemFileTest {
    @TempDir
    Path directory;

    @Test
    void aCertificate_isReadWithTextAroundIt() throws Exception {
        Path file = file("Bag Attributes\r\n    friendlyName: a\r\n"
                + pem(RSA.certificate()).replace("\n", "\r\n") + "the end");
        assertThat(KeyArchive.certificate(file)).isEqualTo(RSA.certificate());
        assertThat(KeyArchive.certificate(file(pem(EC.certificate()))).getPublicKey())
                .isEqualTo(EC.certificate().getPublicKey());
    }

    @Test
    void noCertificate_saysWhatIsThereInstead() throws Exception {
        refused(
                file(""),
                "holds 0 certificates in PEM. Nothing was changed. Give a file with the one whose private key");
        refused(file(pem(RSA.certificate()) + pem(EC.certificate())), "holds 2 certificates in PEM.");
        refused(file(pem(RSA.certificate()) + pem(RSA.keys().getPrivate())), "holds a private key, and whoever has it");
        refused(file(pem(RSA.certificate()).replaceFirst("MI", "AA")), "is damaged. Nothing was changed.");
        refused(file(pem(RSA.certificate()).replace("END CERTIFICATE", "")), "is damaged. Nothing was changed.");
        refused(file("x".repeat((1 << 20) + 1)), "is longer than 1 MiB.");
        refused(directory.resolve("none"), "is not there.");
    }

    private void refused(Path file, String found) {
        assertThatThrownBy(() -> KeyArchive.certificate(file))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("certificate " + file + ": " + found);
    }

    @Test
    void noPrivateKey_saysWhatIsThereInstead() throws Exception {
        PemObjectGenerator encrypted = new JcaMiscPEMGenerator(
                RSA.keys().getPrivate(),
                new JcePEMEncryptorBuilder("AES-128-CBC")
                        .setProvider(CmsMessage.PROVIDER)
                        .build("pass".toCharArray()));
        refusedKey(file(pem(encrypted)), "is encrypted with a passphrase.");
        refusedKey(file(pem(RSA.certificate())), "holds no private key in PEM.");
        refusedKey(file(pem(RSA.keys().getPrivate()).replaceFirst("MI", "AA")), "is damaged.");
        refusedKey(directory.resolve("none"), "is not there.");
        assertThatThrownBy(() -> ArchiveReader.privateKey(directory)).isInstanceOf(RekeyException.class);
    }

    private void refusedKey(Path file, String found) {
        assertThatThrownBy(() -> ArchiveReader.privateKey(file))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("private key " + file + ": " + found)
                .hasNoCause();
    }

    private Path file(String text) throws Exception {
        return Files.writeString(Files.createTempFile(directory, "a", ".pem"), text);
    }
}
