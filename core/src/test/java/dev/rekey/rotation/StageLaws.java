package dev.rekey.rotation;

import dev.rekey.RefusedException;
import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.Provider;
import dev.rekey.config.Reader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** What must hold for the stages of any case. The laws speak of resources, and never of how the stages are made. */
final class StageLaws {
    /** Some with a rule of their own in a case, some covered by a wildcard alone, some by nothing. */
    static final List<String> RESOURCES = List.of(
            "secrets",
            "configmaps",
            "serviceaccounts",
            "deployments.apps",
            "daemonsets.apps",
            "pandas.example.com",
            "bears.example.com");

    private final Case given;
    private final BiFunction<Map<String, MemberConfigurations>, EncryptionConfiguration, Stages> between;
    private final List<String> broken = new ArrayList<>();

    private StageLaws(
            Case given, BiFunction<Map<String, MemberConfigurations>, EncryptionConfiguration, Stages> between) {
        this.given = given;
        this.between = between;
    }

    /** The laws that the stages of {@code given} break; none where it is refused with a reason. */
    static List<String> brokenBy(Case given) {
        return brokenBy(given, Stages::between);
    }

    /** The same of other ways to make stages. */
    static List<String> brokenBy(
            Case given, BiFunction<Map<String, MemberConfigurations>, EncryptionConfiguration, Stages> between) {
        StageLaws laws = new StageLaws(given, between);
        Stages stages;
        try {
            stages = between.apply(given.members(), given.target());
        } catch (RefusedException e) {
            laws.refusal(e);
            return laws.broken;
        }
        laws.structure(stages);
        RESOURCES.forEach(resource -> laws.readable(stages, resource));
        if (laws.broken.isEmpty()) {
            laws.goesOn(stages);
        }
        return laws.broken;
    }

    /** Where keys are in the files and every name is used once, there always is a way. */
    private void refusal(RefusedException refused) {
        String message = String.valueOf(refused.getMessage());
        law(message.contains("othing was changed"), "the refusal does not say that nothing was changed");
        law(message.length() > 150, "the refusal gives no reason");
        boolean kms = Stream.concat(given.present(), Stream.of(given.target()))
                .flatMap(configuration -> configuration.readers().stream())
                .anyMatch(Reader.OfKms.class::isInstance);
        boolean ambiguous = RESOURCES.stream().anyMatch(this::isAmbiguous);
        law(kms || ambiguous, "refused without need: " + message);
        given.present()
                .findFirst()
                .filter(one -> !ambiguous && given.present().allMatch(one::equals))
                .ifPresent(present -> law(
                        Advice.works(present, Advice.calls(message, present, given.target())),
                        "what the refusal advises is refused too: " + message));
    }

    private boolean isAmbiguous(String resource) {
        return ambiguous(everyReader(resource));
    }

    private void structure(Stages stages) {
        law(stages.retire().equals(given.target()), "retire is not the target verbatim");
        law(stages.introduce().keySet().equals(given.members().keySet()), "introduce lacks a member");
        Map<String, EncryptionConfiguration> named = new LinkedHashMap<>();
        stages.introduce().forEach((name, configuration) -> named.put("introduce of " + name, configuration));
        named.put("promote", stages.promote());
        named.forEach((name, configuration) -> {
            law(configuration.entries().isEmpty() == stages.rules().isEmpty(), name + " is empty");
            law(
                    stages.rules().isEmpty() || Case.isValid(configuration),
                    name + " is refused by the server: " + configuration.validate(Case.SERVER));
            law(
                    EncryptionConfiguration.parse(configuration.render().exposeBytes())
                            .equals(configuration),
                    name + " is not read back as it was");
        });
        Map<String, MemberConfigurations> backwards = new LinkedHashMap<>();
        List<String> names = new ArrayList<>(given.members().keySet());
        for (int i = names.size() - 1; i >= 0; i--) {
            backwards.put(names.get(i), Objects.requireNonNull(given.members().get(names.get(i))));
        }
        law(between.apply(backwards, given.target()).equals(stages), "the order of members makes a difference");
    }

    private void readable(Stages stages, String resource) {
        Set<Reader> everything = everyReader(resource);
        given.members().forEach((name, member) -> {
            EncryptionConfiguration introduced =
                    Objects.requireNonNull(stages.introduce().get(name));
            law(
                    introduced.writerOf(resource).equals(member.loaded().writerOf(resource)),
                    "introduce of " + name + " changes the writer of " + resource);
            law(reads(introduced, resource, everything), "introduce of " + name + " cannot read all of " + resource);
        });
        law(
                stages.promote().writerOf(resource).equals(given.target().writerOf(resource)),
                "promote does not write " + resource + " as the target does");
        law(reads(stages.promote(), resource, everything), "promote cannot read all of " + resource);
        mixtures("introduce and promote", stages.introduce().values(), List.of(stages.promote()), resource);
        mixtures("promote and retire", List.of(stages.promote()), List.of(stages.retire()), resource);
        Set<Reader> leaving = new HashSet<>(everything);
        leaving.removeAll(given.target().readersOf(resource));
        RESOURCES.forEach(other -> leaving.removeAll(given.target().readersOf(other)));
        leaving.removeAll(given.target().readers());
        law(stages.retiring().containsAll(leaving), "retiring lacks a reader of " + resource);
        law(
                Stream.concat(stages.introduce().values().stream(), Stream.of(stages.promote()))
                        .noneMatch(configuration -> ambiguous(new HashSet<>(configuration.readersOf(resource)))),
                "one aescbc name stands for two keys of " + resource);
    }

    /** Whoever is in whichever of two stages, loaded or after a restart with its file: each reads what any of them writes. */
    private void mixtures(
            String between,
            Iterable<EncryptionConfiguration> before,
            Iterable<EncryptionConfiguration> after,
            String resource) {
        List<EncryptionConfiguration> all = new ArrayList<>();
        before.forEach(all::add);
        after.forEach(all::add);
        Set<Reader> written = new HashSet<>();
        all.forEach(writing -> written.add(writing.writerOf(resource)));
        for (EncryptionConfiguration reading : all) {
            law(
                    reads(reading, resource, written),
                    "between " + between + " a member cannot read all that is written of " + resource);
        }
    }

    /** A run that was stopped in a stage finds that stage again, and changes nothing that is there. */
    private void goesOn(Stages stages) {
        Map<String, MemberConfigurations> half = new TreeMap<>();
        Map<String, MemberConfigurations> introduced = new TreeMap<>();
        Map<String, MemberConfigurations> halfPromoted = new TreeMap<>();
        Map<String, EncryptionConfiguration> there = new HashMap<>();
        boolean odd = true;
        for (Map.Entry<String, EncryptionConfiguration> member :
                stages.introduce().entrySet()) {
            MemberConfigurations now = in(member.getValue());
            introduced.put(member.getKey(), now);
            half.put(
                    member.getKey(),
                    odd ? now : Objects.requireNonNull(given.members().get(member.getKey())));
            EncryptionConfiguration reached = odd ? stages.promote() : member.getValue();
            halfPromoted.put(member.getKey(), in(reached));
            there.put(member.getKey(), reached);
            odd = !odd;
        }
        resumed("half introduced", half).ifPresent(next -> {
            stages.introduce()
                    .forEach((name, configuration) -> law(
                            Stages.alike(Objects.requireNonNull(next.introduce().get(name)), configuration),
                            "half introduced, " + name + " would be introduced in another way"));
            law(Stages.alike(next.promote(), stages.promote()), "half introduced, another promote comes out");
        });
        resumed("introduced", introduced).ifPresent(next -> {
            stages.introduce()
                    .forEach((name, configuration) -> law(
                            Stages.alike(Objects.requireNonNull(next.introduce().get(name)), configuration),
                            "introduced, " + name + " would be introduced again"));
            law(Stages.alike(next.promote(), stages.promote()), "introduced, another promote comes out");
        });
        resumed("half promoted", halfPromoted).ifPresent(next -> {
            there.forEach((name, configuration) -> law(
                    Stages.alike(Objects.requireNonNull(next.introduce().get(name)), configuration),
                    "half promoted, " + name + " would be introduced again"));
            law(Stages.alike(next.promote(), stages.promote()), "half promoted, another promote comes out");
        });
    }

    private Optional<Stages> resumed(String where, Map<String, MemberConfigurations> members) {
        try {
            return Optional.of(between.apply(members, given.target()));
        } catch (RefusedException e) {
            law(false, where + ", the same call is refused: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static MemberConfigurations in(EncryptionConfiguration stage) {
        return new MemberConfigurations(stage, stage.entries().isEmpty() ? List.of() : List.of(stage));
    }

    private Set<Reader> everyReader(String resource) {
        Set<Reader> readers = new HashSet<>(given.target().readersOf(resource));
        given.present().forEach(configuration -> readers.addAll(configuration.readersOf(resource)));
        return readers;
    }

    private static boolean reads(EncryptionConfiguration configuration, String resource, Set<Reader> readers) {
        return configuration.readersOf(resource).containsAll(readers);
    }

    private static boolean ambiguous(Set<Reader> readers) {
        List<String> names = readers.stream()
                .filter(reader ->
                        reader instanceof Reader.OfKey key && key.type().equals(new Provider.AesCbc(List.of()).type()))
                .map(reader -> reader.ref().name())
                .toList();
        return new HashSet<>(names).size() < names.size();
    }

    private void law(boolean holds, String otherwise) {
        if (!holds) {
            broken.add(otherwise);
        }
    }
}
