package dev.rekey.stored;

import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.KeyMaterial;
import dev.rekey.config.KeyRef;
import dev.rekey.config.Provider;
import java.util.List;

/** The outcome of opening a stored value: its content, or why there is none. Never a part of it, never a guess. */
public sealed interface Decryption {

    /**
     * Opens {@code value} with {@code readers}, tried in their order as an apiserver tries them: every key of the right
     * provider whose name stands in the value.
     *
     * @param etcdKey the whole key under which etcd has the value, as {@code /registry/secrets/default/s1}: aesgcm
     *     authenticates it
     */
    static Decryption of(byte[] value, List<? extends Provider> readers, String etcdKey) {
        return new Opener(value, readers, etcdKey).open();
    }

    /** The same with all providers of {@code configuration}, whatever their rules: for a restore, where any key will do. */
    static Decryption of(byte[] value, EncryptionConfiguration configuration, String etcdKey) {
        return of(
                value,
                configuration.entries().stream()
                        .flatMap(entry -> entry.providers().stream())
                        .toList(),
                etcdKey);
    }

    /**
     * Opens a value of KMS v2 with {@code unwrapped}, which is what the plugin made of the wrapped seed (or key) in the value.
     * {@code etcdKey} as in the other method.
     */
    static Decryption withKmsSeed(byte[] value, KeyMaterial unwrapped, String etcdKey) {
        return Opener.openKms(value, unwrapped, etcdKey);
    }

    /** What was stored. */
    final class Content implements Decryption {
        private final KeyRef ref;
        private final byte[] bytes;
        private final boolean authenticated;

        Content(KeyRef ref, byte[] bytes, boolean authenticated) {
            this.ref = ref;
            this.bytes = bytes;
            this.authenticated = authenticated;
        }

        /** The reader that opened it. */
        public KeyRef ref() {
            return ref;
        }

        /**
         * Whether the right key, and no change since, are certain. Never so for {@code aescbc}, where a wrong key fits 1 value
         * of 250 by accident: there look whether {@link StoredValue#isPlain} takes the content.
         */
        public boolean authenticated() {
            return authenticated;
        }

        /** A copy of the content, usually a Secret: it must not get into a message or log. */
        public byte[] exposeBytes() {
            return bytes.clone();
        }

        @Override
        public String toString() {
            return "Content[" + bytes.length + " bytes, stored under " + ref + "]";
        }
    }

    /** Why there is no content. The reason quotes nothing of the value but a key's name. */
    record Failure(Cause cause, String reason) implements Decryption {}

    /** What would have to change. */
    enum Cause {
        /** No reader has its name. */
        NO_KEY,
        /** A reader has its name, but other material; or the value was changed, or moved from another etcd key. */
        WRONG_KEY,
        /** No reader could open it. */
        DAMAGED,
        /** Only the KMS plugin can. */
        NEEDS_PLUGIN
    }
}
