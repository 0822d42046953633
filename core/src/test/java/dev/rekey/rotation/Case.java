package dev.rekey.rotation;

import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.Finding.Severity;
import dev.rekey.config.ServerProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What members have, and what is wanted; prints itself short enough to read. */
record Case(Map<String, MemberConfigurations> members, EncryptionConfiguration target) {
    static final ServerProfile SERVER = ServerProfile.of("1.36.3").withAutomaticReload(true);

    private static final Pattern LINE = Pattern.compile("(\\S+) +(has|loaded|on file|) *(.*)");

    Case {
        members = new TreeMap<>(members);
    }

    Stages stages() {
        return Stages.between(members, target);
    }

    /** The configurations of all members, loaded and on file. */
    Stream<EncryptionConfiguration> present() {
        return members.values().stream().flatMap(Case::of);
    }

    static Stream<EncryptionConfiguration> of(MemberConfigurations member) {
        return Stream.concat(Stream.of(member.loaded()), member.files().stream());
    }

    /** Whether the server would take each configuration of it; a member without any has none. */
    boolean isPossible() {
        return Stream.concat(present(), Stream.of(target))
                .allMatch(configuration -> configuration.entries().isEmpty() || isValid(configuration));
    }

    static boolean isValid(EncryptionConfiguration configuration) {
        return configuration.validate(SERVER).stream().noneMatch(finding -> finding.severity() == Severity.ERROR);
    }

    /**
     * From lines such as {@code m1 has secrets = identity} (loaded and on file), {@code m1 loaded …}, {@code m1 on file …} and
     * {@code target …}.
     */
    static Case read(String text) {
        Map<String, EncryptionConfiguration> loaded = new TreeMap<>();
        Map<String, List<EncryptionConfiguration>> files = new TreeMap<>();
        EncryptionConfiguration target = MemberConfigurations.NO_CONFIGURATION;
        for (String line : text.lines().toList()) {
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                throw new IllegalArgumentException(line);
            }
            EncryptionConfiguration configuration = Sketch.read(matcher.group(3));
            String name = matcher.group(1);
            if (name.equals("target")) {
                target = configuration;
                continue;
            }
            loaded.putIfAbsent(name, MemberConfigurations.NO_CONFIGURATION);
            if (!matcher.group(2).equals("on file")) {
                loaded.put(name, configuration);
            }
            if (!matcher.group(2).equals("loaded") && !configuration.entries().isEmpty()) {
                files.computeIfAbsent(name, n -> new ArrayList<>()).add(configuration);
            }
        }
        Map<String, MemberConfigurations> members = new TreeMap<>();
        loaded.forEach((name, configuration) ->
                members.put(name, new MemberConfigurations(configuration, files.getOrDefault(name, List.of()))));
        return new Case(members, target);
    }

    @Override
    public String toString() {
        List<String> lines = new ArrayList<>();
        members.forEach((name, member) -> {
            lines.add(name + " loaded " + Sketch.text(member.loaded()));
            member.files().forEach(file -> lines.add(name + " on file " + Sketch.text(file)));
        });
        lines.add("target " + Sketch.text(target));
        return String.join("\n", lines);
    }
}
