package dev.rekey.rotation;

import dev.rekey.config.Provider;
import java.util.List;
import java.util.Set;

/**
 * An entry for KMS providers that several rules need.
 *
 * @param kms those providers
 * @param rules that need one of them
 * @param providers of the entry
 */
record SharedKms(Set<Provider> kms, List<String> rules, List<Provider> providers) {
    boolean has(Provider provider) {
        return kms.contains(provider);
    }

    boolean hasWildcard() {
        return tier() > 0;
    }

    /** Of its widest rule: where in the file it has to stand. */
    int tier() {
        return rules.stream().mapToInt(Rule::tier).max().orElse(0);
    }
}
