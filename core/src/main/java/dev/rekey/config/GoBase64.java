package dev.rekey.config;

import java.util.Base64;
import java.util.Optional;

/** Base64 as Go's {@code StdEncoding} takes it: line ends anywhere, padding required, no other alphabet. */
final class GoBase64 {
    private GoBase64() {}

    static Optional<byte[]> decode(String text) {
        String joined = text.replace("\r", "").replace("\n", "");
        if (joined.length() % 4 != 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(Base64.getDecoder().decode(joined));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
