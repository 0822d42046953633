package dev.rekey.stored;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.config.KeyMaterial;
import dev.rekey.config.KeyRef;
import dev.rekey.config.Provider;
import dev.rekey.fuzz.Canaries;
import dev.rekey.fuzz.Fuzzer;
import dev.rekey.fuzz.Fuzzer.Said;
import dev.rekey.stored.Decryption.Content;
import dev.rekey.stored.Decryption.Failure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoredFuzzTest {
    private static final List<Vector> VECTORS = Vector.all();
    private static final List<Provider> READERS = readers();
    private static final List<KeyRef> NAMES =
            List.of(new KeyRef("aescbc", "key1"), new KeyRef("aescbc", "key1:v2:x"), new KeyRef("kms", "myplugin"));

    @Test
    void whateverTheBytes_aValueIsOpenedOrSaidToBeDamaged() {
        List<byte[]> secrets = new ArrayList<>();
        List<byte[]> seeds = new ArrayList<>();
        for (Vector vector : VECTORS) {
            secrets.add(vector.key());
            seeds.add(vector.stored());
            seeds.add(vector.plain());
        }
        seeds.add("{\"apiVersion\":\"v1\",\"data\":{}}".getBytes(StandardCharsets.UTF_8));
        Fuzzer.run("stored value", seeds, Canaries.of(secrets), StoredFuzzTest::read);
    }

    private static void read(byte[] input, Said said) {
        StoredValue unaided = StoredValue.parse(input, List.of());
        said.check(unaided);
        StoredValue parsed = StoredValue.parse(input, NAMES);
        said.check(parsed);
        assertThat(parsed instanceof StoredValue.Plain).isEqualTo(StoredValue.isPlain(input));
        if (parsed instanceof StoredValue.Damaged damaged) {
            said.check(damaged.reason());
        }
        if (parsed instanceof StoredValue.Encrypted encrypted) {
            assertThat(encrypted.offset()).isBetween(1, input.length);
            StoredValue.kmsKeyId(input, encrypted)
                    .ifPresent(id -> assertThat(id.length()).isLessThan(2_000));
        }
        for (Vector vector : List.of(VECTORS.get(0), VECTORS.get(VECTORS.size() - 1))) {
            said(input, said, Decryption.of(input, READERS, vector.etcdKey()));
            said(input, said, Decryption.withKmsSeed(input, KeyMaterial.of(vector.key()), vector.etcdKey()));
        }
    }

    private static void said(byte[] input, Said said, Decryption decryption) {
        said.check(decryption);
        if (decryption instanceof Content content) {
            assertThat(content.exposeBytes()).hasSizeLessThanOrEqualTo(input.length);
        } else {
            said.check(((Failure) decryption).reason());
        }
    }

    private static List<Provider> readers() {
        List<Provider> readers = new ArrayList<>();
        Vector.keyed().forEach(vector -> readers.add(vector.reader()));
        readers.add(Vector.reader("aescbc", "key1:v2:x", Canaries.key(1, 32)));
        readers.add(new Provider.Identity());
        return readers;
    }
}
