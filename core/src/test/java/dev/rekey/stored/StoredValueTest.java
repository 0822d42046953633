package dev.rekey.stored;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.config.KeyMaterial;
import dev.rekey.config.KeyRef;
import dev.rekey.stored.StoredValue.Damaged;
import dev.rekey.stored.StoredValue.Encrypted;
import dev.rekey.stored.StoredValue.Form;
import dev.rekey.stored.StoredValue.Plain;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class StoredValueTest {
    private static final Collection<KeyRef> NONE = List.of();

    @ParameterizedTest
    @MethodSource("dev.rekey.stored.Vector#all")
    void whatTheServerWrote_isKnownByItsName(Vector vector) {
        String type = vector.provider().startsWith("kms") ? "kms" : vector.provider();
        String version = type.equals("kms") ? "v2" : "v1";
        Encrypted expected = new Encrypted(new KeyRef(type, vector.keyName()), version, vector.payload());
        assertThat(StoredValue.parse(vector.stored(), NONE)).isEqualTo(expected);
        assertThat(StoredValue.parse(vector.stored(), List.of(new KeyRef(type, vector.keyName()))))
                .isEqualTo(expected);
    }

    @Test
    void plainForms_areKnown() {
        assertThat(StoredValue.parse(bytes("k8s\0\n\u0008\n\u0002v1"), NONE)).isEqualTo(new Plain(Form.PROTOBUF));
        assertThat(StoredValue.parse(bytes("{\"kind\":\"Widget\"}"), NONE)).isEqualTo(new Plain(Form.JSON));
        assertThat(StoredValue.parse(new byte[] {(byte) 0xd9, (byte) 0xd9, (byte) 0xf7, (byte) 0xa0}, NONE))
                .isEqualTo(new Plain(Form.CBOR));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``                              | it is empty",
                "k8s                             | it begins like no stored object",
                "k8s:enc                         | it begins like no stored object",
                "kind: Secret                    | it begins like no stored object",
                "k8s:enc:                        | it is encrypted by a provider or in a version that Rekey does not know",
                "k8s:enc:aescbc                  | it is encrypted by a provider or in a version that Rekey does not know",
                "k8s:enc:aescbc:v2:key1:0123     | it is encrypted by a provider or in a version that Rekey does not know",
                "k8s:enc:rot13:v1:key1:0123      | it is encrypted by a provider or in a version that Rekey does not know",
                "k8s:enc:aescbc:v1:              | it is encrypted by aescbc, but no key's name follows",
                "k8s:enc:aescbc:v1::0123         | it is encrypted by aescbc, but no key's name follows",
                "k8s:enc:aesgcm:v1:noColon       | it is encrypted by aesgcm, but no key's name follows"
            })
    void whatNoServerReads_isDamaged(String value, String reason) {
        assertThat(StoredValue.parse(bytes(value), NONE)).isEqualTo(new Damaged(reason));
    }

    @Test
    void aNameThatIsNoText_isDamagedAndNotQuoted() {
        for (byte[] name :
                List.of(new byte[] {'a', (byte) 0xff, 'b'}, new byte[] {'a', 0x1b, '['}, new byte[] {'a', '\n'})) {
            assertThat(StoredValue.parse(join(bytes("k8s:enc:secretbox:v1:"), name, bytes(":"), new byte[40]), NONE))
                    .isEqualTo(new Damaged("it is encrypted by secretbox, but what follows is no key's name"));
        }
    }

    @Test
    void noColonFarAndWide_isNotTakenForAName() {
        byte[] value = join(bytes("k8s:enc:aesgcm:v1:"), bytes("x".repeat(513) + ":"), new byte[40]);
        assertThat(StoredValue.parse(value, NONE))
                .isEqualTo(new Damaged("it is encrypted by aesgcm, but no key's name follows"));
    }

    @Test
    void aNameWithColons_isKnownOnlyWhereItIsGiven() {
        String name = "aescbckey-2021-12-10T22:54:38Z";
        byte[] value = join(bytes("k8s:enc:aescbc:v1:" + name + ":"), new byte[32]);
        assertThat(StoredValue.parse(value, List.of(new KeyRef("aescbc", "other"), new KeyRef("aescbc", name))))
                .isEqualTo(new Encrypted(new KeyRef("aescbc", name), "v1", value.length - 32));
        assertThat(StoredValue.parse(value, NONE))
                .isEqualTo(new Encrypted(new KeyRef("aescbc", "aescbckey-2021-12-10T22"), "v1", 42));
        assertThat(StoredValue.parse(value, List.of(new KeyRef("aesgcm", name))))
                .as("a key of another provider with that name")
                .isEqualTo(new Encrypted(new KeyRef("aescbc", "aescbckey-2021-12-10T22"), "v1", 42));
    }

    @Test
    void ofNamesThatBeginAlike_theLongestThatFitsCounts() {
        KeyRef a = new KeyRef("aesgcm", "a");
        KeyRef ab = new KeyRef("aesgcm", "a:b");
        byte[] longer = join(bytes("k8s:enc:aesgcm:v1:a:b:"), new byte[28]);
        byte[] shorter = join(bytes("k8s:enc:aesgcm:v1:a:"), new byte[28]);
        byte[] shorterByChance = join(bytes("k8s:enc:aesgcm:v1:a:"), bytes("b:"), new byte[26]);
        for (List<KeyRef> known : List.of(List.of(a, ab), List.of(ab, a))) {
            assertThat(StoredValue.parse(longer, known)).isEqualTo(new Encrypted(ab, "v1", 22));
            assertThat(StoredValue.parse(shorter, known)).isEqualTo(new Encrypted(a, "v1", 20));
            assertThat(StoredValue.parse(shorterByChance, known)).isEqualTo(new Encrypted(a, "v1", 20));
        }
        assertThat(StoredValue.parse(join(bytes("k8s:enc:aesgcm:v1:ab:"), new byte[28]), List.of(a)))
                .isEqualTo(new Encrypted(new KeyRef("aesgcm", "ab"), "v1", 21));
    }

    @Test
    void namesBeyondAscii_areCompared() {
        for (String name : List.of("schlüssel", "鍵", "🔑", "a\u07ff\u0800\uffff")) {
            KeyRef ref = new KeyRef("secretbox", name);
            byte[] prefix = bytes("k8s:enc:secretbox:v1:" + name + ":");
            assertThat(StoredValue.parse(join(prefix, new byte[40]), List.of(ref)))
                    .isEqualTo(new Encrypted(ref, "v1", prefix.length));
            assertThat(StoredValue.parse(join(prefix, new byte[40]), List.of(new KeyRef("secretbox", name + "x"))))
                    .isEqualTo(new Encrypted(ref, "v1", prefix.length));
            for (int end = 0; end < prefix.length; end++) {
                assertThat(StoredValue.parse(Arrays.copyOf(prefix, end), List.of(ref)))
                        .isInstanceOf(Damaged.class);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "aescbc, 0, the 0 bytes after the name are no whole blocks",
        "aescbc, 16, the 16 bytes after the name are no whole blocks",
        "aescbc, 33, the 33 bytes after the name are no whole blocks",
        "aesgcm, 27, the 27 bytes after the name are too few",
        "secretbox, 39, the 39 bytes after the name are too few"
    })
    void aCutValueUnderAKnownName_isDamaged(String type, int length, String problem) {
        byte[] value = join(bytes("k8s:enc:" + type + ":v1:key1:"), new byte[length]);
        assertThat(StoredValue.parse(value, List.of(new KeyRef(type, "key1"))))
                .isEqualTo(new Damaged("it is encrypted under " + type + " key key1, but " + problem));
    }

    @Test
    void kmsV1_isAWrappedKeyAndThenAValue() {
        KeyRef ref = new KeyRef("kms", "a:b");
        byte[] prefix = bytes("k8s:enc:kms:v1:a:b:");
        assertThat(StoredValue.parse(join(prefix, new byte[] {0, 3, 1, 2, 3}, new byte[28]), List.of(ref)))
                .isEqualTo(new Encrypted(ref, "v1", prefix.length));
        for (byte[] cut : List.of(new byte[1], new byte[] {0, 0}, join(new byte[] {1, 0}, new byte[200]))) {
            assertThat(StoredValue.parse(join(prefix, cut), List.of(ref))).isInstanceOf(Damaged.class);
        }
    }

    @Test
    void kmsV2_saysWhichKeyWrappedIt() {
        for (Vector vector : Vector.kms()) {
            Encrypted parsed = (Encrypted) StoredValue.parse(vector.stored(), NONE);
            assertThat(StoredValue.kmsKeyId(vector.stored(), parsed)).hasValue("kek-1");
        }
        Vector cbc = Vector.first("aescbc");
        assertThat(StoredValue.kmsKeyId(cbc.stored(), (Encrypted) StoredValue.parse(cbc.stored(), NONE)))
                .isEmpty();
    }

    @Test
    void kmsV2_cutAnywhere_isDamagedOrDoesNotOpen() {
        Vector vector = Vector.first("kms");
        List<KeyRef> known = List.of(new KeyRef("kms", vector.keyName()));
        // There its annotations and its kind begin: without them it is a whole message of an older kind.
        Set<Integer> whole = Set.of(129, 149);
        for (int end = 0; end < vector.stored().length; end++) {
            byte[] cut = Arrays.copyOf(vector.stored(), end);
            assertThat(StoredValue.parse(cut, known))
                    .as("first %d bytes", end)
                    .isInstanceOf(whole.contains(end) ? Encrypted.class : Damaged.class);
            assertThat(Decryption.withKmsSeed(cut, KeyMaterial.of(vector.key()), vector.etcdKey()))
                    .isInstanceOf(Decryption.Failure.class);
        }
    }

    @Test
    void kmsV2_withFieldsOfALaterServer_isRead() {
        byte[] later = {
            0x08 << 3 | 0, 5, 0x09 << 3 | 1, 0, 0, 0, 0, 0, 0, 0, 0, 0x0a << 3 | 5, 0, 0, 0, 0, 0x0b << 3 | 2, 1, 9
        };
        byte[] value = join(Vector.first("kms").stored(), later);
        Encrypted parsed = (Encrypted) StoredValue.parse(value, List.of(new KeyRef("kms", "myplugin")));
        assertThat(StoredValue.kmsKeyId(value, parsed)).hasValue("kek-1");
    }

    @Test
    void kmsV2_ofAnUnknownKindOrDamaged_isDamaged() {
        byte[] whole = Vector.first("kms").stored();
        List<KeyRef> known = List.of(new KeyRef("kms", "myplugin"));
        for (byte[] tail : List.of(
                new byte[] {5 << 3, 2},
                new byte[] {2 << 3 | 2, 0},
                new byte[] {1 << 3 | 2, 3, 1, 2, 3},
                new byte[] {7 << 3 | 3},
                new byte[] {7 << 3 | 2, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f},
                new byte[] {7 << 3, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1})) {
            assertThat(StoredValue.parse(join(whole, tail), known)).isInstanceOf(Damaged.class);
        }
    }

    @Test
    void parsing_copiesNoValue() {
        byte[] large = join(bytes("k8s:enc:aesgcm:v1:rekey-12-abcdef:"), new byte[1 << 20]);
        List<KeyRef> known = List.of(new KeyRef("aesgcm", "rekey-11-abcdef"), new KeyRef("aesgcm", "rekey-12-abcdef"));
        for (int i = 0; i < 1_000; i++) {
            StoredValue.parse(large, known);
        }
        assertThat(allocatedBy(() -> StoredValue.parse(large.clone(), known)))
                .as("the measure sees a copy")
                .isGreaterThan(1 << 20);
        long each = allocatedBy(() -> {
                    for (int i = 0; i < 1_000; i++) {
                        StoredValue.parse(large, known);
                    }
                })
                / 1_000;
        assertThat(each).isLessThan(200);
    }

    private static long allocatedBy(Runnable work) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        work.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
