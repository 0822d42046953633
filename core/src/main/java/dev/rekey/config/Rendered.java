package dev.rekey.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The bytes of a configuration file. They hold keys: no content is in {@link #toString}. Its hash is what an apiserver reports as loaded. */
public final class Rendered {
    private final byte[] bytes;
    private final String sha256;

    private Rendered(byte[] bytes) {
        this.bytes = bytes;
        this.sha256 = sha256(bytes);
    }

    /** A copy of {@code bytes}. */
    public static Rendered of(byte[] bytes) {
        return new Rendered(bytes.clone());
    }

    /** The UTF-8 bytes of {@code text}. */
    public static Rendered of(String text) {
        return new Rendered(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A copy; the keys in it are as secret as ever. */
    public byte[] exposeBytes() {
        return bytes.clone();
    }

    /** The SHA-256 of the bytes, 64 lower-case hexadecimal digits. */
    public String sha256() {
        return sha256;
    }

    /** The SHA-256 of any bytes, 64 lower-case hexadecimal digits. */
    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Rendered that && MessageDigest.isEqual(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return sha256.hashCode();
    }

    @Override
    public String toString() {
        return "Rendered[" + bytes.length + " bytes, sha256 " + sha256 + "]";
    }
}
