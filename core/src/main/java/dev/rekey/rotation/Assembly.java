package dev.rekey.rotation;

import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.Provider;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Puts provider lists by rule into entries that the server takes: equal lists become one entry, wildcards come after what they
 * cover, and a KMS name stands once.
 *
 * <p>Where rules with different lists need one KMS provider, it stands in one entry for all of them: the server joins the entries of
 * a resource, so what writes it may stand in an entry before. It takes a wildcard in one entry only; there a rule has the readers of
 * the others too, and the wildcards have to have one writer. Which readers a rule then has does not depend on what writes, so that a
 * stopped run finds the stage again that it left.
 */
final class Assembly {
    private final List<String> rules;
    private final Map<String, List<Provider>> lists;
    private final EncryptionConfiguration target;
    private final Entries entries = new Entries();

    private Assembly(List<String> rules, Map<String, List<Provider>> lists, EncryptionConfiguration target) {
        this.rules = rules;
        this.lists = lists;
        this.target = target;
    }

    /** Empty where no file is found that gives each rule its writer and readers. {@code rules} have wildcards last. */
    static Optional<EncryptionConfiguration> of(
            List<String> rules, Map<String, List<Provider>> lists, EncryptionConfiguration target) {
        Assembly assembly = new Assembly(rules, lists, target);
        assembly.fill();
        Entries sorted = assembly.entries.sorted(assembly::writer);
        return Optional.of(sorted)
                .filter(Entries::areTakenByServer)
                .map(Entries::configuration)
                .filter(assembly::holdsForEachRule);
    }

    private void fill() {
        List<SharedKms> shared = shared();
        rules.forEach(rule -> addAlone(rule, shared));
        shared.forEach(one -> addShared(one, shared));
        addBehind(shared);
    }

    /** What no shared entry gives the rule: before these if another provider writes it. */
    private void addAlone(String rule, List<SharedKms> shared) {
        List<SharedKms> with = with(rule, shared);
        if (with.isEmpty()) {
            entries.add(rule, list(rule));
        } else if (Rule.tier(rule) == 0 && !isKms(writer(rule)) && !isLikeWider(rule, with)) {
            boolean widened = with.stream().anyMatch(SharedKms::hasWildcard);
            boolean writtenThere = with.size() == 1
                    && first(with.get(0)).filter(writer(rule)::equals).isPresent();
            if (!writtenThere) {
                entries.add(rule, widened ? List.of(writer(rule)) : withoutKms(rule));
            }
        }
    }

    /** The other readers of what a KMS provider writes; not together with rules that one of these readers writes. */
    private void addBehind(List<SharedKms> shared) {
        Map<List<Provider>, List<String>> behind = new LinkedHashMap<>();
        for (String rule : rules) {
            List<SharedKms> with = with(rule, shared);
            if (!with.isEmpty()
                    && with.stream().noneMatch(SharedKms::hasWildcard)
                    && isKms(writer(rule))
                    && !withoutKms(rule).isEmpty()) {
                behind.computeIfAbsent(withoutKms(rule), list -> new ArrayList<>())
                        .add(rule);
            }
        }
        behind.forEach((list, together) -> entries.addEntry(together, list));
    }

    private void addShared(SharedKms one, List<SharedKms> shared) {
        List<String> named = one.rules().stream()
                .filter(rule -> !isLikeWider(rule, with(rule, shared)))
                .toList();
        List<Provider> wanted = new ArrayList<>(ReaderList.orPlain(target.providersOf(named.get(0))));
        wanted.removeIf(provider -> isKms(provider) ? !one.has(provider) : !one.hasWildcard());
        List<Provider> all = ReaderList.extended(wanted, one.providers());
        Provider first = first(one).orElse(all.get(0));
        entries.addEntry(
                named, ReaderList.writing(all, ReaderList.atoms(List.of(first)).get(0)));
    }

    /** What the entry has to begin with: a wildcard's writer, else that of a resource that one of its KMS providers writes. */
    private Optional<Provider> first(SharedKms one) {
        return one.rules().stream()
                .filter(rule -> Rule.tier(rule) > 0 || (!one.hasWildcard() && one.has(writer(rule))))
                .findFirst()
                .map(this::writer);
    }

    /** A rule that needs no entry: the one that would apply without it stands in the same shared entry and has the same writer. */
    private boolean isLikeWider(String rule, List<SharedKms> with) {
        return with.size() == 1
                && rules.stream()
                        .filter(other -> Rule.tier(other) > Rule.tier(rule) && Rule.covers(other, rule))
                        .findFirst()
                        .filter(wider -> with.get(0).rules().contains(wider))
                        .filter(wider -> writer(rule).equals(writer(wider)))
                        .isPresent();
    }

    /** KMS providers that rules with different lists need; those of one wildcard together, for it has one entry. */
    private List<SharedKms> shared() {
        List<SharedKms> blocks = new ArrayList<>();
        for (String rule : rules) {
            List<Provider> kms = list(rule).stream().filter(Assembly::isKms).toList();
            if (Rule.tier(rule) > 0 && !kms.isEmpty()) {
                merge(blocks, new LinkedHashSet<>(kms));
            } else {
                kms.forEach(one -> merge(blocks, new LinkedHashSet<>(Set.of(one))));
            }
        }
        List<SharedKms> shared = new ArrayList<>();
        for (SharedKms block : blocks) {
            List<String> needing = rules.stream()
                    .filter(rule -> list(rule).stream().anyMatch(block::has))
                    .toList();
            shared.add(new SharedKms(block.kms(), needing, List.of()));
        }
        Entries simple = new Entries();
        rules.forEach(rule -> simple.add(rule, list(rule)));
        Set<String> doubled = simple.kmsNamesThatStandTwice();
        return shared.stream()
                .filter(one -> linked(one, shared).stream()
                        .anyMatch(rule -> KmsPlugins.names(list(rule)).stream().anyMatch(doubled::contains)))
                .map(one -> withReaders(one, shared))
                .toList();
    }

    /** The rules that a KMS provider links, directly or by way of others. */
    private static Set<String> linked(SharedKms one, List<SharedKms> shared) {
        Set<String> linked = new LinkedHashSet<>(one.rules());
        boolean more = true;
        while (more) {
            more = false;
            for (SharedKms other : shared) {
                if (other.rules().stream().anyMatch(linked::contains)) {
                    more |= linked.addAll(other.rules());
                }
            }
        }
        return linked;
    }

    private static void merge(List<SharedKms> blocks, Set<Provider> kms) {
        Set<Provider> merged = new LinkedHashSet<>(kms);
        List<SharedKms> touched = blocks.stream()
                .filter(block -> kms.stream().anyMatch(block::has))
                .toList();
        touched.forEach(block -> merged.addAll(block.kms()));
        blocks.removeAll(touched);
        blocks.add(new SharedKms(merged, List.of(), List.of()));
    }

    /** With a wildcard, all other readers too of every linked rule. */
    private SharedKms withReaders(SharedKms one, List<SharedKms> shared) {
        List<Provider> readers = new ArrayList<>(one.kms());
        if (one.hasWildcard()) {
            linked(one, shared).forEach(rule -> readers.addAll(withoutKms(rule)));
        }
        return new SharedKms(one.kms(), one.rules(), readers);
    }

    private static List<SharedKms> with(String rule, List<SharedKms> shared) {
        return shared.stream().filter(one -> one.rules().contains(rule)).toList();
    }

    private boolean holdsForEachRule(EncryptionConfiguration file) {
        return rules.stream()
                .allMatch(rule -> file.writerOf(rule)
                                .equals(writer(rule).readers().get(0))
                        && list(rule).stream()
                                .allMatch(provider -> file.readersOf(rule).containsAll(provider.readers())));
    }

    private List<Provider> list(String rule) {
        return Objects.requireNonNull(lists.get(rule));
    }

    private List<Provider> withoutKms(String rule) {
        return list(rule).stream().filter(provider -> !isKms(provider)).toList();
    }

    private Provider writer(String rule) {
        return ReaderList.atoms(list(rule)).get(0);
    }

    private static boolean isKms(Provider provider) {
        return provider instanceof Provider.Kms;
    }
}
