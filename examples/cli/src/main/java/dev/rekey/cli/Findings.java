package dev.rekey.cli;

import dev.rekey.config.Finding;
import dev.rekey.config.Finding.Severity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What is said about one file. */
record Findings(String name, List<Finding> findings) {
    Findings {
        findings = List.copyOf(findings);
    }

    /** Whether no finding is an error. */
    boolean isValid() {
        return count(Severity.ERROR) == 0;
    }

    /** A line for each, as compilers write them, and the sum. */
    String describe(String server) {
        List<String> lines = new ArrayList<>();
        findings.forEach(finding -> lines.add(line(name, finding)));
        lines.add(name + ": " + (isValid() ? "valid" : "invalid") + " for " + server
                + (findings.isEmpty()
                        ? ""
                        : String.format(
                                " (errors: %d, warnings: %d, infos: %d)",
                                count(Severity.ERROR), count(Severity.WARNING), count(Severity.INFO))));
        return String.join(System.lineSeparator(), lines);
    }

    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("valid", isValid());
        map.put("findings", findings.stream().map(Finding::toMap).toList());
        return map;
    }

    static String line(String name, Finding finding) {
        return name + (finding.line() > 0 ? ":" + finding.line() : "") + ": "
                + finding.severity().name().toLowerCase(Locale.ROOT) + " (" + finding.code() + "): "
                + (finding.path().isEmpty() ? "" : finding.path() + ": ") + finding.message();
    }

    private long count(Severity severity) {
        return findings.stream()
                .filter(finding -> finding.severity() == severity)
                .count();
    }
}
