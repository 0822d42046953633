package dev.rekey.config;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a rule's writer and readers mean for the objects: plain where encryption was wanted, or unreadable. */
final class ReaderCautions {
    private final EncryptionConfiguration configuration;
    private final Findings findings;

    ReaderCautions(EncryptionConfiguration configuration, Findings findings) {
        this.configuration = configuration;
        this.findings = findings;
    }

    void check() {
        Set<String> seen = new HashSet<>();
        List<Entry> entries = configuration.entries();
        for (int i = 0; i < entries.size(); i++) {
            for (String pattern : entries.get(i).resources()) {
                String rule = ResourceRule.parse(pattern).text();
                if (seen.add(rule) && !entries.get(i).providers().isEmpty()) {
                    check(rule, "resources[" + i + "].providers");
                }
            }
        }
    }

    private void check(String rule, String path) {
        Reader.Plain plain = new Reader.Plain();
        if (configuration.writerOf(rule).equals(plain)) {
            // Events end by themselves, and the server's own documentation leaves them out in this way.
            if (!rule.equals("events")) {
                findings.add(
                        Code.WRITER_IDENTITY,
                        path + "[0]",
                        "the first provider for " + Names.shown(rule)
                                + " is identity, so it is written plain; put identity last to encrypt");
            }
        } else if (!configuration.readersOf(rule).contains(plain)) {
            findings.add(
                    Code.IDENTITY_MISSING,
                    path,
                    "no identity stands here, so what is stored plain of " + Names.shown(rule)
                            + " cannot be read; add identity: {} at the end until all is proved to be encrypted");
        }
    }
}
