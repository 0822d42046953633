package dev.rekey.config;

/**
 * One thing that can decrypt stored values; what must not leave a member while anything is stored under it. The same key name
 * with other material is another reader.
 */
public sealed interface Reader {

    /** How people and plans name it: {@code aescbc key kubeone-2-xkau31}, {@code kms plugin}, {@code identity}. No key bytes. */
    KeyRef ref();

    /** Reads what is stored plain. */
    record Plain() implements Reader {
        @Override
        public KeyRef ref() {
            return KeyRef.IDENTITY;
        }
    }

    /** A key of the file; {@code type} is the provider's. */
    record OfKey(String type, Key key) implements Reader {
        @Override
        public KeyRef ref() {
            return new KeyRef(type, key.name());
        }
    }

    /** A KMS plugin; the key behind it is the plugin's affair. */
    record OfKms(String name, String apiVersion, String endpoint) implements Reader {
        @Override
        public KeyRef ref() {
            return new KeyRef("kms", name);
        }

        @Override
        public String toString() {
            return "OfKms[name=" + Names.shown(name) + ", apiVersion=" + Names.shown(apiVersion) + "]";
        }
    }
}
