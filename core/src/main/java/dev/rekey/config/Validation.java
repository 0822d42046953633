package dev.rekey.config;

import java.util.List;

/** Everything that is known about a configuration without asking a server: its own checks, and those of a careful person. */
final class Validation {
    private Validation() {}

    static List<Finding> of(EncryptionConfiguration configuration, ServerProfile server) {
        Findings findings = new Findings();
        validate(configuration, server, findings);
        return findings.sorted();
    }

    static void validate(EncryptionConfiguration configuration, ServerProfile server, Findings findings) {
        List<Entry> entries = configuration.entries();
        if (entries.isEmpty()) {
            findings.add(
                    Code.REQUIRED,
                    "resources",
                    "no entry stands under resources; name at least one resource and provider");
            return;
        }
        KeyRules keys = new KeyRules(findings);
        KmsRules kms = new KmsRules(server, findings);
        for (int i = 0; i < entries.size(); i++) {
            String path = "resources[" + i + "]";
            List<Provider> providers = entries.get(i).providers();
            if (providers.isEmpty()) {
                findings.add(
                        Code.REQUIRED,
                        path + ".providers",
                        "the entry has no provider; add one, and identity: {} to read plain values");
            }
            for (int j = 0; j < providers.size(); j++) {
                String at = path + ".providers[" + j + "]." + providers.get(j).type();
                if (providers.get(j) instanceof Provider.Keyed keyed) {
                    keys.check(keyed, at + ".keys");
                } else if (providers.get(j) instanceof Provider.Kms plugin) {
                    kms.check(plugin, at);
                }
            }
        }
        new ResourceRules(server, findings).check(entries);
        new ReaderCautions(findings).check(entries);
    }
}
