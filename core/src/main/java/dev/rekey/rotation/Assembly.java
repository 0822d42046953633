package dev.rekey.rotation;

import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.Entry;
import dev.rekey.config.Provider;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Puts provider lists by rule into entries that the server takes: equal lists become one entry, wildcards come after what they
 * cover, and a KMS name stands once.
 *
 * <p>Where rules with different lists need one KMS provider, it stands in one entry for all of them together with every other
 * reader, and a rule that another provider writes has that one in an entry before: the server joins the entries of a rule. It does
 * not for wildcards, so these have to write with the common entry's first.
 */
final class Assembly {
    private final List<String> rules;
    private final Map<String, List<Provider>> lists;
    private final EncryptionConfiguration target;
    private final List<List<String>> resources = new ArrayList<>();
    private final List<List<Provider>> providers = new ArrayList<>();

    private Assembly(List<String> rules, Map<String, List<Provider>> lists, EncryptionConfiguration target) {
        this.rules = rules;
        this.lists = lists;
        this.target = target;
    }

    /** Empty where no file gives each rule its writer and readers. {@code rules} have wildcards last; the target's order stays. */
    static Optional<EncryptionConfiguration> of(
            List<String> rules, Map<String, List<Provider>> lists, EncryptionConfiguration target) {
        Assembly simple = new Assembly(rules, lists, target);
        rules.forEach(rule -> simple.add(rule, simple.list(rule)));
        if (simple.kmsOnce()) {
            return Optional.of(simple.configuration());
        }
        Assembly joined = new Assembly(rules, lists, target);
        return joined.join() && joined.kmsOnce() && joined.nothingMasked()
                ? Optional.of(joined.configuration())
                : Optional.empty();
    }

    private boolean join() {
        List<Set<String>> groups = groups();
        for (String rule : rules) {
            Optional<Set<String>> group =
                    groups.stream().filter(g -> g.contains(rule)).findFirst();
            if (group.isEmpty()) {
                add(rule, list(rule));
            } else if (rule.equals(last(group.get())) && !addCommon(group.get())) {
                return false;
            }
        }
        return true;
    }

    /** Rules that need one KMS provider, directly or by way of others; each rule in one group at most. */
    private List<Set<String>> groups() {
        List<Set<String>> groups = new ArrayList<>();
        for (String rule : rules) {
            if (KmsPlugins.names(list(rule)).isEmpty()) {
                continue;
            }
            List<Set<String>> sharing = groups.stream()
                    .filter(group -> group.stream().anyMatch(other -> shareKms(list(other), list(rule))))
                    .toList();
            Set<String> group = new LinkedHashSet<>();
            sharing.forEach(group::addAll);
            group.add(rule);
            groups.removeAll(sharing);
            groups.add(group);
        }
        return groups;
    }

    private boolean addCommon(Set<String> group) {
        Set<Provider> bound = new LinkedHashSet<>();
        for (String rule : group) {
            if (Rule.tier(rule) > 0 || writer(rule) instanceof Provider.Kms) {
                bound.add(writer(rule));
            }
        }
        if (bound.size() > 1) {
            return false;
        }
        Provider first = Stream.concat(bound.stream(), Stream.of(writer(group.iterator().next())))
                .findFirst()
                .orElseThrow();
        List<String> named = new ArrayList<>();
        for (String rule : group) {
            Optional<String> wider = wider(rule);
            boolean likeWider = wider.isPresent()
                    && group.contains(wider.get())
                    && writer(rule).equals(writer(wider.get()));
            if (!likeWider) {
                named.add(rule);
                if (!writer(rule).equals(first)) {
                    add(rule, List.of(writer(rule)));
                }
            }
        }
        resources.add(named);
        List<Provider> all = group.stream().flatMap(rule -> list(rule).stream()).toList();
        List<Provider> wanted = ReaderList.orPlain(target.providersOf(named.get(0)));
        providers.add(ReaderList.writing(ReaderList.extended(wanted, all), first));
        return true;
    }

    /** The rule that would apply without this one. */
    private Optional<String> wider(String rule) {
        return rules.stream()
                .filter(other -> Rule.tier(other) > Rule.tier(rule) && Rule.covers(other, rule))
                .findFirst();
    }

    private void add(String rule, List<Provider> list) {
        int at = providers.indexOf(list);
        if (at >= 0 && masksNothing(rule, resources.subList(at, resources.size()))) {
            resources.get(at).add(rule);
        } else {
            resources.add(new ArrayList<>(List.of(rule)));
            providers.add(list);
        }
    }

    private static boolean masksNothing(String rule, List<List<String>> fromHere) {
        return fromHere.stream().flatMap(List::stream).noneMatch(other -> Rule.covers(rule, other));
    }

    private boolean nothingMasked() {
        for (int i = 0; i < resources.size(); i++) {
            for (String rule : resources.get(i)) {
                List<List<String>> after = resources.subList(i + 1, resources.size());
                boolean overlaps = resources.get(i).stream().anyMatch(other -> !other.equals(rule) && Rule.covers(rule, other));
                if (overlaps || (Rule.tier(rule) > 0 && !masksNothing(rule, after))) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean kmsOnce() {
        List<String> names = providers.stream()
                .flatMap(list -> KmsPlugins.names(list).stream())
                .toList();
        return Set.copyOf(names).size() == names.size();
    }

    private EncryptionConfiguration configuration() {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < providers.size(); i++) {
            entries.add(new Entry(resources.get(i), providers.get(i)));
        }
        return new EncryptionConfiguration(entries);
    }

    private List<Provider> list(String rule) {
        return Objects.requireNonNull(lists.get(rule));
    }

    private Provider writer(String rule) {
        return ReaderList.atoms(list(rule)).get(0);
    }

    private static boolean shareKms(List<Provider> one, List<Provider> other) {
        return KmsPlugins.names(one).stream().anyMatch(KmsPlugins.names(other)::contains);
    }

    private static String last(Set<String> group) {
        return group.stream().reduce((a, b) -> b).orElseThrow();
    }
}
