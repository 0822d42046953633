package dev.rekey.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a rule's writer and readers mean for the objects: plain where encryption was wanted, or unreadable. */
final class ReaderCautions {
    private final Findings findings;

    ReaderCautions(Findings findings) {
        this.findings = findings;
    }

    void check(List<Entry> entries) {
        Map<ResourceRule, List<Integer>> entriesOf = new LinkedHashMap<>();
        for (int i = 0; i < entries.size(); i++) {
            for (String pattern : entries.get(i).resources()) {
                entriesOf
                        .computeIfAbsent(ResourceRule.parse(pattern), rule -> new ArrayList<>())
                        .add(i);
            }
        }
        entriesOf.forEach((rule, indexes) -> {
            List<Entry> joined = indexes.stream().map(entries::get).toList();
            check(Names.shown(rule.text()), joined, "resources[" + indexes.get(0) + "].providers");
        });
    }

    private void check(String rule, List<Entry> joined, String path) {
        List<Provider> first = joined.get(0).providers();
        if (first.isEmpty()) {
            return;
        }
        if (first.get(0) instanceof Provider.Identity) {
            // Events end by themselves, and the server's own documentation leaves them out in this way.
            if (!rule.equals("events")) {
                findings.add(
                        Code.WRITER_IDENTITY,
                        path + "[0]",
                        "the first provider for " + rule
                                + " is identity, so it is written plain; put identity last to encrypt");
            }
            return;
        }
        boolean readsPlain = joined.stream()
                .anyMatch(entry -> entry.providers().stream().anyMatch(Provider.Identity.class::isInstance));
        if (!readsPlain) {
            findings.add(
                    Code.IDENTITY_MISSING,
                    path,
                    "no identity stands here, so what is stored plain of " + rule
                            + " cannot be read; add identity: {} at the end until all is proved to be encrypted");
        }
    }
}
