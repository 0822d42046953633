package dev.rekey.spi;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Certificates with their keys, made once: RSA keys take a while. */
final class Certificates {
    static final Pair RSA = make("RSA", 2048, "SHA256withRSA");
    static final Pair OTHER_RSA = make("RSA", 2048, "SHA256withRSA");
    static final Pair EC = make("EC", 384, "SHA256withECDSA");

    private Certificates() {}

    record Pair(X509Certificate certificate, KeyPair keys) {}

    static Pair make(String algorithm, int size, String signature) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (size > 0) {
                generator.initialize(size);
            }
            KeyPair keys = generator.generateKeyPair();
            X500Name name = new X500Name("CN=archive of keys");
            return new Pair(
                    new JcaX509CertificateConverter()
                            .getCertificate(new JcaX509v3CertificateBuilder(
                                            name,
                                            BigInteger.valueOf(keys.hashCode()).abs(),
                                            Date.from(Instant.parse("2001-01-01T00:00:00Z")),
                                            Date.from(Instant.parse("2002-01-01T00:00:00Z")),
                                            name,
                                            keys.getPublic())
                                    .build(new JcaContentSignerBuilder(signature).build(keys.getPrivate()))),
                    keys);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    static String pem(Object object) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return text.toString();
    }

    static Path write(Path file, String text) throws IOException {
        return Files.writeString(file, text);
    }
}
