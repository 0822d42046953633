package dev.rekey.ssh;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.KeyPair;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** An OpenSSH certificate, as its {@code PROTOCOL.certkeys} lays it out: a key, whose it is and when, and who says so. */
final class Certificate {
    static final String SUFFIX = "-cert-v01@openssh.com";

    private static final int FOR_HOST = 2;

    /** OpenSSH's own list but for hardware keys: no SHA-1. */
    private static final List<String> SIGNATURES = List.of(
            "ssh-ed25519",
            "ecdsa-sha2-nistp256",
            "ecdsa-sha2-nistp384",
            "ecdsa-sha2-nistp521",
            "rsa-sha2-512",
            "rsa-sha2-256");

    /** What X.509 puts before such a key. */
    private static final byte[] ED25519 = HexFormat.of().parseHex("302a300506032b6570032100");

    private final byte[] key;
    private final int kind;
    private final String id;
    private final List<String> principals = new ArrayList<>();
    private final long validAfter;
    private final long validBefore;
    private final boolean critical;
    private final byte[] authority;
    private final byte[] signed;
    private final byte[] signature;

    private Certificate(byte[] blob) {
        ByteBuffer in = ByteBuffer.wrap(blob);
        String type = text(in);
        if (!type.endsWith(SUFFIX)) {
            throw new IllegalArgumentException("no certificate");
        }
        String base = type.substring(0, type.length() - SUFFIX.length());
        bytes(in); // A nonce.
        int from = in.position();
        bytes(in);
        if (!base.startsWith("ssh-ed")) {
            bytes(in); // All other keys of use have two fields.
        }
        int numbers = in.position() - from;
        key = ByteBuffer.allocate(4 + base.length() + numbers)
                .putInt(base.length())
                .put(base.getBytes(StandardCharsets.US_ASCII))
                .put(blob, from, numbers)
                .array();
        in.getLong(); // A serial number.
        kind = in.getInt();
        id = text(in);
        ByteBuffer names = ByteBuffer.wrap(bytes(in));
        while (names.hasRemaining()) {
            principals.add(text(names));
        }
        validAfter = in.getLong();
        validBefore = in.getLong();
        critical = bytes(in).length > 0;
        bytes(in); // Extensions may be passed over.
        bytes(in);
        authority = bytes(in);
        signed = Arrays.copyOf(blob, in.position());
        signature = bytes(in);
        if (in.hasRemaining()) {
            throw new IllegalArgumentException("more than a certificate");
        }
    }

    /** Empty where it is none, or is broken. */
    static Optional<Certificate> parse(byte[] blob) {
        return parsed(() -> new Certificate(blob));
    }

    /** The next field of a message; empty where that is none, or is broken. */
    static Optional<Certificate> next(ByteBuffer message) {
        return parsed(() -> new Certificate(bytes(message)));
    }

    private static Optional<Certificate> parsed(Supplier<Certificate> reading) {
        try {
            return Optional.of(reading.get());
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    private static byte[] bytes(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("a length is wrong");
        }
        byte[] field = new byte[length];
        in.get(field);
        return field;
    }

    private static String text(ByteBuffer in) {
        return new String(bytes(in), StandardCharsets.UTF_8);
    }

    boolean isOf(byte[] publicKey) {
        return Arrays.equals(key, publicKey);
    }

    boolean isForHost() {
        return kind == FOR_HOST;
    }

    byte[] authority() {
        return authority.clone();
    }

    String id() {
        return Text.printable(id, 80);
    }

    /** What is wrong with its time; empty where nothing is. */
    String faultOfTime(Instant now) {
        long seconds = now.getEpochSecond();
        if (Long.compareUnsigned(seconds, validAfter) < 0) {
            return "it is valid only from " + time(validAfter) + " on";
        }
        return Long.compareUnsigned(seconds, validBefore) >= 0
                ? "it expired on " + time(validBefore) + " (it was valid from " + time(validAfter) + ")"
                : "";
    }

    private static String time(long seconds) {
        return seconds < 0 || seconds > 253_402_300_799L
                ? "a time beyond the year 9999"
                : Instant.ofEpochSecond(seconds).toString();
    }

    /**
     * What keeps it from vouching for a host; empty where nothing does. Names are compared, as OpenSSH 9.2 does, without
     * wildcards, and none means any: OpenSSH 10.3 takes both the other way round, and wildcards are what a host could abuse.
     */
    String faultAsHost(String name, Instant now) {
        if (!isForHost()) {
            return "it is a user's, not a host's";
        }
        String time = faultOfTime(now);
        if (!time.isEmpty()) {
            return time;
        }
        if (!principals.isEmpty() && !principals.contains(name.toLowerCase(Locale.ROOT))) {
            return "it is for " + Text.printable(String.join(", ", principals), 200) + ", not for " + name
                    + " (names are compared as they stand, without wildcards)";
        }
        if (critical) {
            return "it has critical options, and none are known for hosts";
        }
        return isSigned() ? "" : "its signature is not that of its authority";
    }

    private boolean isSigned() {
        String type = Fingerprint.typeOf(authority);
        String algorithm = Fingerprint.typeOf(signature);
        if (!SIGNATURES.contains(algorithm)
                || !(type.equals("ssh-rsa") ? algorithm.startsWith("rsa-") : algorithm.equals(type))) {
            return false;
        }
        try {
            return type.equals("ssh-ed25519") ? isSignedWithEd25519() : isSignedAsJschSays(type, algorithm);
        } catch (Exception e) {
            // JSch declares no narrower one.
            return false;
        }
    }

    private boolean isSignedAsJschSays(String type, String algorithm) throws Exception {
        String line = type + " " + Base64.getEncoder().encodeToString(authority);
        KeyPair pair = KeyPair.load(new JSch(), null, line.getBytes(StandardCharsets.US_ASCII));
        com.jcraft.jsch.Signature verifier = pair.getVerifier(algorithm);
        verifier.update(signed);
        return verifier.verify(signature);
    }

    /** JSch 2.28.8 takes the text of such a line for the key. */
    private boolean isSignedWithEd25519() throws GeneralSecurityException {
        byte[] encoded = Arrays.copyOf(ED25519, ED25519.length + 32);
        ByteBuffer fields = ByteBuffer.wrap(authority);
        bytes(fields);
        System.arraycopy(bytes(fields), 0, encoded, ED25519.length, 32);
        Signature verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
        verifier.update(signed);
        ByteBuffer parts = ByteBuffer.wrap(signature);
        bytes(parts);
        return verifier.verify(bytes(parts)) && !parts.hasRemaining() && !fields.hasRemaining();
    }
}
