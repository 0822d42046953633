package dev.rekey.rotation;

import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.Entry;
import dev.rekey.config.Finding.Severity;
import dev.rekey.config.Key;
import dev.rekey.config.Provider;
import dev.rekey.config.ServerProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What members have, and what is wanted; prints itself short enough to read. */
record Case(Map<String, MemberConfigurations> members, EncryptionConfiguration target) {
    static final ServerProfile SERVER = ServerProfile.of("1.36.3").withAutomaticReload(true);

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

    @Override
    public String toString() {
        List<String> lines = new ArrayList<>();
        members.forEach((name, member) -> {
            lines.add(name + " loaded  " + text(member.loaded()));
            member.files().forEach(file -> lines.add(name + " on file " + text(file)));
        });
        lines.add("target " + text(target));
        return String.join("\n", lines);
    }

    static String text(EncryptionConfiguration configuration) {
        if (configuration.entries().isEmpty()) {
            return "nothing";
        }
        return configuration.entries().stream().map(Case::text).collect(Collectors.joining(" | "));
    }

    private static String text(Entry entry) {
        return String.join(",", entry.resources()) + " = "
                + entry.providers().stream().map(Case::text).collect(Collectors.joining(" "));
    }

    private static String text(Provider provider) {
        if (provider instanceof Provider.Keyed keyed) {
            return keyed.type() + keyed.keys().stream().map(Case::text).toList();
        }
        if (provider instanceof Provider.Kms kms) {
            return "kms[" + kms.name() + " " + kms.endpoint() + " "
                    + kms.timeout().toSeconds() + "s]";
        }
        return "identity";
    }

    private static String text(Key key) {
        return key.name() + "/" + key.material().fingerprint().substring(0, 2);
    }
}
