package dev.rekey.cli;

import dev.rekey.lifecycle.EncryptionLifecycle;

/** A lifecycle, and what has to be closed after it. */
record Connection(EncryptionLifecycle lifecycle, Runnable closing) implements AutoCloseable {
    @Override
    public void close() {
        closing.run();
    }
}
