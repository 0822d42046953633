package dev.rekey.controlplane;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** The certificate authority of one test cluster, and what it signs: P-256 throughout, since RSA keys take seconds. */
final class Pki {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final KeyPair key = newKey();
    private final X509Certificate certificate;

    /** A certificate or public key with its private key, both as PEM. */
    record Identity(String publicPem, String privatePem) {}

    Pki() {
        X500Principal self = new X500Principal("CN=kubernetes");
        this.certificate = sign(self, self, key, key, builder -> {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            builder.addExtension(
                    Extension.keyUsage,
                    true,
                    new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment | KeyUsage.keyCertSign));
        });
    }

    X509Certificate certificate() {
        return certificate;
    }

    String pem() {
        return pem(certificate);
    }

    /** Good for 127.0.0.1, localhost, and the names that a pod would use. */
    Identity serving() {
        GeneralNames names = new GeneralNames(new GeneralName[] {
            new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
            new GeneralName(GeneralName.dNSName, "localhost"),
            new GeneralName(GeneralName.dNSName, "kubernetes"),
            new GeneralName(GeneralName.dNSName, "kubernetes.default"),
            new GeneralName(GeneralName.dNSName, "kubernetes.default.svc"),
        });
        return issue("CN=kube-apiserver", KeyPurposeId.id_kp_serverAuth, names);
    }

    /** A client whom the apiserver takes for this user in this group. */
    Identity client(String user, String group) {
        return issue("O=" + group + ",CN=" + user, KeyPurposeId.id_kp_clientAuth, null);
    }

    /** The key pair with which apiservers sign tokens of service accounts. */
    static Identity serviceAccountKey() {
        KeyPair pair = newKey();
        return new Identity(pem(pair.getPublic()), privatePem(pair));
    }

    private Identity issue(String subject, KeyPurposeId purpose, @Nullable GeneralNames names) {
        KeyPair pair = newKey();
        X509Certificate issued =
                sign(certificate.getSubjectX500Principal(), new X500Principal(subject), key, pair, builder -> {
                    builder.addExtension(
                            Extension.keyUsage,
                            true,
                            new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment));
                    builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
                    if (names != null) {
                        builder.addExtension(Extension.subjectAlternativeName, false, names);
                    }
                });
        return new Identity(pem(issued), privatePem(pair));
    }

    private interface Extensions {
        void addTo(JcaX509v3CertificateBuilder builder) throws IOException;
    }

    private static X509Certificate sign(
            X500Principal issuer, X500Principal subject, KeyPair signer, KeyPair subjectKey, Extensions extensions) {
        Instant now = Instant.now();
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(127, RANDOM),
                Date.from(now.minus(Duration.ofHours(1))),
                Date.from(now.plus(Duration.ofDays(7))),
                subject,
                subjectKey.getPublic());
        try {
            extensions.addTo(builder);
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate())));
        } catch (IOException | OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException("cannot make a certificate for " + subject, e);
        }
    }

    private static KeyPair newKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String privatePem(KeyPair pair) {
        try {
            return pem(new JcaPKCS8Generator(pair.getPrivate(), null).generate());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(Object object) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return text.toString();
    }
}
