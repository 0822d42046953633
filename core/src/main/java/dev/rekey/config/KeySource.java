package dev.rekey.config;

/** Where new keys come from. The pure core never draws randomness itself: it is given the drawn key. */
public interface KeySource {
    /** A new key named {@code <prefix>-<serial>-<6 of a-z0-9>} with {@code length} random bytes. Safe for threads. */
    Key next(String prefix, int serial, int length);
}
