package dev.rekey.rotation;

import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.Entry;
import dev.rekey.config.Provider;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The entries of a file while it is put together, in their order. */
final class Entries {
    private final List<List<String>> resources = new ArrayList<>();
    private final List<List<Provider>> providers = new ArrayList<>();

    /** Into the entry that has this very list, unless the rule would then mask another. */
    void add(String rule, List<Provider> list) {
        int at = providers.indexOf(list);
        if (at >= 0 && masksNothing(rule, at)) {
            resources.get(at).add(rule);
        } else {
            addEntry(List.of(rule), list);
        }
    }

    /** As an entry of its own. */
    void addEntry(List<String> rules, List<Provider> list) {
        resources.add(new ArrayList<>(rules));
        providers.add(list);
    }

    /** In their order, but that what writes a rule comes before its other entries, and wildcards after what they cover. */
    Entries sorted(Function<String, Provider> writers) {
        Entries sorted = new Entries();
        List<Integer> left = new ArrayList<>();
        for (int i = 0; i < providers.size(); i++) {
            left.add(i);
        }
        while (!left.isEmpty()) {
            Integer next = left.stream()
                    .filter(i -> left.stream().noneMatch(j -> !i.equals(j) && comesFirst(j, i, writers)))
                    .findFirst()
                    .orElse(left.get(0));
            left.remove(next);
            sorted.addEntry(resources.get(next), providers.get(next));
        }
        return sorted;
    }

    private boolean comesFirst(int one, int other, Function<String, Provider> writers) {
        Provider first = ReaderList.atoms(providers.get(one)).get(0);
        return resources.get(one).stream()
                .anyMatch(rule -> (resources.get(other).contains(rule) && first.equals(writers.apply(rule)))
                        || resources.get(other).stream()
                                .anyMatch(wide -> Rule.tier(wide) > 0 && Rule.covers(wide, rule)));
    }

    /** Each KMS name stands once, and no wildcard stands beside or before what it covers. */
    boolean areTakenByServer() {
        boolean masked = false;
        for (int i = 0; i < resources.size(); i++) {
            List<String> together = resources.get(i);
            for (String rule : together) {
                masked |= together.stream().anyMatch(other -> !other.equals(rule) && Rule.covers(rule, other));
                masked |= Rule.tier(rule) > 0 && !masksNothing(rule, i + 1);
            }
        }
        return !masked && kmsNamesThatStandTwice().isEmpty();
    }

    Set<String> kmsNamesThatStandTwice() {
        Set<String> seen = new HashSet<>();
        return providers.stream()
                .flatMap(list -> KmsPlugins.names(list).stream())
                .filter(name -> !seen.add(name))
                .collect(Collectors.toSet());
    }

    EncryptionConfiguration configuration() {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < providers.size(); i++) {
            entries.add(new Entry(resources.get(i), providers.get(i)));
        }
        return new EncryptionConfiguration(entries);
    }

    private boolean masksNothing(String rule, int from) {
        return resources.subList(from, resources.size()).stream()
                .flatMap(List::stream)
                .noneMatch(other -> Rule.covers(rule, other));
    }
}
