package dev.rekey.lifecycle;

import dev.rekey.config.Finding;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a call would do, step by step. Holds names and stages, no key bytes; equal plans do the same.
 *
 * @param outcome what will be true afterwards, or why nothing is to be done, in a line
 * @param findings worth knowing before saying yes
 */
public record Plan(Change change, String outcome, List<Step> steps, List<Finding> findings) implements Serializable {
    /** Copies the lists. */
    public Plan {
        steps = List.copyOf(steps);
        findings = List.copyOf(findings);
    }

    /** Whether nothing is to be done: what is asked for is there and proved. */
    public boolean isEmpty() {
        return steps.isEmpty();
    }

    /** For people: the outcome, then a numbered line for each step. */
    public String describe() {
        StringBuilder text = new StringBuilder(change.describe()).append(": ").append(outcome);
        for (int i = 0; i < steps.size(); i++) {
            text.append(String.format("%n%4d. %s", i + 1, steps.get(i).describe()));
        }
        for (Finding finding : findings) {
            text.append(String.format("%n   %s: %s", finding.code(), finding.message()));
        }
        return text.toString();
    }

    /** For JSON: change, outcome, steps, findings. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("change", change.describe());
        map.put("outcome", outcome);
        map.put("steps", steps.stream().map(Step::describe).collect(Collectors.toList()));
        map.put("findings", findings.stream().map(Finding::toMap).collect(Collectors.toList()));
        return map;
    }

    @Override
    public String toString() {
        return describe();
    }
}
