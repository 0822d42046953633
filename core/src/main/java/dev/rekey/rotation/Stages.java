package dev.rekey.rotation;

import dev.rekey.RefusedException;
import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.Entry;
import dev.rekey.config.Key;
import dev.rekey.config.Provider;
import dev.rekey.config.Reader;
import dev.rekey.internal.Texts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The way from what every member has to one target, such that at each moment, with each member in this stage or the one before,
 * loaded or only on file, whatever any of them wrote is readable by all.
 *
 * <p>For each rule, with R = all readers in any file or loaded configuration and in the target: <i>introduce</i> is a member's own
 * writer, then the rest of R; <i>promote</i> the target's writer, then the rest of R; <i>retire</i> the target. A stage may begin
 * only when every member is proved in the one before, and retire only when each value of {@link #rules} is stored under the
 * target's writer. Where rules share a KMS provider, a rule may get readers of the others too.
 *
 * @param introduce by member
 * @param rules every pattern that any configuration or the target names: what has to be rewritten between promote and retire
 * @param retiring the readers that no rule of the target has any more; one that leaves a rule and stays in another is not among them
 */
public record Stages(
        Map<String, EncryptionConfiguration> introduce,
        EncryptionConfiguration promote,
        EncryptionConfiguration retire,
        List<String> rules,
        Set<Reader> retiring) {

    /** Copies the collections. */
    public Stages {
        introduce = Collections.unmodifiableMap(Texts.keysOf(introduce));
        rules = Texts.of(rules);
        retiring = Collections.unmodifiableSet(new LinkedHashSet<>(retiring));
    }

    /**
     * The stages from what {@code members} have to {@code target}; {@link MemberConfigurations#NO_CONFIGURATION} as target means to
     * write plain and have no file. Refuses where two aescbc keys could be tried on one value: without authentication the wrong one
     * may yield garbage; and where a KMS provider, whose name stands once in a file, cannot be had for each rule with its own writer.
     *
     * <p>A target that no apiserver takes since 1.27 is an {@link dev.rekey.InvalidInputException} with what is wrong; where members have
     * loaded what only older ones take, these decide. What a gate, a version of KMS or automatic reload decides is not judged: ask
     * {@link EncryptionConfiguration#validate}.
     */
    public static Stages between(
            Map<? extends CharSequence, MemberConfigurations> members, EncryptionConfiguration target) {
        Map<String, MemberConfigurations> named = Texts.keysOf(members);
        Ends ends = Ends.from(named);
        ends.requireTarget(target);
        List<EncryptionConfiguration> present = new ArrayList<>();
        named.values().forEach(member -> present.addAll(member.all()));
        KmsPlugins kms = KmsPlugins.of(present, target);
        List<String> rules = rules(present, target);

        Map<String, List<Provider>> promote = new TreeMap<>();
        Set<Reader> retiring = new LinkedHashSet<>();
        Set<Reader> staying = new LinkedHashSet<>();
        for (String rule : rules) {
            List<Provider> wanted = ReaderList.orPlain(target.providersOf(rule));
            List<Provider> there = present.stream()
                    .flatMap(configuration -> ReaderList.orPlain(configuration.providersOf(rule)).stream())
                    .map(kms::agreed)
                    .toList();
            List<Provider> everything = ReaderList.extended(wanted, there);
            promote.put(rule, everything);
            everything.forEach(provider -> retiring.addAll(provider.readers()));
            wanted.forEach(provider -> staying.addAll(provider.readers()));
        }
        retiring.removeAll(staying);

        StageFile file = new StageFile(rules, present, target);
        EncryptionConfiguration promoted = file.of(promote);
        ends.requireStage(promoted);
        Map<String, EncryptionConfiguration> introduce = new TreeMap<>();
        named.forEach((name, member) -> {
            Map<String, List<Provider>> own = new TreeMap<>();
            promote.forEach((rule, everything) -> {
                List<Provider> loaded = ReaderList.orPlain(member.loaded().providersOf(rule));
                own.put(
                        rule,
                        ReaderList.writing(
                                everything, kms.agreed(ReaderList.atoms(loaded).get(0))));
            });
            introduce.put(name, file.of(own));
        });
        return new Stages(introduce, promoted, target, rules, retiring);
    }

    /**
     * The stages of a rotation to {@code newKey} from one configuration that every member has. In each entry the provider that writes
     * gets {@code newKey} alone and the other keys retire; refuses where an entry's writer has no keys, or no entry is there, and as
     * {@link #between} does.
     */
    public static Stages rotate(EncryptionConfiguration current, Key newKey) {
        if (current.entries().isEmpty()) {
            throw new RefusedException("there is no entry, so that no key could rotate; nothing was changed."
                    + " To begin to encrypt use between with a target");
        }
        Map<String, MemberConfigurations> member = Map.of("", new MemberConfigurations(current, List.of(current)));
        Ends.from(member);
        List<Entry> entries = current.entries().stream()
                .map(entry -> new Entry(entry.resources(), rotated(entry.providers(), newKey)))
                .toList();
        return between(member, new EncryptionConfiguration(entries));
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
        return Rule.sorted(rules);
    }
}
