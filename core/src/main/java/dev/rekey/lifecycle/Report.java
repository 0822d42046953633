package dev.rekey.lifecycle;

import dev.rekey.spi.RewriteReport;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a successful call did. Holds names, no key bytes.
 *
 * @param done the steps that were carried out; empty where nothing was to do
 * @param rewrites one for each rewrite
 * @param membersAsserted whether nothing but the caller's word says that no other apiserver lives
 */
public record Report(
        Change change, String outcome, List<Step> done, List<RewriteReport> rewrites, boolean membersAsserted)
        implements Serializable {
    private static final String HISTORY =
            "old values live on in etcd's history until it is compacted, and in its WAL, snapshots"
                    + " and backups: keep the archived keys as long as those";

    /** Copies the lists. */
    public Report {
        done = List.copyOf(done);
        rewrites = List.copyOf(rewrites);
    }

    /** Whether there was anything to do. */
    public boolean changedSomething() {
        return !done.isEmpty();
    }

    /** For people. */
    public String describe() {
        List<String> lines = new ArrayList<>();
        lines.add(change.describe() + ": " + outcome);
        for (RewriteReport rewrite : rewrites) {
            lines.add("rewritten: " + String.join(", ", rewrite.resources()) + ": "
                    + rewrite.counts().written() + " written, "
                    + rewrite.counts().current() + " already current, "
                    + rewrite.counts().gone() + " gone");
        }
        if (membersAsserted) {
            lines.add(ClusterObservation.ASSERTED);
        }
        if (!rewrites.isEmpty()) {
            lines.add(HISTORY);
        }
        return String.join(System.lineSeparator(), lines);
    }

    /** For JSON: change, outcome, steps, rewrites, membership ({@code proved} or {@code asserted}). */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("change", change.describe());
        map.put("outcome", outcome);
        map.put("steps", done.stream().map(Step::describe).collect(Collectors.toList()));
        map.put(
                "rewrites",
                rewrites.stream()
                        .map(rewrite -> {
                            Map<String, Object> counts = new LinkedHashMap<>();
                            counts.put("resources", new ArrayList<>(rewrite.resources()));
                            counts.put("written", rewrite.counts().written());
                            counts.put("current", rewrite.counts().current());
                            counts.put("gone", rewrite.counts().gone());
                            counts.put("failed", rewrite.counts().failed());
                            return counts;
                        })
                        .collect(Collectors.toList()));
        map.put("membership", ClusterObservation.membership(membersAsserted));
        return map;
    }

    @Override
    public String toString() {
        return describe();
    }
}
