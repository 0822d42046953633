package dev.rekey.lifecycle;

import dev.rekey.RefusedException;
import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.Key;
import dev.rekey.config.KeyName;
import dev.rekey.config.Reader;
import dev.rekey.lifecycle.MemberState.Home;
import dev.rekey.lifecycle.MemberState.Proof;
import dev.rekey.rotation.MemberConfigurations;
import dev.rekey.rotation.Stages;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What an observation means for the cluster: the column of the table in {@link Change}.
 *
 * @param mark where it is valid now
 */
record Situation(ClusterObservation seen, List<MemberState> members, Column column, Optional<Mark> mark) {

    enum Column {
        PLAIN,
        MANAGED,
        UNFINISHED,
        CUSTOM,
        FOREIGN
    }

    /** A {@link RefusedException} where an answer would have to be guessed. */
    static Situation of(ClusterObservation seen) {
        List<MemberFiles> files =
                seen.members().values().stream().map(MemberFiles::of).toList();
        Map<String, EncryptionConfiguration> byHash = new TreeMap<>();
        files.forEach(file -> byHash.putAll(file.byHash()));
        List<MemberState> members =
                files.stream().map(file -> MemberState.of(file, byHash)).toList();
        refuseStrangers(seen);
        refuseUnproved(members);
        Optional<Mark> mark = validMark(seen, members);
        return new Situation(seen, members, column(members, mark), mark);
    }

    /** Every key in any file or loaded configuration, each once. */
    Set<Reader.OfKey> keys() {
        Set<Reader.OfKey> keys = new LinkedHashSet<>();
        configurations()
                .forEach(configuration -> configuration.readers().forEach(reader -> {
                    if (reader instanceof Reader.OfKey key) {
                        keys.add(key);
                    }
                }));
        return keys;
    }

    /** All that is on file or loaded anywhere; a member without one counts as one that is empty. */
    List<EncryptionConfiguration> configurations() {
        List<EncryptionConfiguration> all = new ArrayList<>();
        members.forEach(member -> {
            all.add(member.loaded());
            all.addAll(member.configurations().values());
        });
        return all;
    }

    /** The rules of all configurations. */
    List<String> rules() {
        return configurations().stream()
                .flatMap(configuration -> configuration.rules().stream())
                .distinct()
                .toList();
    }

    /** The serial for the next key; keys of others count as the first. */
    int nextSerial() {
        return 1
                + keys().stream()
                        .mapToInt(key -> KeyName.serialOf(key.key().name()).orElse(1))
                        .max()
                        .orElse(0);
    }

    /** The key with the highest serial; refuses where two candidates have none and nothing tells which is newer. */
    Optional<Reader.OfKey> newest(Set<Reader.OfKey> candidates) {
        List<Reader.OfKey> sorted = candidates.stream()
                .sorted((a, b) ->
                        KeyName.BY_SERIAL.compare(b.key().name(), a.key().name()))
                .toList();
        if (sorted.size() > 1) {
            Key first = sorted.get(0).key();
            Key second = sorted.get(1).key();
            if (KeyName.BY_SERIAL.compare(first.name(), second.name()) == 0) {
                throw new RefusedException("the keys " + first.name() + " and " + second.name()
                        + " are both in use and nothing tells which is newer. Nothing was changed."
                        + " Say which one must stop writing: rotate --away-from with its name");
            }
        }
        return sorted.stream().findFirst();
    }

    /** Members whose apiserver is down or not ready. */
    List<MemberState> down() {
        return members.stream().filter(m -> !m.seen().apiServer().ready()).toList();
    }

    Stages stagesTo(EncryptionConfiguration target) {
        Map<String, MemberConfigurations> byMember = new TreeMap<>();
        members.forEach(member -> byMember.put(member.name(), member.forStages()));
        return Stages.between(byMember, target);
    }

    /** No stage at all: what is there, as all three. */
    Stages unchanged(EncryptionConfiguration target) {
        Map<String, EncryptionConfiguration> introduce = new TreeMap<>();
        members.forEach(member -> introduce.put(member.name(), target));
        return new Stages(introduce, target, target, target.rules(), Set.of());
    }

    private static void refuseStrangers(ClusterObservation seen) {
        for (MemberObservation member : seen.members().values()) {
            if (!member.otherApiServerManifests().isEmpty()) {
                throw new RefusedException(
                        "member " + member.name() + ": kubelet would load "
                                + member.otherApiServerManifests()
                                + " as the kube-apiserver too, and the last name wins, so an edit of"
                                + " the manifest may have no effect. Nothing was changed. Move it out of the manifest directory");
            }
        }
        if (!seen.strangers().isEmpty()) {
            throw new RefusedException("a live kube-apiserver is no member: " + seen.strangers()
                    + ". It could not read what the members encrypt. Nothing was changed. Add its host to the members");
        }
    }

    private static void refuseUnproved(List<MemberState> members) {
        for (MemberState member : members) {
            if (member.proof() == Proof.UNPROVED) {
                throw new RefusedException("member " + member.name()
                        + ": the apiserver has loaded a configuration that no known file holds any more, so what it writes"
                        + " with is unproved. Nothing was changed. It loads a changed file within a minute: call again then;"
                        + " where it stays so, restart that apiserver");
            }
        }
    }

    private static Optional<Mark> validMark(ClusterObservation seen, List<MemberState> members) {
        Optional<Mark> mark = members.get(0).mark();
        boolean valid = mark.isPresent()
                && seen.facts().filter(mark.get()::isOf).isPresent()
                && members.stream()
                        .allMatch(member -> member.mark().equals(mark)
                                && mark.get().hashes().contains(member.loadedHash())
                                && mark.get().hashes().contains(member.fileHash()));
        return valid ? mark : Optional.empty();
    }

    /** No flag anywhere, and what lies there is custom. Beside a managed flag such a file is merely one that no flag refers to. */
    private static boolean onlyCustomFiles(List<MemberState> members) {
        return members.stream().allMatch(m -> m.home() == Home.NONE)
                && members.stream()
                        .anyMatch(m ->
                                m.configurations().containsKey(m.seen().layout().customPath()))
                && members.stream()
                        .noneMatch(m ->
                                m.configurations().containsKey(m.seen().layout().managedPath()));
    }

    private static Column column(List<MemberState> members, Optional<Mark> mark) {
        if (members.stream().anyMatch(m -> m.home() == Home.FOREIGN)) {
            return Column.FOREIGN;
        }
        if (members.stream().anyMatch(m -> m.home() == Home.CUSTOM) || onlyCustomFiles(members)) {
            return Column.CUSTOM;
        }
        if (members.stream()
                .allMatch(m -> m.home() == Home.NONE
                        && m.configurations().isEmpty()
                        && m.loaded().entries().isEmpty())) {
            return Column.PLAIN;
        }
        EncryptionConfiguration first = members.get(0).onDisk();
        boolean same = members.stream()
                .allMatch(m ->
                        m.home() == Home.MANAGED && Stages.alike(m.onDisk(), first) && Stages.alike(m.loaded(), first));
        boolean oneWriter = !first.rules().isEmpty()
                && first.rules().stream().allMatch(rule -> first.writerOf(rule) instanceof Reader.OfKey)
                && first.rules().stream().map(first::writerOf).distinct().count() == 1;
        long keys =
                first.readers().stream().filter(Reader.OfKey.class::isInstance).count();
        // Several keys are settled only where a run was done with them there, as where previous keys are kept.
        boolean arrived = mark.filter(
                        m -> members.stream().allMatch(member -> m.targets().contains(member.fileHash())))
                .isPresent();
        return same && oneWriter && (keys == 1 || arrived) ? Column.MANAGED : Column.UNFINISHED;
    }
}
