package dev.rekey.config;

import java.util.List;

/** Everything that is known about a configuration without asking a server. */
final class Validation {
    private Validation() {}

    static List<Finding> of(EncryptionConfiguration configuration, ServerProfile server) {
        Findings findings = new Findings();
        validate(configuration, server, findings);
        return findings.sorted();
    }

    static void validate(EncryptionConfiguration configuration, ServerProfile server, Findings findings) {}
}
