package dev.rekey.spi;

import dev.rekey.config.Key;
import dev.rekey.config.KeyMaterial;
import dev.rekey.config.Reader;
import dev.rekey.config.Rendered;
import dev.rekey.internal.YamlNode;
import dev.rekey.internal.YamlSyntaxException;
import dev.rekey.internal.YamlText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/** What a message says inside, in words that a person with openssl alone understands; and the label outside of it. */
final class ArchivedKey {
    private ArchivedKey() {}

    /** The bytes are as secret as the key. */
    static byte[] render(Reader.OfKey key) {
        byte[] secret = key.key().material().exposeBytes();
        String text = """
                # A key of Kubernetes encryption at rest, kept by Rekey: as secret as everything that it encrypted.
                # It reads the values in etcd that begin with k8s:enc:<provider>:v1:<name>: once it is in the keys
                # of that provider in the EncryptionConfiguration of every kube-apiserver.
                provider: %s
                name: %s
                secret: %s
                fingerprint: %s
                """.formatted(
                        quoted(key.type()),
                        quoted(key.key().name()),
                        quoted(Base64.getEncoder().encodeToString(secret)),
                        quoted(key.key().material().fingerprint()));
        Arrays.fill(secret, (byte) 0);
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Empty where it is not what {@link #render} made. */
    static Optional<Reader.OfKey> parse(byte[] content) {
        try {
            YamlText text = YamlText.parse(new String(content, StandardCharsets.UTF_8));
            if (!(text.first().orElse(null) instanceof YamlNode.Mapping mapping)) {
                return Optional.empty();
            }
            KeyMaterial material = KeyMaterial.of(Base64.getDecoder().decode(field(mapping, "secret")));
            if (!material.fingerprint().equals(field(mapping, "fingerprint"))) {
                return Optional.empty();
            }
            return Optional.of(new Reader.OfKey(field(mapping, "provider"), new Key(field(mapping, "name"), material)));
        } catch (YamlSyntaxException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String field(YamlNode.Mapping mapping, String name) {
        if (mapping.value(name) instanceof YamlNode.Scalar scalar) {
            return scalar.text();
        }
        throw new IllegalArgumentException("no field " + name);
    }

    /** {@code recipient} is the SHA-256 of the certificate. */
    static String label(Reader.OfKey key, String recipient, byte[] encoded) {
        return "# key {\"provider\": " + quoted(key.type()) + ", \"name\": "
                + quoted(key.key().name())
                + ", \"fingerprint\": \"" + key.key().material().fingerprint() + "\", \"recipient\": \"" + recipient
                + "\", \"message\": \"" + Rendered.sha256(encoded) + "\"}";
    }

    /** A string in YAML; anything but ASCII is escaped, so that it stays on its line and every editor leaves it alone. */
    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                out.append('\\').append((char) c);
            } else if (c >= ' ' && c < 0x7f) {
                out.append((char) c);
            } else if (c > 0xffff) {
                out.append(String.format(Locale.ROOT, "\\U%08x", c));
            } else {
                out.append(String.format(Locale.ROOT, "\\u%04x", c));
            }
        });
        return out.append('"').toString();
    }
}
