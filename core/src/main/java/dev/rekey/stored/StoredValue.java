package dev.rekey.stored;

import dev.rekey.config.KeyRef;
import java.util.Collection;
import java.util.Optional;

/**
 * What the value of an etcd key is, by its first bytes alone: no key is needed, and nothing is decrypted.
 *
 * <p>The forms are those of kube-apiserver 1.36; its {@code k8s:enc:<provider>:<version>:<name>:} is as old as encryption at rest.
 */
public sealed interface StoredValue {

    /**
     * Encrypted, under the key or KMS plugin that {@code ref} names.
     *
     * @param version of the provider's format: {@code v1}, for {@code kms} also {@code v2}
     * @param offset where the bytes after the name begin
     */
    record Encrypted(KeyRef ref, String version, int offset) implements StoredValue {}

    /** Readable by anybody who reads etcd. */
    record Plain(Form form) implements StoredValue {}

    /** Neither of the two; no apiserver reads it. The reason quotes nothing of it but a key's name. */
    record Damaged(String reason) implements StoredValue {}

    /** How an object is written down. */
    enum Form {
        /** Built-in resources. */
        PROTOBUF,
        /** Custom resources, and some of the built-in ones. */
        JSON,
        /** Custom resources, where the cluster has turned that on. */
        CBOR
    }

    /**
     * Looks at {@code value}, which is neither kept nor copied; meant for hundreds of thousands of values.
     *
     * <p>A name may hold colons (those of k3s and RKE2 do), so the names in {@code known} are tried first, the longest that
     * fits; only a name that is not among them ends at its first colon. For a known name the length of what follows is
     * checked too.
     */
    static StoredValue parse(byte[] value, Collection<KeyRef> known) {
        return ValuePrefix.parse(value, known);
    }

    /**
     * The id of the key in the KMS that wrapped this value's key, as the plugin reported it; the wrapping itself is not opened.
     * Empty unless it is whole and of KMS v2: v1 does not say.
     */
    static Optional<String> kmsKeyId(byte[] value, Encrypted parsed) {
        return parsed.ref().type().equals("kms") && parsed.version().equals("v2")
                ? KmsEnvelope.parse(value, parsed.offset()).flatMap(envelope -> envelope.keyIdIn(value))
                : Optional.empty();
    }

    /** Whether {@code value} has one of the {@link Form}s of a plain object. */
    static boolean isPlain(byte[] value) {
        return ValuePrefix.form(value) != null;
    }
}
