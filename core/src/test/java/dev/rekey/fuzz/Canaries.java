package dev.rekey.fuzz;

import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Content that must be in no message: keys in each form that bytes are written in, and words that stand only in values. */
public final class Canaries {
    /** Names may be said, and a piece of a key can become one; what is no piece must not. */
    private static final int NO_PIECE = 22;

    /** A word for values, comments and anything else that is no name. */
    public static final String WORD = "cA7nRy0qX4z2NvR9Kx8wQ3tZ";

    private final Set<String> pieces = new HashSet<>();
    private final int shortest;

    private Canaries(int shortest) {
        this.shortest = shortest;
    }

    /** With the {@link #WORD} and these keys. */
    public static Canaries of(List<byte[]> keys) {
        return of(keys, NO_PIECE);
    }

    /** Of which that many characters in a row must not be said. */
    public static Canaries of(List<byte[]> keys, int shortest) {
        Canaries canaries = new Canaries(shortest);
        canaries.add(WORD);
        for (byte[] key : keys) {
            canaries.add(Base64.getEncoder().encodeToString(key));
            canaries.add(HexFormat.of().formatHex(key));
            canaries.add(HexFormat.of().formatHex(key).toUpperCase(Locale.ROOT));
            canaries.add(new String(key, java.nio.charset.StandardCharsets.ISO_8859_1));
        }
        return canaries;
    }

    /** Some key, the same for each number. */
    public static byte[] key(int number, int length) {
        byte[] key = new byte[length];
        new java.util.Random(number * 31L + length).nextBytes(key);
        return key;
    }

    private void add(String content) {
        for (int at = 0; at + shortest <= content.length(); at++) {
            pieces.add(content.substring(at, at + shortest));
        }
    }

    /** The first characters in a row that {@code said} has from any of them. */
    public Optional<String> in(String said) {
        for (int at = 0; at + shortest <= said.length(); at++) {
            String piece = said.substring(at, at + shortest);
            if (pieces.contains(piece)) {
                return Optional.of(piece);
            }
        }
        return Optional.empty();
    }
}
