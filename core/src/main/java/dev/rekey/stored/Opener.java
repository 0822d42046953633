package dev.rekey.stored;

import dev.rekey.config.Key;
import dev.rekey.config.KeyMaterial;
import dev.rekey.config.KeyRef;
import dev.rekey.config.Provider;
import dev.rekey.stored.Decryption.Cause;
import dev.rekey.stored.Decryption.Content;
import dev.rekey.stored.Decryption.Failure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tries the readers on one value. */
final class Opener {
    private static final int MIN_SEED = 32;

    private final byte[] value;
    private final List<? extends Provider> readers;
    private final byte[] etcdKey;

    Opener(byte[] value, List<? extends Provider> readers, String etcdKey) {
        this.value = value;
        this.readers = List.copyOf(readers);
        this.etcdKey = etcdKey.getBytes(StandardCharsets.UTF_8);
    }

    Decryption open() {
        StoredValue parsed = StoredValue.parse(value, names());
        if (parsed instanceof StoredValue.Damaged damaged) {
            return new Failure(Cause.DAMAGED, damaged.reason());
        }
        if (parsed instanceof StoredValue.Encrypted encrypted) {
            return encrypted.ref().type().equals("kms") ? plugin(encrypted.ref()) : tried(encrypted);
        }
        if (readers.stream().anyMatch(Provider.Identity.class::isInstance)) {
            return new Content(KeyRef.IDENTITY, value.clone(), false);
        }
        return new Failure(Cause.NO_KEY, "it is stored plain, and identity is not among the readers");
    }

    private List<KeyRef> names() {
        List<KeyRef> names = new ArrayList<>();
        for (Provider reader : readers) {
            if (reader instanceof Provider.Keyed keyed) {
                keyed.keys().forEach(key -> names.add(new KeyRef(keyed.type(), key.name())));
            } else if (reader instanceof Provider.Kms kms) {
                names.add(new KeyRef("kms", kms.name()));
            }
        }
        return names;
    }

    private static Failure plugin(KeyRef ref) {
        return new Failure(Cause.NEEDS_PLUGIN, "it is encrypted under " + ref + ", and only the plugin has that key");
    }

    private Decryption tried(StoredValue.Encrypted encrypted) {
        String type = encrypted.ref().type();
        Content uncertain = null;
        Failure failure = new Failure(
                Cause.NO_KEY, "it is encrypted under " + encrypted.ref() + ", which is not among the readers");
        for (Provider reader : readers) {
            if (!(reader instanceof Provider.Keyed keyed) || !keyed.type().equals(type)) {
                continue;
            }
            for (Key key : keyed.keys()) {
                // The prefix ends where its name begins.
                int offset = ValuePrefix.afterName(value, nameAt(encrypted), key.name());
                if (offset < 0) {
                    continue;
                }
                Decryption result = tried(type, key, offset);
                if (result instanceof Failure wrong) {
                    failure = wrong;
                } else if (result instanceof Content content) {
                    if (content.authenticated() || StoredValue.isPlain(content.exposeBytes())) {
                        return content;
                    }
                    uncertain = uncertain == null ? content : uncertain;
                }
            }
        }
        return orFailure(uncertain, failure);
    }

    private static Decryption orFailure(@Nullable Content uncertain, Failure failure) {
        return uncertain != null ? uncertain : failure;
    }

    private static int nameAt(StoredValue.Encrypted encrypted) {
        int nameAndColon = encrypted.ref().name().getBytes(StandardCharsets.UTF_8).length + 1;
        return encrypted.offset() - nameAndColon;
    }

    private Decryption tried(String type, Key key, int offset) {
        KeyRef ref = new KeyRef(type, key.name());
        String problem = Payload.problem(type, "v1", value, offset);
        if (!problem.isEmpty()) {
            return new Failure(Cause.DAMAGED, "it is encrypted under " + ref + ", but " + problem);
        }
        if (!Ciphers.takes(type, key.material().length())) {
            return new Failure(
                    Cause.WRONG_KEY,
                    ref + " has " + key.material().length() + " bytes, which is no length of a key for " + type);
        }
        byte[] secret = key.material().exposeBytes();
        Optional<byte[]> plain = Ciphers.open(type, secret, value, offset, etcdKey);
        Arrays.fill(secret, (byte) 0);
        return opened(ref, plain, !type.equals("aescbc"));
    }

    private static Decryption opened(KeyRef ref, Optional<byte[]> plain, boolean authenticated) {
        if (plain.isPresent()) {
            return new Content(ref, plain.get(), authenticated);
        }
        return new Failure(
                Cause.WRONG_KEY,
                ref
                        + " does not open it: it was encrypted with other material of that name, was changed, or was moved from"
                        + " another etcd key");
    }

    static Decryption openKms(byte[] value, KeyMaterial unwrapped, String etcdKey) {
        StoredValue parsed = StoredValue.parse(value, List.of());
        if (parsed instanceof StoredValue.Damaged damaged) {
            return new Failure(Cause.DAMAGED, damaged.reason());
        }
        if (!(parsed instanceof StoredValue.Encrypted encrypted)
                || !encrypted.ref().type().equals("kms")
                || !encrypted.version().equals("v2")) {
            return new Failure(Cause.NO_KEY, "it is not encrypted by KMS v2");
        }
        KmsEnvelope envelope = KmsEnvelope.parse(value, encrypted.offset()).orElse(null);
        if (envelope == null) {
            return new Failure(Cause.DAMAGED, "what follows its name is no envelope of KMS v2");
        }
        int length = unwrapped.length();
        if (envelope.seed() ? length < MIN_SEED : !Ciphers.takes("aesgcm", length)) {
            return new Failure(
                    Cause.WRONG_KEY,
                    "what was unwrapped has " + length + " bytes, which is no length of a seed or key");
        }
        byte[] secret = unwrapped.exposeBytes();
        byte[] key = envelope.seed() ? Ciphers.derived(secret, value, envelope.info()) : secret;
        Optional<byte[]> plain = Ciphers.aesGcm(
                key,
                value,
                envelope.sealed().start(),
                envelope.sealed().end(),
                etcdKey.getBytes(StandardCharsets.UTF_8));
        Arrays.fill(secret, (byte) 0);
        Arrays.fill(key, (byte) 0);
        return opened(encrypted.ref(), plain, true);
    }
}
