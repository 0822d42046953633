package dev.rekey.config;

import dev.rekey.InvalidInputException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Where new keys come from. The pure core never draws randomness itself: it is given the drawn key. */
@FunctionalInterface
public interface KeySource {
    /** Bytes of a key that Rekey makes: AES-256, and the only length that secretbox takes. */
    int KEY_LENGTH = 32;

    /** A new key named {@code <prefix>-<serial>-<6 of a-z0-9>} with {@code length} random bytes. Safe for threads. */
    Key next(String prefix, int serial, int length);

    /** Draws names and bytes from the platform's {@code SecureRandom}. */
    static KeySource secureRandom() {
        return new RandomKeys();
    }

    /** Gives these keys in this order, whatever is asked for, and then refuses: for tests, and for keys made elsewhere. */
    static KeySource of(Key... keys) {
        List<Key> given = List.of(keys);
        AtomicInteger next = new AtomicInteger();
        return (prefix, serial, length) -> {
            int index = next.getAndIncrement();
            if (index >= given.size()) {
                throw new InvalidInputException("the key source held " + given.size()
                        + " keys and all are used; give it one key for each rotation");
            }
            return given.get(index);
        };
    }
}
