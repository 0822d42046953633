package dev.rekey.config;

import dev.rekey.InvalidInputException;
import java.util.List;

/**
 * An EncryptionConfiguration, as kube-apiserver holds it after reading the file.
 *
 * <p>Everywhere a <em>rule</em> is a resource pattern of the file ({@code secrets}, {@code *.apps}, {@code *.*}) or the name
 * of a resource ({@code deployments.apps}); it is looked up as the server does: exactly, then the whole group, then
 * {@code *.*}, and never further once something is found.
 */
public record EncryptionConfiguration(List<Entry> entries) {
    /** Copies {@code entries}. */
    public EncryptionConfiguration {
        entries = List.copyOf(entries);
    }

    /**
     * Reads a file as strictly as the server does. An {@link InvalidInputException} names line, column, path and cause, and
     * never quotes the text. What is read may still be invalid: ask {@link #validate}.
     */
    public static EncryptionConfiguration parse(String text) {
        return ConfigurationText.parse(text).configuration();
    }

    /** Like {@link #parse(String)}; bytes that are not UTF-8 are refused. */
    public static EncryptionConfiguration parse(byte[] utf8) {
        return ConfigurationText.parse(utf8).configuration();
    }

    /** The file's bytes: equal configurations give equal bytes, and reading them gives this configuration again. */
    public Rendered render() {
        return Rendered.of(ConfigurationWriter.write(this));
    }

    /** What a server of that profile refuses, and what a careful person would not do; without lines. */
    public List<Finding> validate(ServerProfile server) {
        return Validation.of(this, server);
    }

    /** The distinct patterns in the file's order, in their shortest writing: {@code secrets.} is {@code secrets}. */
    public List<String> rules() {
        return entries.stream()
                .flatMap(entry -> entry.resources().stream())
                .map(pattern -> ResourceRule.parse(pattern).text())
                .distinct()
                .toList();
    }

    /** The providers that the server uses for {@code rule}; none where no entry fits, and then only identity reads and writes. */
    public List<Provider> providersOf(String rule) {
        ResourceRule wanted = ResourceRule.parse(rule);
        for (ResourceRule candidate : List.of(wanted, wanted.wholeGroup(), ResourceRule.ANYTHING)) {
            List<Provider> providers = entries.stream()
                    .filter(entry -> entry.resources().stream()
                            .anyMatch(pattern -> ResourceRule.parse(pattern).equals(candidate)))
                    .flatMap(entry -> entry.providers().stream())
                    .toList();
            if (!providers.isEmpty()) {
                return providers;
            }
        }
        return List.of();
    }

    /** What encrypts new values of {@code rule}; {@link Reader.Plain} where nothing does. */
    public Reader writerOf(String rule) {
        return readersOf(rule).get(0);
    }

    /** What can read values of {@code rule}, in the order in which the server tries, each once. The first one writes. */
    public List<Reader> readersOf(String rule) {
        List<Reader> readers = providersOf(rule).stream()
                .flatMap(provider -> provider.readers().stream())
                .distinct()
                .toList();
        return readers.isEmpty() ? List.of(new Reader.Plain()) : readers;
    }

    /** The readers of all rules, each once. */
    public List<Reader> readers() {
        return entries.stream()
                .filter(entry -> !entry.resources().isEmpty())
                .flatMap(entry -> entry.providers().stream())
                .flatMap(provider -> provider.readers().stream())
                .distinct()
                .toList();
    }

    /**
     * The sockets of all KMS plugins, each once: a path, or {@code @name} for an abstract one. As the server dials them:
     * of {@code unix://var/run/x.sock} it takes {@code /run/x.sock}.
     */
    public List<String> kmsSockets() {
        return entries.stream()
                .flatMap(entry -> entry.providers().stream())
                .filter(Provider.Kms.class::isInstance)
                .flatMap(kms -> KmsEndpoint.parse(((Provider.Kms) kms).endpoint()).socket().stream())
                .distinct()
                .toList();
    }
}
