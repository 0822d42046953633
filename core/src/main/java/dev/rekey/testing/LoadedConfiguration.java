package dev.rekey.testing;

import dev.rekey.InvalidInputException;
import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.Entry;
import dev.rekey.config.Finding;
import dev.rekey.config.Key;
import dev.rekey.config.Provider;
import dev.rekey.config.Reader;
import dev.rekey.config.ServerProfile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A configuration in an apiserver's memory. How a resource finds its readers is written here anew and not asked of {@code config},
 * so that one does not repeat the other's mistakes.
 */
final class LoadedConfiguration {
    /** Runs without a configuration: everything is plain. */
    static final LoadedConfiguration NONE = new LoadedConfiguration("", List.of());

    private final String sha256;
    private final List<Entry> entries;
    private final Map<String, List<Reader>> readers = new HashMap<>();

    private LoadedConfiguration(String sha256, List<Entry> entries) {
        this.sha256 = sha256;
        this.entries = entries;
    }

    /** Empty where a server of that profile would refuse the file. */
    static Optional<LoadedConfiguration> parse(byte[] content, String sha256, ServerProfile server) {
        try {
            EncryptionConfiguration configuration = EncryptionConfiguration.parse(content);
            boolean refused = configuration.validate(server).stream()
                    .anyMatch(finding -> finding.severity() == Finding.Severity.ERROR);
            return refused ? Optional.empty() : Optional.of(new LoadedConfiguration(sha256, configuration.entries()));
        } catch (InvalidInputException e) {
            return Optional.empty();
        }
    }

    /** Of the file; empty for {@link #NONE}. */
    String sha256() {
        return sha256;
    }

    Reader writer(String resource) {
        return readers(resource).get(0);
    }

    boolean reads(String resource, Reader storedUnder) {
        return readers(resource).contains(storedUnder);
    }

    List<Reader> readers(String resource) {
        return readers.computeIfAbsent(resource, this::lookUp);
    }

    /** Names of the KMS plugins that it calls. */
    Set<String> kmsPlugins() {
        Set<String> names = new TreeSet<>();
        for (Entry entry : entries) {
            for (Provider provider : entry.providers()) {
                if (provider instanceof Provider.Kms kms) {
                    names.add(kms.name());
                }
            }
        }
        return names;
    }

    /** Exact, then the whole group, then everything; no falling through to the next. */
    private List<Reader> lookUp(String resource) {
        for (String pattern : List.of(resource, "*." + group(resource), "*.*")) {
            List<Reader> found = new ArrayList<>();
            for (Entry entry : entries) {
                for (String rule : entry.resources()) {
                    if (sameRule(rule, pattern)) {
                        entry.providers().forEach(provider -> add(provider, found));
                    }
                }
            }
            if (!found.isEmpty()) {
                return List.copyOf(found);
            }
        }
        return List.of(new Reader.Plain());
    }

    /** {@code secrets.} is {@code secrets}; {@code *.} is the core group. */
    private static boolean sameRule(String rule, String pattern) {
        return rule.equals(pattern) || rule.equals(pattern + ".");
    }

    /** Empty for the core group. */
    static String group(String resource) {
        int dot = resource.indexOf('.');
        return dot < 0 ? "" : resource.substring(dot + 1);
    }

    private static void add(Provider provider, List<Reader> readers) {
        if (provider instanceof Provider.Keyed keyed) {
            for (Key key : keyed.keys()) {
                readers.add(new Reader.OfKey(keyed.type(), key));
            }
        } else if (provider instanceof Provider.Kms kms) {
            readers.add(new Reader.OfKms(kms.name(), kms.apiVersion(), kms.endpoint()));
        } else {
            readers.add(new Reader.Plain());
        }
    }
}
