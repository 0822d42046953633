package dev.rekey.stored;

import dev.rekey.config.Key;
import dev.rekey.config.KeyMaterial;
import dev.rekey.config.Provider;
import dev.rekey.internal.YamlNode;
import dev.rekey.internal.YamlText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** A value that kube-apiserver's own code encrypted. */
record Vector(String provider, String keyName, byte[] key, String etcdKey, byte[] plain, byte[] stored) {

    static List<Vector> all() {
        try (InputStream in = Vector.class.getResourceAsStream("/vectors/at-rest.json")) {
            String json = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            YamlNode.Sequence list =
                    (YamlNode.Sequence) YamlText.parse(json).first().orElseThrow();
            return list.items().stream()
                    .map(YamlNode.Mapping.class::cast)
                    .map(v -> new Vector(
                            text(v, "Provider"),
                            text(v, "KeyName"),
                            bytes(v, "KeyB64"),
                            text(v, "EtcdKey"),
                            bytes(v, "PlainB64"),
                            bytes(v, "StoredB64")))
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Those with a key of the file. */
    static List<Vector> keyed() {
        return all().stream().filter(v -> !v.provider.startsWith("kms")).toList();
    }

    static List<Vector> kms() {
        return all().stream().filter(v -> v.provider.startsWith("kms")).toList();
    }

    static Vector first(String provider) {
        return all().stream()
                .filter(v -> v.provider.startsWith(provider))
                .findFirst()
                .orElseThrow();
    }

    Provider reader() {
        return reader(provider, keyName, key);
    }

    static Provider reader(String type, String name, byte[] key) {
        List<Key> keys = List.of(new Key(name, KeyMaterial.of(key)));
        return switch (type) {
            case "aescbc" -> new Provider.AesCbc(keys);
            case "aesgcm" -> new Provider.AesGcm(keys);
            case "secretbox" -> new Provider.Secretbox(keys);
            default -> throw new IllegalArgumentException(type);
        };
    }

    /** Where the bytes after the name begin. */
    int payload() {
        return ("k8s:enc:" + (provider.startsWith("kms") ? "kms:v2" : provider + ":v1") + ":" + keyName + ":").length();
    }

    private static String text(YamlNode.Mapping vector, String field) {
        return ((YamlNode.Scalar) vector.value(field)).text();
    }

    private static byte[] bytes(YamlNode.Mapping vector, String field) {
        return Base64.getDecoder().decode(text(vector, field));
    }

    @Override
    public String toString() {
        return provider + ", key of " + key.length + " bytes, " + plain.length + " bytes";
    }
}
