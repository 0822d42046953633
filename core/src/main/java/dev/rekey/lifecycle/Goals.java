package dev.rekey.lifecycle;

import dev.rekey.RefusedException;
import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.Key;
import dev.rekey.config.KeyName;
import dev.rekey.config.ManagedSettings;
import dev.rekey.config.Provider;
import dev.rekey.config.Reader;
import dev.rekey.lifecycle.Goal.Way;
import dev.rekey.lifecycle.Situation.Column;
import dev.rekey.rotation.MemberConfigurations;
import dev.rekey.rotation.Rule;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The cells of the table in {@link Change}: what a call comes to in a situation. */
final class Goals {
    private static final String NOTHING_CHANGED = ". Nothing was changed. ";

    private final Situation situation;
    private final Function<KeyRequest, Key> keys;

    /** {@code keys} gives the drawn key, or a stand-in while only a plan is wanted. */
    Goals(Situation situation, Function<KeyRequest, Key> keys) {
        this.situation = situation;
        this.keys = keys;
    }

    Goal of(Change change) {
        if (change instanceof Change.Enable enable) {
            return enable(enable);
        }
        if (change instanceof Change.Rotate rotate) {
            return rotate(rotate);
        }
        return change instanceof Change.Disable ? disable() : rewrite();
    }

    private Goal enable(Change.Enable enable) {
        ManagedSettings settings = enable.settings();
        return switch (situation.column()) {
            case PLAIN -> mint(settings.orElse(found(Set.of("secrets"))));
            case MANAGED, UNFINISHED -> towardsNewest(settings);
            case CUSTOM -> replaceOthers(enable);
            case FOREIGN -> {
                if (!enable.replace()) {
                    throw refused("the manifest names a configuration outside the layout (" + foreignPaths() + ")"
                            + NOTHING_CHANGED
                            + "Set the layout to that path, or allow to replace it (its readers are kept)");
                }
                yield replaceOthers(enable);
            }
        };
    }

    private Goal rotate(Change.Rotate rotate) {
        String away = rotate.awayFrom();
        switch (situation.column()) {
            case PLAIN ->
                throw refused("encryption is not enabled, so no key can be rotated" + NOTHING_CHANGED + "Enable it");
            case CUSTOM ->
                throw refused("the configuration is custom, and its keys are its owner's" + NOTHING_CHANGED
                        + "Change the configuration");
            case FOREIGN ->
                throw refused("the manifest names a configuration outside the layout (" + foreignPaths() + ")"
                        + NOTHING_CHANGED + "Set the layout to that path, or enable with permission to replace it");
            default -> {
                Set<Reader.OfKey> candidates = new LinkedHashSet<>(situation.keys());
                if (!away.isEmpty() && candidates.size() == 2 && newestUnclear(candidates)) {
                    candidates.removeIf(key -> key.key().name().equals(away));
                }
                Reader.OfKey newest = situation
                        .newest(candidates)
                        .orElseThrow(() -> new RefusedException(
                                "no key is there to rotate" + NOTHING_CHANGED + "Say enable or disable"));
                boolean newestMustGo = newest.key().name().equals(away);
                if (situation.column() == Column.MANAGED) {
                    return away.isEmpty() || newestMustGo
                            ? mint(like(rotate.settings(), newest))
                            : towardsNewest(rotate.settings());
                }
                if (plainWritesFirst()) {
                    throw refused(
                            "an enable or a disable has stopped half-way: a member writes plain though it has a key"
                                    + NOTHING_CHANGED + "Say which one is wanted: enable or disable");
                }
                boolean finish = away.isEmpty() ? candidates.size() > 1 : !newestMustGo;
                return finish ? finish(like(rotate.settings(), newest), newest) : mint(like(rotate.settings(), newest));
            }
        }
    }

    private Goal disable() {
        return switch (situation.column()) {
            case PLAIN -> Goal.nothing("encryption is not enabled", MemberConfigurations.NO_CONFIGURATION);
            case FOREIGN ->
                throw refused("the manifest names a configuration outside the layout (" + foreignPaths() + ")"
                        + NOTHING_CHANGED + "Set the layout to that path");
            case CUSTOM -> Goal.disabled(true);
            case MANAGED, UNFINISHED -> Goal.disabled(false);
        };
    }

    private Goal rewrite() {
        EncryptionConfiguration current = situation.members().get(0).onDisk();
        Goal goal = new Goal(
                "every object of " + String.join(", ", situation.rules()) + " is written again",
                current,
                false,
                false,
                Way.REWRITE_UNMARKED);
        return switch (situation.column()) {
            case PLAIN -> Goal.nothing("nothing is encrypted", MemberConfigurations.NO_CONFIGURATION);
            case MANAGED -> goal.by(Way.REWRITE);
            case CUSTOM, FOREIGN -> {
                refuseMembersThatDiffer();
                yield goal;
            }
            case UNFINISHED ->
                throw refused("a change has stopped half-way, and a rewrite would spread an unfinished state"
                        + NOTHING_CHANGED + "Finish it first: enable, rotate or disable");
        };
    }

    /** Towards the highest serial with the wanted provider; a new key where there is none. */
    private Goal towardsNewest(ManagedSettings wanted) {
        Set<Reader.OfKey> candidates = situation.keys().stream()
                .filter(key -> wanted.providerType().map(key.type()::equals).orElse(true))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        if (candidates.isEmpty()) {
            return mint(wanted.orElse(found(new LinkedHashSet<>(situation.rules()))));
        }
        Reader.OfKey newest = situation.column() == Column.MANAGED
                        && writer() instanceof Reader.OfKey writer
                        && candidates.contains(writer)
                ? writer
                : situation.newest(candidates).orElseThrow();
        return finish(like(wanted, newest), newest);
    }

    private Goal finish(ManagedSettings settings, Reader.OfKey newest) {
        List<Key> kept = new ArrayList<>(List.of(newest.key()));
        situation.keys().stream()
                .filter(key -> key.type().equals(newest.type()) && !key.equals(newest))
                .map(Reader.OfKey::key)
                .sorted((a, b) -> KeyName.BY_SERIAL.compare(b.name(), a.name()))
                .limit(settings.previousKeysKept().orElse(0))
                .forEach(kept::add);
        EncryptionConfiguration target = settings.configuration(kept);
        return Goal.encrypted(settings, target, newest.key(), false);
    }

    private Goal mint(ManagedSettings settings) {
        Key minted = keys.apply(new KeyRequest(settings.keyPrefix().orElse("rekey"), situation.nextSerial()));
        List<Key> kept = new ArrayList<>(List.of(minted));
        situation.keys().stream()
                .filter(key -> key.type().equals(settings.providerType().orElseThrow()))
                .map(Reader.OfKey::key)
                .sorted((a, b) -> KeyName.BY_SERIAL.compare(b.name(), a.name()))
                .limit(settings.previousKeysKept().orElse(0))
                .forEach(kept::add);
        return Goal.encrypted(settings, settings.configuration(kept), minted, true);
    }

    private Goal replaceOthers(Change.Enable enable) {
        List<String> encrypting = situation.rules().stream()
                .filter(rule ->
                        situation.configurations().stream().anyMatch(c -> !(c.writerOf(rule) instanceof Reader.Plain)))
                .toList();
        ManagedSettings settings = enable.settings().orElse(found(new LinkedHashSet<>(encrypting)));
        Set<String> dropped = new LinkedHashSet<>(encrypting);
        dropped.removeIf(rule -> settings.resources().orElseThrow().stream().anyMatch(kept -> Rule.covers(kept, rule)));
        dropped.removeAll(enable.decrypting());
        if (!dropped.isEmpty()) {
            throw refused("the present configuration encrypts " + dropped + ", which would fall back to plain"
                    + NOTHING_CHANGED + "Name them among the resources, or as ones to decrypt");
        }
        return mint(settings);
    }

    /** The settings that are named, else those of the file that {@code newest} stands in. */
    private ManagedSettings like(ManagedSettings wanted, Reader.OfKey newest) {
        Set<String> rules = new LinkedHashSet<>(situation.rules());
        boolean settled = situation.column() == Column.MANAGED;
        int kept = settled ? situation.members().get(0).onDisk().readers().size() - 2 : 0;
        String name = newest.key().name();
        ManagedSettings present = found(rules)
                .withProviderType(newest.type())
                .withPreviousKeysKept(Math.max(0, Math.min(kept, 10)))
                .withKeyPrefix(KeyName.prefixOf(name));
        return wanted.orElse(present);
    }

    private static ManagedSettings found(Set<String> rules) {
        return ManagedSettings.DEFAULT
                .withProviderType("aescbc")
                .withResources(Rule.widest(rules))
                .withPreviousKeysKept(0);
    }

    private Reader writer() {
        EncryptionConfiguration current = situation.members().get(0).onDisk();
        return current.writerOf(current.rules().get(0));
    }

    private boolean newestUnclear(Set<Reader.OfKey> candidates) {
        return candidates.stream()
                        .map(key -> KeyName.serialOf(key.key().name()))
                        .distinct()
                        .count()
                == 1;
    }

    /** Identity in front of keys, on file or loaded: an enable that has not promoted, or a disable that has. */
    private boolean plainWritesFirst() {
        return situation.configurations().stream()
                .flatMap(configuration -> configuration.entries().stream())
                .anyMatch(entry -> entry.providers().get(0) instanceof Provider.Identity
                        && entry.providers().stream().anyMatch(Provider.Keyed.class::isInstance));
    }

    private void refuseMembersThatDiffer() {
        String loaded = situation.members().get(0).loadedHash();
        for (MemberState member : situation.members()) {
            if (!member.loadedHash().equals(loaded) || !member.fileHash().equals(loaded)) {
                throw refused("member " + member.name() + " has another configuration on file or loaded than "
                        + situation.members().get(0).name() + NOTHING_CHANGED
                        + "Put the same file on all members first");
            }
        }
    }

    private String foreignPaths() {
        return situation.members().stream()
                .filter(member -> member.home() == MemberState.Home.FOREIGN)
                .map(member -> member.name() + ": " + member.referred())
                .collect(Collectors.joining(", "));
    }

    private static RefusedException refused(String message) {
        return new RefusedException(message);
    }
}
