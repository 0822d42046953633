package dev.rekey.rotation;

import dev.rekey.config.KeyRef;
import dev.rekey.config.Reader;
import dev.rekey.internal.Texts;
import java.util.Collections;
import java.util.Map;
import java.util.Set;

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
        Map<String, Set<KeyRef>> copy = Texts.keysOf(byRule);
        copy.replaceAll((rule, refs) -> Set.copyOf(refs));
        byRule = Collections.unmodifiableMap(copy);
    }

    boolean isKnown(String rule) {
        return byRule.containsKey(rule);
    }

    /** Whether a value of the rule is under it, for all that is known. */
    boolean mayHold(String rule, Reader reader) {
        return !isKnown(rule) || byRule.getOrDefault(rule, Set.of()).contains(reader.ref());
    }
}
