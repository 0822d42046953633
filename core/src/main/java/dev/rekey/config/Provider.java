package dev.rekey.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** An element of an entry's {@code providers}. The first one of an entry writes; all of them read. */
public sealed interface Provider {

    /** The field's name in the file, which is also the word in a stored value's prefix: {@code aescbc}, {@code kms}, … */
    String type();

    /** What it can decrypt with, in the order in which the server tries. */
    List<Reader> readers();

    /** A provider with keys in the file. */
    sealed interface Keyed extends Provider {
        /** The provider of that type; empty where {@code type} is none of {@code aescbc}, {@code aesgcm}, {@code secretbox}. */
        static Optional<Keyed> of(String type, List<Key> keys) {
            return switch (type) {
                case "aescbc" -> Optional.of(new AesCbc(keys));
                case "aesgcm" -> Optional.of(new AesGcm(keys));
                case "secretbox" -> Optional.of(new Secretbox(keys));
                default -> Optional.empty();
            };
        }

        /** In the file's order: the first one writes where this provider does. */
        List<Key> keys();

        /** The same provider with other keys. */
        Keyed withKeys(List<Key> keys);

        @Override
        default List<Reader> readers() {
            return keys().stream()
                    .<Reader>map(key -> new Reader.OfKey(type(), key))
                    .toList();
        }
    }

    /** AES-CBC with PKCS#7 padding; not authenticated, so a wrong key may give garbage instead of an error. */
    record AesCbc(List<Key> keys) implements Keyed {
        /** Copies {@code keys}. */
        public AesCbc {
            keys = List.copyOf(keys);
        }

        @Override
        public String type() {
            return "aescbc";
        }

        @Override
        public AesCbc withKeys(List<Key> keys) {
            return new AesCbc(keys);
        }
    }

    /** AES-GCM with a random nonce: Kubernetes asks to rotate its key after 200,000 writes. */
    record AesGcm(List<Key> keys) implements Keyed {
        /** Copies {@code keys}. */
        public AesGcm {
            keys = List.copyOf(keys);
        }

        @Override
        public String type() {
            return "aesgcm";
        }

        @Override
        public AesGcm withKeys(List<Key> keys) {
            return new AesGcm(keys);
        }
    }

    /** XSalsa20 and Poly1305; keys of 32 bytes. */
    record Secretbox(List<Key> keys) implements Keyed {
        /** Copies {@code keys}. */
        public Secretbox {
            keys = List.copyOf(keys);
        }

        @Override
        public String type() {
            return "secretbox";
        }

        @Override
        public Secretbox withKeys(List<Key> keys) {
            return new Secretbox(keys);
        }
    }

    /**
     * A KMS plugin behind a unix socket.
     *
     * @param apiVersion as the server reads it: an omitted one is {@code v1}
     * @param cacheSize only {@code v1} has one; an omitted one is the server's, 1000
     * @param timeout of one call; the server's default is 3 s
     */
    record Kms(String name, String apiVersion, String endpoint, Optional<Integer> cacheSize, Duration timeout)
            implements Provider {
        /** Fills in what a server does. */
        public Kms {
            cacheSize = apiVersion.equals("v1") ? Optional.of(cacheSize.orElse(1000)) : cacheSize;
        }

        @Override
        public String type() {
            return "kms";
        }

        @Override
        public List<Reader> readers() {
            return List.of(new Reader.OfKms(name, apiVersion, endpoint));
        }

        @Override
        public String toString() {
            return "Kms[name=" + Names.shown(name) + ", apiVersion=" + Names.shown(apiVersion) + "]";
        }
    }

    /** No encryption: as the first provider it writes plain, elsewhere it reads what is stored plain. */
    record Identity() implements Provider {
        @Override
        public String type() {
            return "identity";
        }

        @Override
        public List<Reader> readers() {
            return List.of(new Reader.Plain());
        }
    }
}
