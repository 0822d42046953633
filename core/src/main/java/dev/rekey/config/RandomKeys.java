package dev.rekey.config;

import java.security.SecureRandom;
import java.util.Arrays;

/** The random source of keys; SecureRandom is safe for threads. */
final class RandomKeys implements KeySource {
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

    private final SecureRandom random = new SecureRandom();

    @Override
    public Key next(String prefix, int serial, int length) {
        if (length < 16) {
            throw new IllegalArgumentException("no provider takes a key of " + length + " bytes");
        }
        StringBuilder suffix = new StringBuilder();
        for (int i = 0; i < 6; i++) {
            suffix.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        Key key = new Key(KeyName.of(prefix, serial, suffix.toString()), KeyMaterial.of(bytes));
        Arrays.fill(bytes, (byte) 0);
        return key;
    }
}
