package dev.rekey.rotation;

import dev.rekey.RefusedException;
import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.Key;
import dev.rekey.config.Reader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Two aescbc keys that the server may try on one value. The mode has no authentication: of 256 values that the wrong key opens, one
 * comes out as garbage instead of an error. The other providers tell, so they may share a name for a while.
 */
final class Ambiguity {
    private static final int BLOCK = 16;

    private Ambiguity() {}

    static void refuse(List<String> rules, EncryptionConfiguration configuration) {
        for (String rule : rules) {
            List<Reader> readers = configuration.readersOf(rule);
            for (Reader one : readers) {
                for (Reader other : readers) {
                    if (isBetween(one, other)) {
                        throw new RefusedException("the aescbc keys " + shown(one) + " and " + shown(other)
                                + " would both be tried on one value of " + rule
                                + "; aescbc cannot tell which of them it needs, so no order of readers is safe. Nothing was changed."
                                + " Find out which members have which key, and give one of them another name");
                    }
                }
            }
        }
    }

    /** Whether {@code one} is tried on values that {@code other} wrote. */
    static boolean isBetween(Reader one, Reader other) {
        return !one.equals(other)
                && one instanceof Reader.OfKey key
                && key.type().equals("aescbc")
                && other.ref().type().equals("aescbc")
                && tries(one.ref().name(), other.ref().name());
    }

    /** Whether the key {@code name} is tried on values of {@code other}: the server looks at the beginning, up to the colon. */
    private static boolean tries(String name, String other) {
        return (other + ":").startsWith(name + ":") && (length(other) - length(name)) % BLOCK == 0;
    }

    private static int length(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String shown(Reader reader) {
        Key key = ((Reader.OfKey) reader).key();
        return key.name() + " (fingerprint " + key.material().fingerprint() + ")";
    }
}
