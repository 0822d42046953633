package dev.rekey.stored;

import dev.rekey.config.KeyRef;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes the prefix of a value apart in place. */
final class ValuePrefix {
    private static final byte[] ENCRYPTED = ascii("k8s:enc:");
    private static final byte[] PROTOBUF = {'k', '8', 's', 0};
    /** The tag by which CBOR describes itself, RFC 8949 section 3.4.6. */
    private static final byte[] CBOR = {(byte) 0xd9, (byte) 0xd9, (byte) 0xf7};

    /** A longer name of somebody else's key is not looked for: the value is damaged. */
    private static final int MAX_UNKNOWN_NAME = 512;

    private static final List<Format> FORMATS = List.of(
            new Format("aescbc", "v1"),
            new Format("aesgcm", "v1"),
            new Format("secretbox", "v1"),
            new Format("kms", "v2"),
            new Format("kms", "v1"));

    private ValuePrefix() {}

    private static final class Format {
        final String type;
        final String version;
        final byte[] prefix;

        Format(String type, String version) {
            this.type = type;
            this.version = version;
            this.prefix = ascii(type + ":" + version + ":");
        }
    }

    static StoredValue parse(byte[] value, Collection<KeyRef> known) {
        if (!startsWith(value, 0, ENCRYPTED)) {
            StoredValue.Form form = form(value);
            return form != null
                    ? new StoredValue.Plain(form)
                    : new StoredValue.Damaged(value.length == 0 ? "it is empty" : "it begins like no stored object");
        }
        for (Format format : FORMATS) {
            if (startsWith(value, ENCRYPTED.length, format.prefix)) {
                return named(value, ENCRYPTED.length + format.prefix.length, format, known);
            }
        }
        return new StoredValue.Damaged("it is encrypted by a provider or in a version that Rekey does not know");
    }

    static StoredValue.@Nullable Form form(byte[] value) {
        if (startsWith(value, 0, PROTOBUF)) {
            return StoredValue.Form.PROTOBUF;
        }
        if (value.length > 0 && value[0] == '{') {
            return StoredValue.Form.JSON;
        }
        return startsWith(value, 0, CBOR) ? StoredValue.Form.CBOR : null;
    }

    private static StoredValue named(byte[] value, int nameAt, Format format, Collection<KeyRef> known) {
        KeyRef longest = null;
        int offset = -1;
        String damage = "";
        for (KeyRef ref : known) {
            int end = ref.type().equals(format.type) ? afterName(value, nameAt, ref.name()) : -1;
            if (end > offset) {
                String problem = Payload.problem(format.type, format.version, value, end);
                if (problem.isEmpty()) {
                    longest = ref;
                    offset = end;
                } else {
                    damage = "it is encrypted under " + ref + ", but " + problem;
                }
            }
        }
        if (longest != null) {
            return new StoredValue.Encrypted(longest, format.version, offset);
        }
        return damage.isEmpty() ? unknown(value, nameAt, format) : new StoredValue.Damaged(damage);
    }

    /** The offset after {@code name} and its colon; -1 where something else stands there. Encodes as it goes. */
    static int afterName(byte[] value, int at, String name) {
        int here = at;
        for (int i = 0; i < name.length(); ) {
            int c = name.codePointAt(i);
            i += Character.charCount(c);
            int bytes = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
            if (here + bytes > value.length) {
                return -1;
            }
            int lead = bytes == 1 ? c : ((0xf00 >> bytes) & 0xff) | (c >> (6 * (bytes - 1)));
            if ((value[here] & 0xff) != lead) {
                return -1;
            }
            for (int follow = 1; follow < bytes; follow++) {
                if ((value[here + follow] & 0xff) != (0x80 | ((c >> (6 * (bytes - 1 - follow))) & 0x3f))) {
                    return -1;
                }
            }
            here += bytes;
        }
        return here < value.length && value[here] == ':' ? here + 1 : -1;
    }

    private static StoredValue unknown(byte[] value, int nameAt, Format format) {
        int limit = Math.min(value.length, nameAt + MAX_UNKNOWN_NAME + 1);
        int colon = nameAt;
        while (colon < limit && value[colon] != ':') {
            colon++;
        }
        if (colon == limit || colon == nameAt) {
            return new StoredValue.Damaged("it is encrypted by " + format.type + ", but no key's name follows");
        }
        try {
            String name = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value, nameAt, colon - nameAt))
                    .toString();
            if (name.chars().noneMatch(Character::isISOControl)) {
                return new StoredValue.Encrypted(new KeyRef(format.type, name), format.version, colon + 1);
            }
        } catch (CharacterCodingException e) {
            // Not quoted: what is no text is no name, but perhaps the middle of a value.
        }
        return new StoredValue.Damaged("it is encrypted by " + format.type + ", but what follows is no key's name");
    }

    private static boolean startsWith(byte[] value, int at, byte[] prefix) {
        if (value.length - at < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (value[at + i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
