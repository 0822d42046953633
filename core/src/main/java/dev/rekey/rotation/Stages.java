package dev.rekey.rotation;

import dev.rekey.RefusedException;
import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.Entry;
import dev.rekey.config.Key;
import dev.rekey.config.Provider;
import dev.rekey.config.Reader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The way from what every member has to one target, such that at each moment, with each member in this stage or the one before,
 * loaded or only on file, whatever any of them wrote is readable by all.
 *
 * <p>For each rule, with R = all readers in any file or loaded configuration and in the target: <i>introduce</i> is a member's own
 * writer, then the rest of R; <i>promote</i> the target's writer, then the rest of R; <i>retire</i> the target. A stage may begin
 * only when every member is proved in the one before, and retire only when nothing is stored under {@link #retiring}.
 *
 * @param introduce by member
 * @param rules every pattern that any configuration or the target names: what has to be rewritten between promote and retire
 * @param retiring the readers that the target of a rule no longer has, of all rules together
 */
public record Stages(
        Map<String, EncryptionConfiguration> introduce,
        EncryptionConfiguration promote,
        EncryptionConfiguration retire,
        List<String> rules,
        Set<Reader> retiring) {

    /** Copies the collections. */
    public Stages {
        introduce = Collections.unmodifiableMap(new TreeMap<>(introduce));
        rules = List.copyOf(rules);
        retiring = Collections.unmodifiableSet(new LinkedHashSet<>(retiring));
    }

    /**
     * The stages from what {@code members} have to {@code target}; {@link MemberConfigurations#NO_CONFIGURATION} as target means to
     * write plain and have no file. Refuses where one aescbc key name stands for two materials: without authentication the wrong
     * one may yield garbage.
     */
    public static Stages between(Map<String, MemberConfigurations> members, EncryptionConfiguration target) {
        List<EncryptionConfiguration> all = new ArrayList<>();
        members.values().forEach(member -> {
            all.add(member.loaded());
            all.addAll(member.files());
        });
        all.add(target);
        refuseOneNameWithTwoMaterials(all);
        List<String> rules = rules(all, target);

        Map<String, List<Provider>> promote = new TreeMap<>();
        Set<Reader> retiring = new LinkedHashSet<>();
        Set<Reader> staying = new LinkedHashSet<>();
        for (String rule : rules) {
            List<Provider> wanted = ReaderList.orPlain(target.providersOf(rule));
            List<Provider> everything = ReaderList.extended(wanted, missing(all, rule));
            promote.put(rule, everything);
            everything.forEach(provider -> retiring.addAll(provider.readers()));
            wanted.forEach(provider -> staying.addAll(provider.readers()));
        }
        retiring.removeAll(staying);

        Map<String, EncryptionConfiguration> introduce = new TreeMap<>();
        members.forEach((name, member) -> introduce.put(name, assemble(rules, rule -> {
            List<Provider> own = ReaderList.orPlain(member.loaded().providersOf(rule));
            return ReaderList.writing(
                    Objects.requireNonNull(promote.get(rule)),
                    ReaderList.atoms(own).get(0));
        })));
        return new Stages(introduce, assemble(rules, promote::get), target, rules, retiring);
    }

    /**
     * The stages of a rotation to {@code newKey} from one configuration that every member has. In each entry the provider that writes
     * gets {@code newKey} alone and the other keys retire; refuses where an entry's writer has no keys.
     */
    public static Stages rotate(EncryptionConfiguration current, Key newKey) {
        List<Entry> entries = current.entries().stream()
                .map(entry -> new Entry(entry.resources(), rotated(entry.providers(), newKey)))
                .toList();
        return between(
                Map.of("", new MemberConfigurations(current, List.of(current))), new EncryptionConfiguration(entries));
    }

    private static List<Provider> rotated(List<Provider> providers, Key newKey) {
        if (!(providers.get(0) instanceof Provider.Keyed writer)) {
            throw new RefusedException(
                    "the writer of an entry is " + providers.get(0).type()
                            + ", which has no key to rotate; nothing was changed. Rotate where a provider with keys writes");
        }
        List<Provider> rotated = new ArrayList<>(List.of(writer.withKeys(List.of(newKey))));
        providers.stream().filter(p -> !(p instanceof Provider.Keyed)).forEach(rotated::add);
        return rotated;
    }

    /** Whether two configurations read and write alike for each rule that either names, whatever their files look like. */
    public static boolean alike(EncryptionConfiguration one, EncryptionConfiguration other) {
        List<String> rules = one.rules();
        return new LinkedHashSet<>(rules).equals(new LinkedHashSet<>(other.rules()))
                && rules.stream().allMatch(rule -> one.providersOf(rule).equals(other.providersOf(rule)));
    }

    private static List<String> rules(Collection<EncryptionConfiguration> all, EncryptionConfiguration target) {
        Set<String> others = new TreeSet<>();
        all.forEach(configuration -> others.addAll(configuration.rules()));
        Set<String> rules = new LinkedHashSet<>(target.rules());
        rules.addAll(others);
        return rules.stream().sorted(Comparator.comparingInt(Rule::tier)).toList();
    }

    /** Every reader of the rule anywhere, in an order that does not depend on the order of members. */
    private static List<Provider> missing(List<EncryptionConfiguration> all, String rule) {
        List<Provider> atoms = new ArrayList<>();
        for (EncryptionConfiguration configuration : all) {
            atoms.addAll(ReaderList.atoms(ReaderList.orPlain(configuration.providersOf(rule))));
        }
        atoms.sort(Comparator.comparing(Stages::identityLast)
                .thenComparing(Provider::type)
                .thenComparing(Stages::name)
                .thenComparing(Stages::fingerprint));
        return atoms;
    }

    /** Entries with equal provider lists become one, unless one of its rules would then mask another. */
    private static EncryptionConfiguration assemble(List<String> rules, Function<String, List<Provider>> providers) {
        List<List<String>> resources = new ArrayList<>();
        List<List<Provider>> lists = new ArrayList<>();
        for (String rule : rules) {
            int at = lists.indexOf(providers.apply(rule));
            if (at >= 0 && masksNothing(rule, resources.subList(at, resources.size()))) {
                resources.get(at).add(rule);
            } else {
                resources.add(new ArrayList<>(List.of(rule)));
                lists.add(providers.apply(rule));
            }
        }
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < lists.size(); i++) {
            entries.add(new Entry(resources.get(i), lists.get(i)));
        }
        return new EncryptionConfiguration(entries);
    }

    private static boolean masksNothing(String rule, List<List<String>> fromHere) {
        return fromHere.stream().flatMap(List::stream).noneMatch(other -> Rule.covers(rule, other));
    }

    private static void refuseOneNameWithTwoMaterials(List<EncryptionConfiguration> all) {
        Map<String, Key> seen = new TreeMap<>();
        for (EncryptionConfiguration configuration : all) {
            for (Reader reader : configuration.readers()) {
                if (reader instanceof Reader.OfKey ofKey && ofKey.type().equals("aescbc")) {
                    Key key = ofKey.key();
                    Key other = seen.putIfAbsent(key.name(), key);
                    if (other != null && !other.equals(key)) {
                        throw new RefusedException(
                                "the aescbc key name " + key.name() + " stands for two keys (fingerprints "
                                        + other.material().fingerprint() + " and "
                                        + key.material().fingerprint()
                                        + "); aescbc cannot tell which one a value needs, so no order of readers is safe. Nothing was"
                                        + " changed. Find out which members have which key, and give one of them another name");
                    }
                }
            }
        }
    }

    private static boolean identityLast(Provider atom) {
        return atom instanceof Provider.Identity;
    }

    private static String name(Provider atom) {
        return atom.readers().get(0).ref().name();
    }

    private static String fingerprint(Provider atom) {
        return atom instanceof Provider.Keyed keyed
                ? keyed.keys().get(0).material().fingerprint()
                : atom instanceof Provider.Kms kms ? kms.apiVersion() + kms.endpoint() : "";
    }
}
