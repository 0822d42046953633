package dev.rekey.config;

import dev.rekey.config.Finding.Severity;

/** Every finding that this package makes; {@code docs/findings.md} lists the same, and a test compares. */
enum Code {
    // The text
    NOT_UTF_8(Severity.ERROR),
    EMPTY_FILE(Severity.ERROR),
    SYNTAX(Severity.ERROR),
    UNSUPPORTED_TEXT(Severity.ERROR),
    MORE_DOCUMENTS(Severity.WARNING),
    // Decoding
    WRONG_KIND(Severity.ERROR),
    LEGACY_KIND(Severity.INFO),
    UNKNOWN_FIELD(Severity.ERROR),
    DUPLICATE_FIELD(Severity.ERROR),
    WRONG_TYPE(Severity.ERROR),
    PROVIDER_COUNT(Severity.ERROR),
    BASE64(Severity.ERROR),
    DURATION(Severity.ERROR),
    // What the server refuses
    REQUIRED(Severity.ERROR),
    KEY_LENGTH(Severity.ERROR),
    RESOURCE_NAME(Severity.ERROR),
    RESOURCE_DUPLICATE(Severity.ERROR),
    RESOURCE_OVERLAP(Severity.ERROR),
    RESOURCE_MASKED(Severity.ERROR),
    KMS_NAME(Severity.ERROR),
    KMS_DUPLICATE(Severity.ERROR),
    KMS_ENDPOINT(Severity.ERROR),
    KMS_TIMEOUT(Severity.ERROR),
    KMS_CACHE_SIZE(Severity.ERROR),
    KMS_API_VERSION(Severity.ERROR),
    KMS_V1_DISABLED(Severity.ERROR),
    KMS_V2_DISABLED(Severity.ERROR),
    // What it takes, and a careful person would not
    RESOURCE_UNKNOWN(Severity.WARNING),
    RESOURCE_WITHOUT_EFFECT(Severity.WARNING),
    RESOURCE_SPLIT(Severity.WARNING),
    WRITER_IDENTITY(Severity.WARNING),
    IDENTITY_MISSING(Severity.WARNING),
    KEY_NAME_REUSED(Severity.WARNING),
    KEY_NAME_COLON(Severity.INFO),
    KEY_PRINTABLE(Severity.WARNING),
    KEY_SHORT(Severity.INFO),
    KEY_HEX(Severity.WARNING),
    KEY_TWICE(Severity.WARNING),
    KMS_API_VERSION_OMITTED(Severity.WARNING),
    KMS_NAME_REUSED(Severity.WARNING),
    KMS_V1_DEPRECATED(Severity.WARNING),
    KMS_ENDPOINT_PATH(Severity.WARNING),
    PLACEHOLDER(Severity.WARNING);

    private final Severity severity;

    Code(Severity severity) {
        this.severity = severity;
    }

    Severity severity() {
        return severity;
    }

    /** As findings carry it: lower case with dashes. */
    String text() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
