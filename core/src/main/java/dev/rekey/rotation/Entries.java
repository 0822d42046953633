package dev.rekey.rotation;

import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.Entry;
import dev.rekey.config.Provider;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

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

    /** Each KMS name stands once, and no wildcard stands beside or before what it covers. */
    boolean areTakenByServer() {
        List<String> names = providers.stream()
                .flatMap(list -> KmsPlugins.names(list).stream())
                .toList();
        boolean masked = false;
        for (int i = 0; i < resources.size(); i++) {
            List<String> together = resources.get(i);
            for (String rule : together) {
                masked |= together.stream().anyMatch(other -> !other.equals(rule) && Rule.covers(rule, other));
                masked |= Rule.tier(rule) > 0 && !masksNothing(rule, i + 1);
            }
        }
        return !masked && Set.copyOf(names).size() == names.size();
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
