package dev.rekey.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.InvalidInputException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeysTest {
    @ParameterizedTest
    @CsvSource({
        "kubeone-2-xkau31, 2",
        "rekey-0-aaaaaa, 0",
        "my-long-prefix-17-a1b2c3, 17",
        "x-007-abcdef, 7",
        "rekey-999999999-aaaaaa, 999999999",
        "kubeone-xkau31,",
        "aescbckey-2021-12-10T22:54:38Z,",
        "key1,",
        "-1-aaaaaa,",
        "rekey-1-AAAAAA,",
        "rekey-1-aaaaa,",
        "rekey-1-aaaaaaa,",
        "rekey-1000000000-aaaaaa,",
        "rekey--aaaaaa,",
        "rekey-1a-aaaaaa,"
    })
    void aSerialIsReadFromOurNamesOnly(String name, Integer serial) {
        assertThat(KeyName.serialOf(name)).isEqualTo(Optional.ofNullable(serial));
    }

    /** As their own code names keys: KubeOne, k3s and RKE2, RKE, Kubespray, OpenShift, Talos, Gardener; and ours. */
    @ParameterizedTest
    @CsvSource({
        "kubeone-xkau31,                         , kubeone",
        "kubeone-bcd245,                         , kubeone",
        "kubeone-3-bcd245,                      3, kubeone",
        "aescbckey,                              , rekey",
        "aescbckey-2021-12-10T22:54:38Z,         , rekey",
        "secretboxkey-2025-04-01T00:00:00Z,      , rekey",
        "aescbckey-2025-04-01T00:00:00+02:00,    , rekey",
        "key-x7k2m,                              , rekey",
        "key,                                    , rekey",
        "1,                                      , rekey",
        "12,                                     , rekey",
        "key1,                                   , rekey",
        "key2,                                   , rekey",
        "key1733011200,                          , rekey",
        "custom-key,                             , rekey",
        "my.cluster_1-7-abcdef,                 7, my.cluster_1"
    })
    void namesOfOthersHaveNoSerial_andAPrefixOnlyWhereTheyAreMadeLikeOurs(String name, Integer serial, String prefix) {
        assertThat(KeyName.serialOf(name)).isEqualTo(Optional.ofNullable(serial));
        assertThat(KeyName.prefixOf(name)).isEqualTo(prefix);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kubeone-xkau31",
                "aescbckey",
                "aescbckey-2021-12-10T22:54:38Z",
                "secretboxkey-2025-04-01T00:00:00Z",
                "key-x7k2m",
                "key",
                "1",
                "12",
                "key1"
            })
    void aKeyThatFollowsOneOfOthersIsNewerThanIt(String name) {
        String next = KeyName.of(KeyName.prefixOf(name), KeyName.serialOf(name).orElse(0) + 1, "abcdef");

        assertThat(KeyName.BY_SERIAL.compare(next, name)).isPositive();
        assertThat(KeyName.serialOf(next)).contains(1);
        assertThat(next).doesNotContain(":");
    }

    @Test
    void namesWithoutSerialAreLowerThanAnyAndEqualToEachOther() {
        assertThat(KeyName.BY_SERIAL.compare("kubeone-xkau31", "rekey-0-aaaaaa"))
                .isNegative();
        assertThat(KeyName.BY_SERIAL.compare("rekey-10-aaaaaa", "rekey-9-zzzzzz"))
                .isPositive();
        assertThat(KeyName.BY_SERIAL.compare("a", "b")).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a:b",
                "a b",
                "-a",
                "é",
                "a\n",
                "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggg"
            })
    void aPrefixThatIsNoGoodForAFileIsRefused(String prefix) {
        assertThatThrownBy(() -> KeyName.of(prefix, 1, "aaaaaa")).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> ManagedSettings.DEFAULT.withKeyPrefix(prefix))
                .isInstanceOf(InvalidInputException.class);
    }

    @Test
    void randomKeysHaveNameLengthAndNoTwin() {
        KeySource source = KeySource.secureRandom();
        Set<String> names = ConcurrentHashMap.newKeySet();
        Set<List<Byte>> materials = ConcurrentHashMap.newKeySet();

        IntStream.range(0, 2_000).parallel().forEach(i -> {
            Key key = source.next("rekey", i, 32);
            names.add(key.name());
            materials.add(bytes(key));
            assertThat(key.name()).matches("rekey-" + i + "-[a-z0-9]{6}");
            assertThat(key.material().length()).isEqualTo(32);
        });

        assertThat(names).hasSize(2_000);
        assertThat(materials).hasSize(2_000);
    }

    @Test
    void givenKeysComeInOrderAndThenNoMore() {
        Key first = new Key("a", KeyMaterial.of(new byte[32]));
        Key second = new Key("b", KeyMaterial.of(new byte[32]));
        KeySource source = KeySource.of(first, second);

        assertThat(source.next("x", 1, 32)).isSameAs(first);
        assertThat(source.next("x", 1, 32)).isSameAs(second);
        assertThatThrownBy(() -> source.next("x", 1, 32)).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void materialIsCopiedInAndOut() {
        byte[] bytes = new byte[32];
        KeyMaterial material = KeyMaterial.of(bytes);
        bytes[0] = 1;
        material.exposeBytes()[1] = 1;

        assertThat(material).isEqualTo(KeyMaterial.of(new byte[32]));
        assertThat(material).isNotEqualTo(KeyMaterial.of(bytes)).hasSameHashCodeAs(KeyMaterial.of(bytes));
        assertThat(material).hasToString("KeyMaterial[32 bytes]");
    }

    private static List<Byte> bytes(Key key) {
        List<Byte> bytes = new java.util.ArrayList<>();
        for (byte b : key.material().exposeBytes()) {
            bytes.add(b);
        }
        return bytes;
    }
}
