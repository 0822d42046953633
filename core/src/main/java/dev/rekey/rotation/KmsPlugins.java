package dev.rekey.rotation;

import dev.rekey.RefusedException;
import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.Provider;
import dev.rekey.config.Reader;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The KMS providers of all configurations. Their names stand once in a file, so members must agree on each one's parameters. */
final class KmsPlugins {
    private final Map<Reader, Provider.Kms> agreed = new HashMap<>();

    private KmsPlugins() {}

    /** With the target's parameters, else the smallest of those that are there. Refuses where one name is two plugins. */
    static KmsPlugins of(List<EncryptionConfiguration> present, EncryptionConfiguration target) {
        KmsPlugins plugins = new KmsPlugins();
        Stream.concat(
                        of(target),
                        present.stream()
                                .flatMap(KmsPlugins::of)
                                .sorted(Comparator.comparing(Provider.Kms::timeout)
                                        .thenComparing(kms -> kms.cacheSize().orElse(0))))
                .forEach(kms -> plugins.agreed.putIfAbsent(kms.readers().get(0), kms));
        plugins.refuseOneNameForTwo();
        return plugins;
    }

    /** The provider with the parameters that were agreed on. */
    Provider agreed(Provider provider) {
        return provider instanceof Provider.Kms kms
                ? agreed.getOrDefault(kms.readers().get(0), kms)
                : provider;
    }

    /** Of one provider list. */
    static Set<String> names(List<Provider> providers) {
        return providers.stream()
                .filter(Provider.Kms.class::isInstance)
                .map(kms -> ((Provider.Kms) kms).name())
                .collect(Collectors.toSet());
    }

    private static Stream<Provider.Kms> of(EncryptionConfiguration configuration) {
        return configuration.entries().stream()
                .flatMap(entry -> entry.providers().stream())
                .filter(Provider.Kms.class::isInstance)
                .map(Provider.Kms.class::cast);
    }

    private void refuseOneNameForTwo() {
        agreed.values().stream()
                .collect(Collectors.groupingBy(Provider.Kms::name, Collectors.counting()))
                .forEach((name, count) -> {
                    if (count > 1) {
                        throw new RefusedException("the KMS name " + name
                                + " stands for " + count
                                + " plugins, with other endpoints or versions of the API; both must stay"
                                + " readable for a while, and a server takes a name once in a file. Nothing was changed. Give the new"
                                + " plugin another name");
                    }
                });
    }
}
