package dev.rekey.rotation;

import dev.rekey.config.KeyRef;
import dev.rekey.config.Reader;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What values are stored under, as far as it is known: from an audit of etcd, or from a rewrite that was proved.
 *
 * @param byRule for a rule, all that any of its values is stored under; {@link KeyRef#IDENTITY} for plain ones. Of a rule that is not
 *     among them nothing is known, and then whatever any member can read may be stored.
 */
public record StoredReaders(Map<String, Set<KeyRef>> byRule) {
    /** Nothing is known. */
    public static final StoredReaders UNKNOWN = new StoredReaders(Map.of());

    /** Copies the map. */
    public StoredReaders {
        byRule = byRule.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, rule -> Set.copyOf(rule.getValue()), (a, b) -> a, TreeMap::new));
    }

    boolean isKnown(String rule) {
        return byRule.containsKey(rule);
    }

    /** Whether a value of the rule is under it, for all that is known. */
    boolean mayHold(String rule, Reader reader) {
        return !isKnown(rule) || byRule.getOrDefault(rule, Set.of()).contains(reader.ref());
    }
}
