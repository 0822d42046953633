package dev.rekey.ssh;

import dev.rekey.InvalidInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The certificate beside a user's key, {@code KEY-cert.pub}, which is shown with the key as ssh does. One that cannot be used is
 * an error of its own: without it a host that trusts only the authority would be said not to take the key.
 */
final class UserCertificate {
    private UserCertificate() {}

    private static Path of(Path key) {
        return key.resolveSibling(key.getFileName() + "-cert.pub");
    }

    /**
     * The file's bytes; null where there is none.
     *
     * @param publicKey null where it is not known before the key is decrypted
     */
    static byte @Nullable [] beside(Path key, byte @Nullable [] publicKey) {
        Path file = of(key);
        if (!Files.isRegularFile(file)) {
            return null;
        }
        byte[] content;
        try {
            content = Files.readAllBytes(file);
        } catch (IOException e) {
            throw unusable(file, key, "it cannot be read");
        }
        Certificate certificate = parse(content)
                .orElseThrow(
                        () -> unusable(file, key, "it is no certificate in OpenSSH form, or is cut off or changed"));
        if (certificate.isForHost()) {
            throw unusable(file, key, "it is a host's certificate, not a user's");
        }
        if (publicKey != null && !certificate.isOf(publicKey)) {
            throw unusable(file, key, "it is of another key");
        }
        return content;
    }

    private static Optional<Certificate> parse(byte[] content) {
        String[] words =
                new String(content, StandardCharsets.ISO_8859_1).strip().split("\\s+", -1);
        try {
            byte[] blob = Base64.getDecoder().decode(words.length < 2 ? "" : words[1]);
            return Fingerprint.typeOf(blob).equals(words[0]) ? Certificate.parse(blob) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static InvalidInputException unusable(Path file, Path key, String why) {
        return new InvalidInputException(file + ": the certificate beside the private key cannot be used: " + why
                + "; nothing was changed. Look at it with `ssh-keygen -L -f`, and have it made anew (`ssh-keygen -s AUTHORITY"
                + " -I NAME -n USER " + key + ".pub`), or take it away to use the key alone");
    }

    /** As a part of a message; empty where there is no certificate, or it is valid now. */
    static String faultOfTime(Path key) {
        Path file = of(key);
        try {
            return (Files.isRegularFile(file) ? parse(Files.readAllBytes(file)) : Optional.<Certificate>empty())
                    .map(certificate -> certificate.faultOfTime(Instant.now()))
                    .filter(fault -> !fault.isEmpty())
                    .map(fault -> "its certificate " + file + " is out of date: " + fault)
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }
}
