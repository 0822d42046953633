package dev.rekey.rotation;

import dev.rekey.RefusedException;
import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.Provider;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** From the provider lists of a stage to its file; and what to do where there is none that the server takes. */
final class StageFile {
    private final List<String> rules;
    private final List<EncryptionConfiguration> present;
    private final EncryptionConfiguration target;

    StageFile(List<String> rules, List<EncryptionConfiguration> present, EncryptionConfiguration target) {
        this.rules = rules;
        this.present = present;
        this.target = target;
    }

    EncryptionConfiguration of(Map<String, List<Provider>> lists) {
        EncryptionConfiguration file = Assembly.of(rules, lists, target).orElseThrow(() -> refusal(lists));
        Ambiguity.refuse(rules, file);
        return file;
    }

    private RefusedException refusal(Map<String, List<Provider>> lists) {
        String needing = rules.stream()
                .filter(rule ->
                        !KmsPlugins.names(lists.getOrDefault(rule, List.of())).isEmpty())
                .collect(Collectors.joining(", "));
        boolean before = present.stream().anyMatch(StageFile::hasKms);
        boolean after = hasKms(target);
        String calls;
        if (before && after) {
            calls =
                    "three calls: first the rules that are there with a provider that has keys (secretbox, for example), then the"
                            + " target's rules with it, then this one";
        } else if (before) {
            calls =
                    "two calls: first the rules that are there with a provider that has keys (secretbox, for example), then this one";
        } else {
            calls =
                    "two calls: first the target's rules with a provider that has keys (secretbox, for example), then this one";
        }
        return new RefusedException(
                "on the way, the rules " + needing + " have to read with a KMS provider and write with"
                        + " different ones, and a server takes the name of a KMS provider in one entry of a file only; no file was found that does that."
                        + " Nothing was changed. Make it " + calls);
    }

    private static boolean hasKms(EncryptionConfiguration configuration) {
        return configuration.entries().stream()
                .anyMatch(entry -> !KmsPlugins.names(entry.providers()).isEmpty());
    }
}
