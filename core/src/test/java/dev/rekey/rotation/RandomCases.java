package dev.rekey.rotation;

import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.Entry;
import dev.rekey.config.Key;
import dev.rekey.config.Provider;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Draws cases of which a server would take each configuration; the same seed gives the same case. */
final class RandomCases {
    private static final List<String> RULES =
            List.of("secrets", "configmaps", "*.", "deployments.apps", "*.apps", "pandas.example.com", "*.*");
    private static final List<String> KEYED = List.of("aescbc", "aesgcm", "secretbox");
    private static final List<String> NAMES =
            List.of("key1", "key2", "a", "a:b", "kubeone-xkau31", "rekey-7-abcdef", "aescbckey-2021-12-10T22:54:38Z");

    private final Random random;

    RandomCases(long seed) {
        this.random = new Random(seed);
    }

    Case next() {
        EncryptionConfiguration base = configuration();
        EncryptionConfiguration other = chance(2) ? relative(base) : configuration();
        List<EncryptionConfiguration> there = List.of(base, base, other, MemberConfigurations.NO_CONFIGURATION);
        boolean alike = chance(2);
        Map<String, MemberConfigurations> members = new TreeMap<>();
        for (int i = 0, count = 1 + random.nextInt(5); i < count; i++) {
            EncryptionConfiguration loaded = alike ? base : pick(there);
            members.put("m" + i, new MemberConfigurations(loaded, files(loaded, alike, there)));
        }
        EncryptionConfiguration target = pick(List.of(
                relative(base),
                relative(base),
                relative(other),
                configuration(),
                MemberConfigurations.NO_CONFIGURATION));
        return new Case(members, target);
    }

    private List<EncryptionConfiguration> files(
            EncryptionConfiguration loaded, boolean alike, List<EncryptionConfiguration> there) {
        List<EncryptionConfiguration> files = new ArrayList<>();
        if (alike || !chance(4)) {
            files.add(loaded);
        }
        if (!alike && chance(3)) {
            files.add(pick(there));
        }
        files.removeIf(file -> file.entries().isEmpty());
        return files;
    }

    /** One that differs by what people change: keys, providers, the order of them, rules. */
    private EncryptionConfiguration relative(EncryptionConfiguration from) {
        EncryptionConfiguration changed = from;
        for (int tries = 0; tries < 20; tries++) {
            EncryptionConfiguration next = changed(changed);
            if (Case.isValid(next)) {
                changed = next;
                if (chance(2)) {
                    return changed;
                }
            }
        }
        return changed;
    }

    private EncryptionConfiguration changed(EncryptionConfiguration from) {
        List<Entry> entries = new ArrayList<>(from.entries());
        int at = random.nextInt(entries.size());
        List<String> resources = new ArrayList<>(entries.get(at).resources());
        List<Provider> providers = new ArrayList<>(entries.get(at).providers());
        switch (random.nextInt(8)) {
            case 0 -> providers.add(0, keyed());
            case 1 -> providers.add(random.nextInt(providers.size() + 1), provider());
            case 2 -> providers.remove(random.nextInt(providers.size()));
            case 3 -> Collections.shuffle(providers, random);
            case 4 -> resources.add(pick(RULES));
            case 5 -> resources.remove(random.nextInt(resources.size()));
            case 6 -> providers.replaceAll(p -> p instanceof Provider.Keyed k ? k.withKeys(withKeyInFront(k)) : p);
            default -> {
                if (chance(2)) {
                    resources = new ArrayList<>(List.of(pick(RULES)));
                } else {
                    providers = providers();
                }
            }
        }
        entries.set(at, new Entry(resources, providers));
        if (chance(6)) {
            entries.add(new Entry(List.of(pick(RULES)), providers()));
        }
        if (chance(6)) {
            entries.remove(random.nextInt(entries.size()));
        }
        return new EncryptionConfiguration(entries);
    }

    private List<Key> withKeyInFront(Provider.Keyed provider) {
        List<Key> keys = new ArrayList<>(List.of(key()));
        keys.addAll(provider.keys());
        return keys;
    }

    private EncryptionConfiguration configuration() {
        while (true) {
            List<String> rules = new ArrayList<>(RULES);
            Collections.shuffle(rules, random);
            rules = new ArrayList<>(rules.subList(0, 1 + random.nextInt(4)));
            rules.sort(Comparator.comparingInt(Rule::tier));
            List<Entry> entries = new ArrayList<>();
            while (!rules.isEmpty()) {
                List<String> together = rules.subList(0, 1 + random.nextInt(rules.size()));
                entries.add(new Entry(together, providers()));
                together.clear();
            }
            if (chance(10)) {
                entries.add(0, new Entry(entries.get(0).resources().subList(0, 1), List.of(provider())));
            }
            EncryptionConfiguration configuration = new EncryptionConfiguration(entries);
            if (Case.isValid(configuration)) {
                return configuration;
            }
        }
    }

    private List<Provider> providers() {
        List<Provider> providers = new ArrayList<>();
        for (int i = 0, count = 1 + random.nextInt(3); i < count; i++) {
            providers.add(provider());
        }
        if (!chance(5)) {
            providers.add(new Provider.Identity());
        }
        return providers;
    }

    private Provider provider() {
        return switch (random.nextInt(8)) {
            case 0 -> new Provider.Identity();
            case 1, 2 -> kms();
            default -> keyed();
        };
    }

    private Provider.Keyed keyed() {
        String type = pick(KEYED);
        List<Key> keys = new ArrayList<>();
        for (int i = 0, count = 1 + random.nextInt(3); i < count; i++) {
            keys.add(key());
        }
        return Provider.Keyed.of(type, keys).orElseThrow();
    }

    /** Now and then with other material than that name has elsewhere. */
    private Key key() {
        String name = pick(NAMES);
        return Sketch.key(name, chance(60) ? "other" : name);
    }

    private Provider kms() {
        String name = chance(2) ? "vault" : "cloud";
        return Sketch.kms(name, name + (chance(15) ? "2" : ""), chance(5) ? 10 : 3);
    }

    private boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
