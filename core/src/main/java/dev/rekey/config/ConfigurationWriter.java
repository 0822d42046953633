package dev.rekey.config;

import java.time.Duration;
import java.util.Base64;

/** Builds the text itself: a YAML library would leave strings unquoted that the server's older YAML reads as something else. */
final class ConfigurationWriter {
    private final StringBuilder out = new StringBuilder();

    private ConfigurationWriter() {}

    static String write(EncryptionConfiguration configuration) {
        ConfigurationWriter writer = new ConfigurationWriter();
        writer.line("apiVersion: apiserver.config.k8s.io/v1");
        writer.line("kind: EncryptionConfiguration");
        writer.line(configuration.entries().isEmpty() ? "resources: []" : "resources:");
        configuration.entries().forEach(writer::entry);
        return writer.out.toString();
    }

    private void entry(Entry entry) {
        line(entry.resources().isEmpty() ? "- resources: []" : "- resources:");
        for (String resource : entry.resources()) {
            line("  - " + quoted(resource));
        }
        line(entry.providers().isEmpty() ? "  providers: []" : "  providers:");
        for (Provider provider : entry.providers()) {
            if (provider instanceof Provider.Keyed keyed) {
                keys(keyed);
            } else if (provider instanceof Provider.Kms kms) {
                kms(kms);
            } else {
                line("  - identity: {}");
            }
        }
    }

    private void keys(Provider.Keyed keyed) {
        line("  - " + keyed.type() + ":");
        line(keyed.keys().isEmpty() ? "      keys: []" : "      keys:");
        for (Key key : keyed.keys()) {
            line("      - name: " + quoted(key.name()));
            String secret = Base64.getEncoder().encodeToString(key.material().exposeBytes());
            line("        secret: " + quoted(secret));
        }
    }

    private void kms(Provider.Kms kms) {
        line("  - kms:");
        line("      apiVersion: " + quoted(kms.apiVersion()));
        line("      name: " + quoted(kms.name()));
        line("      endpoint: " + quoted(kms.endpoint()));
        kms.cacheSize().ifPresent(size -> line("      cachesize: " + size));
        line("      timeout: " + quoted(goDuration(kms.timeout())));
    }

    private void line(String text) {
        out.append(text).append('\n');
    }

    /** As Go's {@code time.ParseDuration} reads it, in the largest unit that holds it exactly. */
    private static String goDuration(Duration duration) {
        if (duration.equals(Duration.ofSeconds(duration.toSeconds()))) {
            return duration.toSeconds() + "s";
        }
        if (duration.equals(Duration.ofMillis(duration.toMillis()))) {
            return duration.toMillis() + "ms";
        }
        return duration.toNanos() + "ns";
    }

    /** In single quotes; in double quotes where a character would not survive them. */
    private static String quoted(String text) {
        if (text.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            return "'" + text.replace("'", "''") + "'";
        }
        StringBuilder escaped = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            if (c >= ' ' && c < 0x7f) {
                escaped.append(c == '"' || c == '\\' ? "\\" : "").appendCodePoint(c);
            } else {
                escaped.append(String.format(c > 0xffff ? "\\U%08x" : "\\u%04x", c));
            }
        });
        return escaped.append('"').toString();
    }
}
