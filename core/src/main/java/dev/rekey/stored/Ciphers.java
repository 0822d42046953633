package dev.rekey.stored;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.engines.XSalsa20Engine;
import org.bouncycastle.crypto.macs.Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/** The three ciphers of the server. Empty = the key does not fit the bytes. {@code start} is right after the name. */
final class Ciphers {
    private Ciphers() {}

    static Optional<byte[]> open(String type, byte[] key, byte[] value, int start, byte[] etcdKey) {
        return switch (type) {
            case "aescbc" -> aesCbc(key, value, start);
            case "aesgcm" -> aesGcm(key, value, start, value.length, etcdKey);
            case "secretbox" -> secretbox(key, value, start);
            default -> throw new IllegalStateException("no such cipher: " + type);
        };
    }

    static boolean takes(String type, int keyLength) {
        return keyLength == 32 || (!type.equals("secretbox") && (keyLength == 16 || keyLength == 24));
    }

    /** Not authenticated: a wrong key fits by accident in 1 of 250 values. */
    private static Optional<byte[]> aesCbc(byte[] key, byte[] value, int start) {
        int body = start + Payload.AES_BLOCK;
        try {
            Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    new SecretKeySpec(key, "AES"),
                    new IvParameterSpec(value, start, Payload.AES_BLOCK));
            return Optional.of(cipher.doFinal(value, body, value.length - body));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    static Optional<byte[]> aesGcm(byte[] key, byte[] value, int start, int end, byte[] etcdKey) {
        int body = start + Payload.GCM_NONCE;
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    new SecretKeySpec(key, "AES"),
                    new GCMParameterSpec(8 * Payload.GCM_TAG, value, start, Payload.GCM_NONCE));
            cipher.updateAAD(etcdKey);
            return Optional.of(cipher.doFinal(value, body, end - body));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private static Optional<byte[]> secretbox(byte[] key, byte[] value, int start) {
        int tag = start + Payload.SECRETBOX_NONCE;
        int body = tag + Payload.SECRETBOX_TAG;
        XSalsa20Engine stream = new XSalsa20Engine();
        stream.init(false, new ParametersWithIV(new KeyParameter(key), value, start, Payload.SECRETBOX_NONCE));
        // The first 32 bytes of the key stream are the key of the tag; the message begins after them.
        byte[] tagKey = new byte[32];
        stream.processBytes(tagKey, 0, tagKey.length, tagKey, 0);
        Poly1305 poly1305 = new Poly1305();
        poly1305.init(new KeyParameter(tagKey));
        poly1305.update(value, body, value.length - body);
        byte[] computed = new byte[Payload.SECRETBOX_TAG];
        poly1305.doFinal(computed, 0);
        if (!MessageDigest.isEqual(computed, Arrays.copyOfRange(value, tag, body))) {
            return Optional.empty();
        }
        byte[] plain = new byte[value.length - body];
        stream.processBytes(value, body, plain.length, plain, 0);
        return Optional.of(plain);
    }

    /** HKDF-Expand with SHA-256 to 32 bytes, which is one round; the seed is used as the pseudo-random key. */
    static byte[] derived(byte[] seed, byte[] value, KmsEnvelope.Range info) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(seed, "HmacSHA256"));
            mac.update(value, info.start(), info.length());
            mac.update((byte) 1);
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC with SHA-256", e);
        }
    }
}
