package dev.rekey.rotation;

import dev.rekey.RefusedException;
import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.Entry;
import dev.rekey.config.Key;
import dev.rekey.config.KeyMaterial;
import dev.rekey.config.Provider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Does what a refusal says: makes of one call the two or three that it names, from members that are alike. */
final class Advice {
    private static final Provider KEYED =
            new Provider.Secretbox(List.of(new Key("advised", KeyMaterial.of(new byte[32]))));

    private Advice() {}

    /** The targets of the calls, in their order; none where the message names none. */
    static List<EncryptionConfiguration> calls(
            String message, EncryptionConfiguration present, EncryptionConfiguration target) {
        List<EncryptionConfiguration> calls = new ArrayList<>();
        if (message.contains("first the rules that are there with a provider that has keys")) {
            calls.add(keyed(present));
        }
        if (message.contains("the target's rules with")) {
            calls.add(keyed(target));
        }
        if (!calls.isEmpty()) {
            calls.add(target);
        }
        return calls;
    }

    /** Whether each of the calls goes through after the one before. */
    static boolean works(EncryptionConfiguration present, List<EncryptionConfiguration> calls) {
        EncryptionConfiguration there = present;
        for (EncryptionConfiguration next : calls) {
            try {
                Stages.between(Map.of("m", new MemberConfigurations(there, List.of(there))), next);
            } catch (RefusedException e) {
                return false;
            }
            there = next;
        }
        return true;
    }

    private static EncryptionConfiguration keyed(EncryptionConfiguration configuration) {
        return new EncryptionConfiguration(configuration.entries().stream()
                .map(entry -> new Entry(
                        entry.resources(),
                        entry.providers().stream()
                                .map(provider -> provider instanceof Provider.Kms ? KEYED : provider)
                                .toList()))
                .toList());
    }
}
