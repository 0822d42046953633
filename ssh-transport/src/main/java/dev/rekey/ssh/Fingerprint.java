package dev.rekey.ssh;

import dev.rekey.InvalidInputException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** {@code SHA256:<base64 without padding>} of a public key, as {@code ssh-keygen -l} prints it. */
record Fingerprint(String text) {
    private static final String PREFIX = "SHA256:";

    static Fingerprint of(byte[] publicKey) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(publicKey);
            return new Fingerprint(PREFIX + Base64.getEncoder().withoutPadding().encodeToString(hash));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** With or without the prefix and the padding. */
    static Fingerprint parse(String text) {
        String plain = text.strip();
        String base64 = plain.startsWith(PREFIX) ? plain.substring(PREFIX.length()) : plain;
        try {
            if (Base64.getDecoder().decode(base64).length == 32) {
                return new Fingerprint(PREFIX + base64.replace("=", ""));
            }
        } catch (IllegalArgumentException e) {
            throw notOne();
        }
        throw notOne();
    }

    private static InvalidInputException notOne() {
        return new InvalidInputException("a pinned host key is no SHA-256 fingerprint; nothing was changed. Give what"
                + " `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` prints on the host, as SHA256:<43 characters>");
    }

    /** The type that a public key names in its first field, as {@code ssh-ed25519}; empty where it is malformed. */
    static String typeOf(byte[] publicKey) {
        if (publicKey.length < 4) {
            return "";
        }
        int length = ByteBuffer.wrap(publicKey).getInt();
        return length < 0 || length > Math.min(64, publicKey.length - 4)
                ? ""
                : Text.printable(new String(publicKey, 4, length, StandardCharsets.US_ASCII), 64);
    }

    @Override
    public String toString() {
        return text;
    }
}
