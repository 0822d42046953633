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
        return rules.stream().anyMatch(rule -> Rule.tier(rule) > 0);
    }
}
