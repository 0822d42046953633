package dev.rekey.spi;

import dev.rekey.InvalidInputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/** A certificate or a private key from a PEM file. No error quotes the file. */
final class PemFile {
    private static final int MAX_BYTES = 1 << 20;

    private PemFile() {}

    static X509Certificate certificate(Path file) {
        List<PemText.Block> blocks = PemText.blocks(text("certificate", file));
        List<PemText.Block> certificates = blocks.stream()
                .filter(b -> b.type().equals("CERTIFICATE") || b.type().equals("X509 CERTIFICATE"))
                .toList();
        if (blocks.stream().anyMatch(b -> b.type().endsWith("PRIVATE KEY"))) {
            throw invalid(
                    "certificate",
                    file,
                    "holds a private key, and whoever has it can read the archive",
                    "Give the certificate alone, and keep the private key away from this machine");
        }
        if (certificates.size() != 1) {
            throw invalid(
                    "certificate",
                    file,
                    "holds " + certificates.size() + " certificates in PEM",
                    "Give a file with the one whose private key will read the archive (-----BEGIN CERTIFICATE-----)");
        }
        try {
            byte[] encoded = certificates.get(0).bytes().orElseThrow(CertificateException::new);
            Certificate certificate = CertificateFactory.getInstance("X.509", CmsMessage.PROVIDER)
                    .generateCertificate(new ByteArrayInputStream(encoded));
            return (X509Certificate) certificate;
        } catch (CertificateException | RuntimeException e) {
            throw invalid("certificate", file, "is damaged", "Look at it with openssl x509 -noout -text");
        }
    }

    static PrivateKey privateKey(Path file) {
        try (PEMParser parser = new PEMParser(new StringReader(text("private key", file)))) {
            JcaPEMKeyConverter converter = new JcaPEMKeyConverter().setProvider(CmsMessage.PROVIDER);
            for (Object next = parser.readObject(); next != null; next = parser.readObject()) {
                if (next instanceof PrivateKeyInfo info) {
                    return converter.getPrivateKey(info);
                }
                if (next instanceof PEMKeyPair pair) {
                    return converter.getKeyPair(pair).getPrivate();
                }
                if (next instanceof PKCS8EncryptedPrivateKeyInfo || next instanceof PEMEncryptedKeyPair) {
                    throw invalid(
                            "private key",
                            file,
                            "is encrypted with a passphrase",
                            "Decrypt it where nobody else reads along, with openssl pkey -in … -out …, and delete the result afterwards");
                }
            }
        } catch (IOException | RuntimeException e) {
            if (e instanceof InvalidInputException ours) {
                throw ours;
            }
            throw invalid("private key", file, "is damaged", "Look at it with openssl pkey -noout -check");
        }
        throw invalid(
                "private key",
                file,
                "holds no private key in PEM",
                "Give a file with -----BEGIN PRIVATE KEY-----," + " BEGIN RSA PRIVATE KEY or BEGIN EC PRIVATE KEY");
    }

    private static String text(String what, Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw invalid(what, file, "is longer than 1 MiB", "Give a PEM file");
            }
            return new String(bytes, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw invalid(what, file, "is not there", "Give its path, or make it");
        } catch (IOException e) {
            throw LocalFiles.failure(what + " " + file, "cannot be read", e, "Nothing was changed.");
        }
    }

    private static InvalidInputException invalid(String what, Path file, String found, String advice) {
        return new InvalidInputException(what + " " + file + ": " + found + ". Nothing was changed. " + advice);
    }
}
