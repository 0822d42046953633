package dev.rekey.config;

import dev.rekey.internal.Texts;
import java.util.List;

/** An element of the file's {@code resources}: rules (patterns such as {@code secrets}, {@code *.apps}, {@code *.*}) and their providers. */
public record Entry(List<String> resources, List<Provider> providers) {
    /** Copies both lists; {@code validate} says what an apiserver would refuse. */
    public Entry {
        resources = Texts.of(resources);
        providers = List.copyOf(providers);
    }

    @Override
    public String toString() {
        return "Entry[resources=" + resources.stream().map(Names::shown).toList() + ", providers=" + providers + "]";
    }
}
