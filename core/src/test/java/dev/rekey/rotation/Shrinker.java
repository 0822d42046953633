package dev.rekey.rotation;

import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.Entry;
import dev.rekey.config.Provider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Makes a failing case smaller while it still fails: drops members, files, entries, rules, providers and keys. */
final class Shrinker {
    private Shrinker() {}

    static Case shrink(Case failing, Predicate<Case> fails) {
        Case smallest = failing;
        boolean smaller = true;
        while (smaller) {
            smaller = false;
            for (Case candidate : candidates(smallest)) {
                if (candidate.isPossible() && fails.test(candidate)) {
                    smallest = candidate;
                    smaller = true;
                    break;
                }
            }
        }
        return smallest;
    }

    private static List<Case> candidates(Case from) {
        List<Case> candidates = new ArrayList<>();
        for (Map.Entry<String, MemberConfigurations> member : from.members().entrySet()) {
            Map<String, MemberConfigurations> fewer = new TreeMap<>(from.members());
            fewer.remove(member.getKey());
            candidates.add(new Case(fewer, from.target()));
        }
        from.members()
                .forEach((name, member) -> smaller(member).forEach(changed -> {
                    Map<String, MemberConfigurations> members = new TreeMap<>(from.members());
                    members.put(name, changed);
                    candidates.add(new Case(members, from.target()));
                }));
        smaller(from.target()).forEach(target -> candidates.add(new Case(from.members(), target)));
        return candidates;
    }

    private static List<MemberConfigurations> smaller(MemberConfigurations from) {
        List<MemberConfigurations> candidates = new ArrayList<>();
        without(from.files()).forEach(files -> candidates.add(new MemberConfigurations(from.loaded(), files)));
        smaller(from.loaded()).forEach(loaded -> candidates.add(new MemberConfigurations(loaded, from.files())));
        for (int i = 0; i < from.files().size(); i++) {
            for (EncryptionConfiguration file : smaller(from.files().get(i))) {
                candidates.add(new MemberConfigurations(from.loaded(), with(from.files(), i, file)));
            }
        }
        return candidates;
    }

    private static List<EncryptionConfiguration> smaller(EncryptionConfiguration from) {
        List<List<Entry>> candidates = new ArrayList<>();
        if (!from.entries().isEmpty()) {
            candidates.add(List.of());
        }
        candidates.addAll(without(from.entries()));
        for (int i = 0; i < from.entries().size(); i++) {
            Entry entry = from.entries().get(i);
            for (List<String> resources : without(entry.resources())) {
                candidates.add(with(from.entries(), i, new Entry(resources, entry.providers())));
            }
            for (List<Provider> providers : smallerProviders(entry.providers())) {
                candidates.add(with(from.entries(), i, new Entry(entry.resources(), providers)));
            }
        }
        return candidates.stream().map(EncryptionConfiguration::new).toList();
    }

    private static List<List<Provider>> smallerProviders(List<Provider> from) {
        List<List<Provider>> candidates = new ArrayList<>(without(from));
        for (int i = 0; i < from.size(); i++) {
            if (from.get(i) instanceof Provider.Keyed keyed) {
                int at = i;
                without(keyed.keys()).forEach(keys -> candidates.add(with(from, at, keyed.withKeys(keys))));
            }
        }
        return candidates;
    }

    private static <T> List<List<T>> without(List<T> from) {
        List<List<T>> candidates = new ArrayList<>();
        for (int i = 0; i < from.size(); i++) {
            List<T> fewer = new ArrayList<>(from);
            fewer.remove(i);
            candidates.add(fewer);
        }
        return candidates;
    }

    private static <T> List<T> with(List<T> from, int at, T changed) {
        List<T> list = new ArrayList<>(from);
        list.set(at, changed);
        return list;
    }
}
