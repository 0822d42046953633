package dev.rekey.config;

import dev.rekey.InvalidInputException;
import dev.rekey.internal.Texts;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a managed configuration looks like. What is not set keeps what the file has, and where there is no file it is the
 * default: {@code aescbc}, {@code secrets}, prefix {@code rekey}, no previous key kept.
 */
public final class ManagedSettings implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Nothing set. */
    public static final ManagedSettings DEFAULT = new ManagedSettings(null, null, null, null);

    private final @Nullable String providerType;

    @SuppressWarnings("serial") // always one that Texts.of made
    private final @Nullable List<String> resources;

    private final @Nullable String keyPrefix;
    private final @Nullable Integer previousKeysKept;

    private ManagedSettings(
            @Nullable String providerType,
            @Nullable List<String> resources,
            @Nullable String keyPrefix,
            @Nullable Integer previousKeysKept) {
        this.providerType = providerType;
        this.resources = resources;
        this.keyPrefix = keyPrefix;
        this.previousKeysKept = previousKeysKept;
    }

    /** With {@code aescbc}, {@code aesgcm} or {@code secretbox}; others are not managed. */
    public ManagedSettings withProviderType(String type) {
        if (Provider.Keyed.of(type, List.of()).isEmpty()) {
            throw new InvalidInputException("the provider '" + Names.shown(type)
                    + "' cannot be managed: take aescbc, aesgcm or secretbox, and for a KMS a custom configuration");
        }
        return new ManagedSettings(type, resources, keyPrefix, previousKeysKept);
    }

    /** With these resource patterns, in this order: {@code secrets}, {@code configmaps}, {@code *.apps}, … */
    public ManagedSettings withResources(List<? extends CharSequence> patterns) {
        List<String> named = Texts.of(patterns);
        if (named.isEmpty() || named.stream().anyMatch(String::isBlank)) {
            throw new InvalidInputException(
                    "name at least one resource to encrypt, and none that is blank; for example secrets");
        }
        return new ManagedSettings(providerType, named, keyPrefix, previousKeysKept);
    }

    /** With this beginning of new keys' names. Keys that exist keep theirs. */
    public ManagedSettings withKeyPrefix(String prefix) {
        return new ManagedSettings(providerType, resources, KeyName.checkedPrefix(prefix), previousKeysKept);
    }

    /** With this many former keys left in the file after a rotation, for restoring backups; 0 to 10. */
    public ManagedSettings withPreviousKeysKept(int count) {
        if (count < 0 || count > 10) {
            throw new InvalidInputException(
                    "the number of previous keys to keep must be between 0 and 10, not " + count);
        }
        return new ManagedSettings(providerType, resources, keyPrefix, count);
    }

    /** The provider's type, if set. */
    public Optional<String> providerType() {
        return Optional.ofNullable(providerType);
    }

    /** The resource patterns, if set. */
    public Optional<List<String>> resources() {
        return Optional.ofNullable(resources);
    }

    /** The beginning of new keys' names, if set. */
    public Optional<String> keyPrefix() {
        return Optional.ofNullable(keyPrefix);
    }

    /** How many former keys stay in the file, if set. */
    public Optional<Integer> previousKeysKept() {
        return Optional.ofNullable(previousKeysKept);
    }

    /** These settings, and where one is not set, that of {@code other}. */
    public ManagedSettings orElse(ManagedSettings other) {
        return new ManagedSettings(
                providerType != null ? providerType : other.providerType,
                resources != null ? resources : other.resources,
                keyPrefix != null ? keyPrefix : other.keyPrefix,
                previousKeysKept != null ? previousKeysKept : other.previousKeysKept);
    }

    /** One entry: these keys in this order, so that the first one writes, then {@code identity}. */
    public EncryptionConfiguration configuration(List<Key> keys) {
        Provider provider =
                Provider.Keyed.of(providerType().orElse("aescbc"), keys).orElseThrow();
        Entry entry = new Entry(resources().orElse(List.of("secrets")), List.of(provider, new Provider.Identity()));
        return new EncryptionConfiguration(List.of(entry));
    }

    /** A configuration with one new key, for those who manage the rest themselves. */
    public EncryptionConfiguration generate(KeySource source) {
        return configuration(List.of(source.next(keyPrefix().orElse("rekey"), 1, KeySource.KEY_LENGTH)));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ManagedSettings that
                && Objects.equals(providerType, that.providerType)
                && Objects.equals(resources, that.resources)
                && Objects.equals(keyPrefix, that.keyPrefix)
                && Objects.equals(previousKeysKept, that.previousKeysKept);
    }

    @Override
    public int hashCode() {
        return Objects.hash(providerType, resources, keyPrefix, previousKeysKept);
    }

    @Override
    public String toString() {
        return "ManagedSettings[provider=" + providerType + ", resources=" + resources + ", keyPrefix=" + keyPrefix
                + ", previousKeysKept=" + previousKeysKept + "]";
    }
}
