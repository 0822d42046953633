package dev.rekey.config;

import dev.rekey.config.Tree.Obj;
import dev.rekey.internal.GoDuration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One element of {@code providers}. */
final class ProviderDecoder {
    private static final Set<String> TYPES = Set.of("aescbc", "aesgcm", "secretbox", "kms", "identity");
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(3);

    private final Findings findings;
    private final Fields fields;

    ProviderDecoder(Findings findings, Fields fields) {
        this.findings = findings;
        this.fields = fields;
    }

    Optional<Provider> decode(Tree tree, String path) {
        findings.place(path, tree.at());
        List<Provider> found = new ArrayList<>();
        int present = 0;
        Optional<Obj> map = fields.map(tree, path);
        if (map.isPresent()) {
            fields.onlyKnown(map.get(), path, TYPES);
            for (Tree.Member member : map.get().members()) {
                if (TYPES.contains(member.name()) && !(member.value() instanceof Tree.Null)) {
                    present++;
                    provider(member.name(), member.value(), Fields.join(path, member.name()))
                            .ifPresent(found::add);
                }
            }
        }
        if (present != 1) {
            findings.add(
                    Code.PROVIDER_COUNT,
                    path,
                    (present == 0
                                    ? "no provider stands in this element"
                                    : "more than one provider stands in this element")
                            + "; each takes one of aescbc, aesgcm, secretbox, kms, identity (as identity: {}, not identity:)");
        }
        return present == 1 ? found.stream().findFirst() : Optional.empty();
    }

    private Optional<Provider> provider(String type, Tree tree, String path) {
        findings.place(path, tree.at());
        Optional<Obj> map = fields.map(tree, path);
        if (map.isEmpty()) {
            return Optional.empty();
        }
        if (type.equals("kms")) {
            return Optional.of(kms(map.get(), path));
        }
        if (!type.equals("identity")) {
            return Provider.Keyed.of(type, keys(map.get(), path)).map(keyed -> keyed);
        }
        fields.onlyKnown(map.get(), path, Set.of());
        return Optional.of(new Provider.Identity());
    }

    private List<Key> keys(Obj map, String path) {
        fields.onlyKnown(map, path, Set.of("keys"));
        List<Key> keys = new ArrayList<>();
        List<Tree> items = fields.list(map, "keys", path);
        for (int i = 0; i < items.size(); i++) {
            String at = path + ".keys[" + i + "]";
            findings.place(at, items.get(i).at());
            Optional<Obj> key = fields.map(items.get(i), at);
            key.ifPresent(fieldsOfKey -> fields.onlyKnown(fieldsOfKey, at, Set.of("name", "secret")));
            keys.add(new Key(
                    key.map(fieldsOfKey -> fields.string(fieldsOfKey, "name", at))
                            .orElse(""),
                    key.map(fieldsOfKey -> secret(fieldsOfKey, at)).orElse(KeyMaterial.of(new byte[0]))));
        }
        return keys;
    }

    private KeyMaterial secret(Obj key, String path) {
        String text = fields.string(key, "secret", path);
        Optional<byte[]> decoded = GoBase64.decode(text);
        if (decoded.isEmpty()) {
            findings.add(Code.BASE64, path + ".secret", Secrets.whyNotBase64(text));
        } else if (Secrets.looksHexadecimal(text)) {
            findings.add(
                    Code.KEY_HEX,
                    path + ".secret",
                    "the secret looks like a key in hexadecimal, and the server reads it as base64: another key, of "
                            + decoded.get().length + " bytes; encode the bytes with base64");
        }
        return KeyMaterial.of(decoded.orElse(new byte[0]));
    }

    private Provider kms(Obj map, String path) {
        fields.onlyKnown(map, path, Set.of("apiVersion", "name", "cachesize", "endpoint", "timeout"));
        String apiVersion = fields.string(map, "apiVersion", path);
        if (apiVersion.isEmpty()) {
            apiVersion = "v1";
            findings.add(
                    Code.KMS_API_VERSION_OMITTED,
                    path + ".apiVersion",
                    "apiVersion is not set, which means v1 and not the newest; set apiVersion: v2 if the plugin speaks it");
        }
        return new Provider.Kms(
                fields.string(map, "name", path),
                apiVersion,
                fields.string(map, "endpoint", path),
                fields.int32(map, "cachesize", path),
                timeout(map, path));
    }

    private Duration timeout(Obj map, String path) {
        if (fields.value(map, "timeout", path).isEmpty()) {
            return DEFAULT_TIMEOUT;
        }
        Optional<Duration> timeout = GoDuration.parse(fields.string(map, "timeout", path));
        if (timeout.isEmpty()) {
            findings.add(
                    Code.DURATION,
                    path + ".timeout",
                    "this is not a duration as Go writes it; write for example 3s or 1m30s");
        }
        return timeout.orElse(DEFAULT_TIMEOUT);
    }
}
