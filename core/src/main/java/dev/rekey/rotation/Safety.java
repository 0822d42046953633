package dev.rekey.rotation;

import dev.rekey.InvalidInputException;
import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.Finding;
import dev.rekey.config.KeyRef;
import dev.rekey.config.Reader;
import dev.rekey.internal.Texts;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a push of configurations would make unreadable; for those who push stages themselves.
 *
 * <p>While it lasts, each member has loaded what it has or what comes, and may restart with a file of either. Findings are by rule:
 * their {@code path} is the rule, their line 0. {@code docs/findings.md} lists the codes. No finding means that the push is safe if
 * {@code running} and {@code stored} are true and everything that comes is valid, see {@link EncryptionConfiguration#validate}; it
 * does not mean that the next push is.
 */
public final class Safety {
    private final Map<String, MemberConfigurations> running;
    private final Map<String, EncryptionConfiguration> next;
    private final StoredReaders stored;
    private final Map<Found, Set<String>> affected = new LinkedHashMap<>();

    private Safety(
            Map<String, MemberConfigurations> running,
            Map<String, EncryptionConfiguration> next,
            StoredReaders stored) {
        this.running = running;
        this.next = new TreeMap<>();
        this.running.forEach((member, now) -> this.next.put(member, next.getOrDefault(member, now.loaded())));
        this.stored = stored;
    }

    /** One finding, but for the members. */
    private record Found(Hazard hazard, String rule, KeyRef reader, boolean known) {
        String message(String where) {
            String values = "values of " + rule + (known ? " are" : " may be") + " stored ";
            return switch (hazard) {
                case WRITER_UNREADABLE ->
                    "what is written of " + rule + " under " + reader + " could not be read " + where
                            + "; first push it to every member as a reader behind the writer";
                case WRITER_LEAVES ->
                    rule + " is written under " + reader
                            + " until the last member has what comes, and that could not be read " + where
                            + "; keep it behind the writer until every member writes with another one";
                case READER_LEAVES ->
                    values + "under " + reader + ", which would be missing " + where
                            + "; keep it behind the writer until a rewrite is proved";
                case IDENTITY_LEAVES ->
                    values + "plain, and identity would be missing " + where
                            + "; keep it as the last provider until a rewrite is proved";
                case RULE_LEAVES ->
                    values + "under " + reader + ", and no rule would be left for them " + where
                            + ", so that only plain ones could be read; keep the rule with identity first, rewrite, and take it away then";
                case NAME_AMBIGUOUS ->
                    reader + " and another key would both be tried on one value of " + rule
                            + "; aescbc is not authenticated, and the wrong one may give garbage; give one of them another name";
                case NAME_REUSED ->
                    reader + " stands for more than one of " + rule
                            + ", so that its name does not tell what a value needs; give the new one another name";
            };
        }
    }

    /** Pushing {@code next} to each member; {@link MemberConfigurations#NO_CONFIGURATION} takes its configuration away. */
    public static List<Finding> check(
            Map<? extends CharSequence, MemberConfigurations> running,
            EncryptionConfiguration next,
            StoredReaders stored) {
        Map<String, EncryptionConfiguration> byMember = new TreeMap<>();
        running.keySet().forEach(member -> byMember.put(member.toString(), next));
        return check(running, byMember, stored);
    }

    /**
     * Pushing to each member its own; members that {@code next} leaves out keep what they have loaded. One that {@code running}
     * does not name is an {@link InvalidInputException}: nothing could be said of it.
     */
    public static List<Finding> check(
            Map<? extends CharSequence, MemberConfigurations> running,
            Map<? extends CharSequence, EncryptionConfiguration> next,
            StoredReaders stored) {
        Map<String, MemberConfigurations> there = Texts.keysOf(running);
        Map<String, EncryptionConfiguration> coming = Texts.keysOf(next);
        Set<String> unknown = new TreeSet<>(coming.keySet());
        unknown.removeAll(there.keySet());
        if (!unknown.isEmpty()) {
            throw new InvalidInputException("a push to " + String.join(", ", unknown)
                    + " cannot be checked, as running does not say what is there; nothing was changed. Name members alike in both,"
                    + " and one that joins there too, with NO_CONFIGURATION");
        }
        return new Safety(there, coming, stored).findings();
    }

    private List<Finding> findings() {
        Set<EncryptionConfiguration> all = new LinkedHashSet<>(next.values());
        running.values().forEach(member -> all.addAll(member.all()));
        Set<String> rules = new TreeSet<>(stored.byRule().keySet());
        all.forEach(configuration -> rules.addAll(configuration.rules()));
        for (String rule : Rule.sorted(rules)) {
            newWriters(rule);
            writersOfNow(rule);
            leavingReaders(rule);
            names(rule, all);
        }
        return affected.entrySet().stream()
                .map(one -> finding(one.getKey(), one.getValue()))
                .toList();
    }

    /** A writer that comes, on members that may still run what they have. */
    private void newWriters(String rule) {
        next.forEach((member, coming) -> {
            Reader writer = coming.writerOf(rule);
            boolean isNew = !writer.equals(now(member).loaded().writerOf(rule));
            running.forEach((other, there) -> {
                boolean reads = reads(next(other), rule, writer)
                        && (!isNew
                                || other.equals(member)
                                || there.all().stream().allMatch(one -> reads(one, rule, writer)));
                if (!reads) {
                    add(Hazard.WRITER_UNREADABLE, rule, writer.ref(), true, other);
                }
            });
        });
    }

    /** What is written until the last member has what comes, even if nothing was stored under it. */
    private void writersOfNow(String rule) {
        running.values().forEach(member -> {
            Reader writer = member.loaded().writerOf(rule);
            if (!stored.mayHold(rule, writer)) {
                next.forEach((other, coming) -> {
                    if (!reads(coming, rule, writer)) {
                        add(Hazard.WRITER_LEAVES, rule, writer.ref(), true, other);
                    }
                });
            }
        });
    }

    private void leavingReaders(String rule) {
        Set<Reader> there = new LinkedHashSet<>();
        running.values().forEach(member -> member.all().forEach(one -> there.addAll(one.readersOf(rule))));
        next.forEach((member, coming) -> {
            there.stream()
                    .filter(reader -> stored.mayHold(rule, reader) && !reads(coming, rule, reader))
                    .forEach(reader -> leaves(rule, reader.ref(), coming, member));
            stored.byRule().getOrDefault(rule, Set.of()).stream()
                    .filter(ref -> Stream.concat(there.stream(), coming.readersOf(rule).stream())
                            .noneMatch(reader -> reader.ref().equals(ref)))
                    .forEach(ref -> leaves(rule, ref, coming, member));
        });
    }

    private void leaves(String rule, KeyRef reader, EncryptionConfiguration coming, String member) {
        Hazard hazard = reader.equals(KeyRef.IDENTITY)
                ? Hazard.IDENTITY_LEAVES
                : coming.providersOf(rule).isEmpty() ? Hazard.RULE_LEAVES : Hazard.READER_LEAVES;
        add(hazard, rule, reader, stored.isKnown(rule), member);
    }

    private void names(String rule, Set<EncryptionConfiguration> all) {
        Set<Reader> readers = new LinkedHashSet<>();
        all.forEach(configuration -> readers.addAll(configuration.readersOf(rule)));
        for (Reader one : readers) {
            for (Reader other : readers) {
                if (Ambiguity.isBetween(one, other)) {
                    add(Hazard.NAME_AMBIGUOUS, rule, one.ref(), true, "");
                } else if (!one.equals(other) && one.ref().equals(other.ref())) {
                    add(Hazard.NAME_REUSED, rule, one.ref(), true, "");
                }
            }
        }
    }

    private void add(Hazard hazard, String rule, KeyRef reader, boolean known, String member) {
        affected.computeIfAbsent(new Found(hazard, rule, reader, known), found -> new TreeSet<>())
                .add(member);
    }

    private Finding finding(Found found, Set<String> members) {
        String where = "on " + (members.equals(running.keySet()) ? "every member" : String.join(", ", members));
        return new Finding(found.hazard().severity(), found.hazard().code(), found.rule(), 0, found.message(where));
    }

    private MemberConfigurations now(String member) {
        return Objects.requireNonNull(running.get(member));
    }

    private EncryptionConfiguration next(String member) {
        return Objects.requireNonNull(next.get(member));
    }

    private static boolean reads(EncryptionConfiguration configuration, String rule, Reader reader) {
        return configuration.readersOf(rule).contains(reader);
    }
}
