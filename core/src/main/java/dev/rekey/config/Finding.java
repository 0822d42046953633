package dev.rekey.config;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Something about an input that a careful person wants to know. Never holds content of the file beyond names.
 *
 * @param code stable, lower-case with dashes
 * @param path the field, as {@code resources[0].providers[1].aescbc.keys[0].secret}; empty for the whole file
 * @param line counted from 1; 0 where the input has no text
 */
public record Finding(Severity severity, String code, String path, int line, String message) implements Serializable {
    /** How much it matters. */
    public enum Severity {
        /** An apiserver would refuse the file, or an object would become unreadable. */
        ERROR,
        /** An apiserver takes it; a careful person would not. */
        WARNING,
        /** Worth knowing. */
        INFO
    }

    /** For JSON, in the fixed order severity, code, path, line, message. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("severity", severity.name().toLowerCase(java.util.Locale.ROOT));
        map.put("code", code);
        map.put("path", path);
        map.put("line", line);
        map.put("message", message);
        return map;
    }
}
