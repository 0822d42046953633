package dev.rekey.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The passphrases of private keys: each asked for once, though several hosts take the key and a lost connection is made again, and
 * wiped at the end. Safe for threads.
 */
final class Passphrases implements AutoCloseable {
    private final Confirmation person;
    private final Map<Path, char[]> known = new HashMap<>();

    Passphrases(Confirmation person) {
        this.person = person;
    }

    /** Gives a copy that is the caller's to wipe; empty where nobody can be asked. */
    Supplier<char[]> of(Path key) {
        return () -> passphrase(key);
    }

    private synchronized char[] passphrase(Path key) {
        char[] kept = known.computeIfAbsent(key, file -> person.secret("Passphrase of " + file + ":"));
        return kept.clone();
    }

    @Override
    public synchronized void close() {
        known.values().forEach(kept -> Arrays.fill(kept, '\0'));
        known.clear();
    }
}
