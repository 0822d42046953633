package dev.rekey.rotation;

import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.Entry;
import dev.rekey.config.Key;
import dev.rekey.config.KeyMaterial;
import dev.rekey.config.Provider;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Configurations in a line: {@code secrets,configmaps = aescbc[k2 k1] kms[vault] identity | *.* = identity}. A key is written
 * {@code name/material} where the material is not the one that the name has elsewhere, a plugin {@code name/socket/timeout}.
 */
final class Sketch {
    private static final Pattern PROVIDER = Pattern.compile("([a-z]+)(?:\\[([^\\]]*)\\])?");

    private Sketch() {}

    static EncryptionConfiguration read(String text) {
        if (text.isBlank() || text.strip().equals("nothing")) {
            return MemberConfigurations.NO_CONFIGURATION;
        }
        List<Entry> entries = new ArrayList<>();
        for (String entry : text.split("\\|", -1)) {
            String[] sides = entry.split("=", 2);
            List<Provider> providers = new ArrayList<>();
            Matcher matcher = PROVIDER.matcher(sides[1]);
            while (matcher.find()) {
                providers.add(provider(
                        matcher.group(1), Optional.ofNullable(matcher.group(2)).orElse("")));
            }
            entries.add(new Entry(List.of(sides[0].strip().split(",", -1)), providers));
        }
        return new EncryptionConfiguration(entries);
    }

    private static Provider provider(String type, String content) {
        if (type.equals("identity")) {
            return new Provider.Identity();
        }
        if (type.equals("kms")) {
            String[] parts = content.split("/", -1);
            return kms(
                    parts[0],
                    parts.length > 1 ? parts[1] : parts[0],
                    parts.length > 2 ? Integer.parseInt(parts[2]) : 3);
        }
        List<Key> keys = Arrays.stream(content.split(" ", -1))
                .map(key -> key.split("/", -1))
                .map(parts -> key(parts[0], parts.length > 1 ? parts[1] : parts[0]))
                .toList();
        return Provider.Keyed.of(type, keys).orElseThrow();
    }

    static Key key(String name, String material) {
        return new Key(name, KeyMaterial.of(Arrays.copyOf(material.getBytes(StandardCharsets.UTF_8), 32)));
    }

    static Provider kms(String name, String socket, int seconds) {
        return new Provider.Kms(
                name, "v2", "unix:///run/" + socket + ".sock", Optional.empty(), Duration.ofSeconds(seconds));
    }

    static String text(EncryptionConfiguration configuration) {
        if (configuration.entries().isEmpty()) {
            return "nothing";
        }
        return configuration.entries().stream().map(Sketch::text).collect(Collectors.joining(" | "));
    }

    private static String text(Entry entry) {
        return String.join(",", entry.resources()) + " = "
                + entry.providers().stream().map(Sketch::text).collect(Collectors.joining(" "));
    }

    private static String text(Provider provider) {
        if (provider instanceof Provider.Keyed keyed) {
            return keyed.type() + keyed.keys().stream().map(Sketch::text).collect(Collectors.joining(" ", "[", "]"));
        }
        if (provider instanceof Provider.Kms kms) {
            String socket = kms.endpoint().replaceAll(".*/|\\.sock", "");
            long seconds = kms.timeout().toSeconds();
            String more = socket.equals(kms.name()) && seconds == 3 ? "" : "/" + socket;
            return "kms[" + kms.name() + more + (seconds == 3 ? "" : "/" + seconds) + "]";
        }
        return "identity";
    }

    private static String text(Key key) {
        String material = new String(key.material().exposeBytes(), StandardCharsets.UTF_8).replace("\0", "");
        return key.name().equals(material) ? key.name() : key.name() + "/" + material;
    }
}
