package dev.rekey.spi;

import dev.rekey.InvalidInputException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cms.CMSAlgorithm;
import org.bouncycastle.cms.CMSEnvelopedData;
import org.bouncycastle.cms.CMSEnvelopedDataGenerator;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.KeyAgreeRecipientInformation;
import org.bouncycastle.cms.KeyTransRecipientInformation;
import org.bouncycastle.cms.Recipient;
import org.bouncycastle.cms.RecipientInfoGenerator;
import org.bouncycastle.cms.RecipientInformation;
import org.bouncycastle.cms.jcajce.JceCMSContentEncryptorBuilder;
import org.bouncycastle.cms.jcajce.JceKeyAgreeEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyAgreeRecipientInfoGenerator;
import org.bouncycastle.cms.jcajce.JceKeyTransEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyTransRecipientInfoGenerator;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.jcajce.JcaAlgorithmParametersConverter;

/** One CMS EnvelopedData: AES-256-CBC, its key wrapped with RSA-OAEP or through ECDH; what openssl 1.1 and later open. */
final class CmsMessage {
    /** An instance of our own: nothing is registered in the JVM. */
    static final Provider PROVIDER = new BouncyCastleProvider();

    private static final int MIN_RSA_BITS = 2048;

    private CmsMessage() {}

    static void requireUsable(X509Certificate certificate) {
        if (certificate.getPublicKey() instanceof RSAPublicKey rsa) {
            int bits = rsa.getModulus().bitLength();
            if (bits < MIN_RSA_BITS) {
                throw unusable("an RSA key of " + bits + " bits, which is too short to guard keys");
            }
        } else if (!(certificate.getPublicKey() instanceof ECPublicKey)) {
            throw unusable("a key for " + certificate.getPublicKey().getAlgorithm() + ", which does not encrypt");
        }
    }

    private static InvalidInputException unusable(String found) {
        return new InvalidInputException("the certificate of the archive has " + found
                + ". Nothing was changed. Give one with an RSA key of 2048 bits or more, or an EC key");
    }

    /** Wipes {@code content}. */
    static byte[] encrypt(byte[] content, X509Certificate certificate) {
        try {
            CMSEnvelopedDataGenerator generator = new CMSEnvelopedDataGenerator();
            generator.addRecipientInfoGenerator(recipient(certificate));
            return generator
                    .generate(
                            new CMSProcessableByteArray(content),
                            new JceCMSContentEncryptorBuilder(CMSAlgorithm.AES256_CBC)
                                    .setProvider(PROVIDER)
                                    .build())
                    .toASN1Structure()
                    .getEncoded("DER");
        } catch (GeneralSecurityException | CMSException | IOException | RuntimeException e) {
            throw unusable("a key that cannot encrypt (" + e.getClass().getSimpleName() + ")");
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    private static RecipientInfoGenerator recipient(X509Certificate certificate) throws GeneralSecurityException {
        if (certificate.getPublicKey() instanceof ECPublicKey ec) {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", PROVIDER);
            generator.initialize(ec.getParams());
            KeyPair ephemeral = generator.generateKeyPair();
            return new JceKeyAgreeRecipientInfoGenerator(
                            CMSAlgorithm.ECDH_SHA256KDF,
                            ephemeral.getPrivate(),
                            ephemeral.getPublic(),
                            CMSAlgorithm.AES256_WRAP)
                    .addRecipient(certificate)
                    .setProvider(PROVIDER);
        }
        AlgorithmIdentifier oaep = new JcaAlgorithmParametersConverter()
                .getAlgorithmIdentifier(
                        PKCSObjectIdentifiers.id_RSAES_OAEP,
                        new OAEPParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT));
        return new JceKeyTransRecipientInfoGenerator(certificate, oaep).setProvider(PROVIDER);
    }

    /** Whether it can be a message at all; only the private key tells more. */
    static boolean isWhole(byte[] encoded) {
        try {
            return new CMSEnvelopedData(encoded).getRecipientInfos().size() > 0;
        } catch (CMSException | RuntimeException e) {
            return false;
        }
    }

    /** Empty where {@code key} does not open it, or it is damaged; the two cannot be told apart. */
    static Optional<byte[]> decrypt(byte[] encoded, PrivateKey key) {
        try {
            for (RecipientInformation recipient :
                    new CMSEnvelopedData(encoded).getRecipientInfos().getRecipients()) {
                Optional<byte[]> content = content(recipient, key);
                if (content.isPresent()) {
                    return content;
                }
            }
        } catch (CMSException | RuntimeException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static Optional<byte[]> content(RecipientInformation recipient, PrivateKey key) {
        Recipient opener;
        if (recipient instanceof KeyTransRecipientInformation) {
            opener = new JceKeyTransEnvelopedRecipient(key).setProvider(PROVIDER);
        } else if (recipient instanceof KeyAgreeRecipientInformation) {
            opener = new JceKeyAgreeEnvelopedRecipient(key).setProvider(PROVIDER);
        } else {
            return Optional.empty();
        }
        try {
            return Optional.of(recipient.getContent(opener));
        } catch (CMSException | RuntimeException e) {
            return Optional.empty();
        }
    }
}
