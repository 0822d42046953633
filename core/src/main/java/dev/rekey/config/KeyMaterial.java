package dev.rekey.config;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The bytes of a key, and the only type that holds them.
 *
 * <p>Copies in and out; nothing of the content is in {@link #toString} or {@link #hashCode}; compares without an early exit;
 * not serializable. Every place that reads the bytes calls {@link #exposeBytes}, so that a search finds it.
 */
public final class KeyMaterial {
    private final byte[] bytes;

    private KeyMaterial(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A copy of {@code bytes}. Any length; {@code validate} knows which one a provider takes. */
    public static KeyMaterial of(byte[] bytes) {
        return new KeyMaterial(bytes.clone());
    }

    /** The number of bytes. */
    public int length() {
        return bytes.length;
    }

    /** A copy of the secret bytes. The caller must not let them into a message, a log or an argument list. */
    public byte[] exposeBytes() {
        return bytes.clone();
    }

    /**
     * Eight hexadecimal digits of a SHA-256: enough for people to tell two materials of one name apart, too few to test
     * guesses of a weak key against with any certainty.
     */
    public String fingerprint() {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update((byte) 'k');
            return HexFormat.of().formatHex(sha256.digest(bytes), 0, 4);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Whether each byte is a printable ASCII character, as in a key that was typed. */
    boolean isPrintableAscii() {
        int odd = 0;
        for (byte b : bytes) {
            odd |= b >= ' ' && b < 0x7f ? 0 : 1;
        }
        return odd == 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyMaterial that && MessageDigest.isEqual(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return bytes.length;
    }

    @Override
    public String toString() {
        return "KeyMaterial[" + bytes.length + " bytes]";
    }
}
