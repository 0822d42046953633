package dev.rekey.internal;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Copies of what scripts give. Groovy puts its own kind of text, {@code "${host}"}, into lists and maps, whatever they are declared to
 * hold; nobody would find it there.
 */
public final class Texts {
    private Texts() {}

    /** As strings; unmodifiable. */
    public static List<String> of(Collection<? extends CharSequence> texts) {
        return texts.stream().map(CharSequence::toString).toList();
    }

    /** By strings, sorted. */
    public static <V> Map<String, V> keysOf(Map<? extends CharSequence, ? extends V> map) {
        Map<String, V> copy = new TreeMap<>();
        map.forEach((key, value) -> copy.put(key.toString(), value));
        return copy;
    }
}
