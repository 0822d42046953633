package dev.rekey.k8s;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/**
 * A client certificate and its key as the JDK's key managers. The client's own way would register every security provider that
 * it finds for the whole JVM, so BouncyCastle is used here as a reader of ASN.1 and for nothing else.
 */
final class ClientCertificate {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

    private ClientCertificate() {}

    /** Both as PEM; the key as PKCS #8, PKCS #1 or SEC 1, not encrypted. */
    static KeyManager[] keyManagers(byte[] certificatePem, byte[] keyPem) throws UnusableException {
        List<Certificate> chain = certificates(certificatePem, "the client certificate");
        PrivateKey key = privateKey(keyPem, chain.get(0));
        try {
            checkPair(chain.get(0), key);
            char[] password = new char[0];
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, password);
            store.setKeyEntry("client", key, password, chain.toArray(new Certificate[0]));
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, password);
            return factory.getKeyManagers();
        } catch (GeneralSecurityException | IOException e) {
            throw new UnusableException("the client certificate and its key cannot be used by this JVM");
        }
    }

    /** At least one; {@code what} names them in the refusal. */
    static List<Certificate> certificates(byte[] pem, String what) throws UnusableException {
        try {
            Collection<? extends Certificate> found =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem));
            if (!found.isEmpty()) {
                return List.copyOf(found);
            }
        } catch (CertificateException e) {
            // Said below: the text of the exception may quote the file.
        }
        throw new UnusableException(what + " is no PEM certificate");
    }

    private static PrivateKey privateKey(byte[] pem, Certificate certificate) throws UnusableException {
        Matcher blocks = BLOCK.matcher(new String(pem, StandardCharsets.ISO_8859_1));
        while (blocks.find()) {
            String type = blocks.group(1);
            if (!type.endsWith("PRIVATE KEY")) {
                continue;
            }
            if (type.startsWith("ENCRYPTED") || blocks.group(2).contains("ENCRYPTED")) {
                throw new UnusableException(
                        "the client key is encrypted, and a kubeconfig has no place for a passphrase");
            }
            byte[] der = new byte[0];
            try {
                der = Base64.getMimeDecoder().decode(blocks.group(2));
                PrivateKeyInfo info = pkcs8(type, der, certificate);
                return KeyFactory.getInstance(algorithm(info))
                        .generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
            } catch (GeneralSecurityException | IOException | IllegalArgumentException | IllegalStateException e) {
                throw new UnusableException("the client key is damaged, or of a kind other than RSA, EC and Ed25519");
            } finally {
                Arrays.fill(der, (byte) 0);
            }
        }
        throw new UnusableException("the client key is no PEM private key");
    }

    private static PrivateKeyInfo pkcs8(String type, byte[] der, Certificate certificate) throws IOException {
        return switch (type) {
            case "RSA PRIVATE KEY" ->
                new PrivateKeyInfo(
                        new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                        RSAPrivateKey.getInstance(der));
            case "EC PRIVATE KEY" -> {
                ECPrivateKey key = ECPrivateKey.getInstance(der);
                ASN1Encodable curve = key.getParametersObject();
                if (curve == null) {
                    curve = SubjectPublicKeyInfo.getInstance(
                                    certificate.getPublicKey().getEncoded())
                            .getAlgorithm()
                            .getParameters();
                }
                yield new PrivateKeyInfo(new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, curve), key);
            }
            default -> PrivateKeyInfo.getInstance(der);
        };
    }

    private static String algorithm(PrivateKeyInfo info) {
        return switch (info.getPrivateKeyAlgorithm().getAlgorithm().getId()) {
            case "1.2.840.113549.1.1.1" -> "RSA";
            case "1.2.840.10045.2.1" -> "EC";
            case "1.3.101.112" -> "Ed25519";
            default -> throw new IllegalArgumentException("another algorithm");
        };
    }

    /** A key of another certificate would only show as a handshake that fails for no stated reason. */
    private static void checkPair(Certificate certificate, PrivateKey key) throws UnusableException {
        String algorithm = key.getAlgorithm().equals("RSA")
                ? "SHA256withRSA"
                : key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "Ed25519";
        byte[] probe = "rekey".getBytes(StandardCharsets.US_ASCII);
        try {
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(probe);
            byte[] signature = signer.sign();
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(certificate.getPublicKey());
            verifier.update(probe);
            if (verifier.verify(signature)) {
                return;
            }
        } catch (GeneralSecurityException e) {
            // Said below.
        }
        throw new UnusableException("the client key does not belong to the client certificate");
    }
}
