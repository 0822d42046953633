package dev.rekey.rotation;

import dev.rekey.config.Finding.Severity;
import java.util.Locale;

/** What {@link Safety} finds; {@code docs/findings.md} lists the same, and a test compares. */
enum Hazard {
    WRITER_UNREADABLE(Severity.ERROR),
    WRITER_LEAVES(Severity.ERROR),
    READER_LEAVES(Severity.ERROR),
    IDENTITY_LEAVES(Severity.ERROR),
    RULE_LEAVES(Severity.ERROR),
    NAME_AMBIGUOUS(Severity.ERROR),
    NAME_REUSED(Severity.WARNING);

    private final Severity severity;

    Hazard(Severity severity) {
        this.severity = severity;
    }

    Severity severity() {
        return severity;
    }

    /** As findings carry it: lower case with dashes. */
    String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
