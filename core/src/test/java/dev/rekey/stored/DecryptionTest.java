package dev.rekey.stored;

import static dev.rekey.stored.StoredValueTest.bytes;
import static dev.rekey.stored.StoredValueTest.join;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.Entry;
import dev.rekey.config.Key;
import dev.rekey.config.KeyMaterial;
import dev.rekey.config.KeyRef;
import dev.rekey.config.Provider;
import dev.rekey.stored.Decryption.Cause;
import dev.rekey.stored.Decryption.Content;
import dev.rekey.stored.Decryption.Failure;
import java.security.Security;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DecryptionTest {
    private static final String ETCD_KEY = "/registry/secrets/default/s1";

    @Test
    void theVectors_areAllThere() {
        assertThat(Vector.keyed()).hasSize(14);
        assertThat(Vector.kms()).hasSize(2);
    }

    @ParameterizedTest
    @MethodSource("dev.rekey.stored.Vector#keyed")
    void whatTheServerWrote_opens(Vector vector) {
        Content content = opened(Decryption.of(vector.stored(), List.of(vector.reader()), vector.etcdKey()));
        assertThat(content.exposeBytes()).isEqualTo(vector.plain());
        assertThat(content.ref()).isEqualTo(new KeyRef(vector.provider(), "key1"));
        assertThat(content.authenticated()).isEqualTo(!vector.provider().equals("aescbc"));
    }

    @ParameterizedTest
    @MethodSource("dev.rekey.stored.Vector#kms")
    void whatTheServerWroteThroughAPlugin_opensWithTheSeed(Vector vector) {
        Content content =
                opened(Decryption.withKmsSeed(vector.stored(), KeyMaterial.of(vector.key()), vector.etcdKey()));
        assertThat(content.exposeBytes()).isEqualTo(vector.plain());
        assertThat(content.ref()).isEqualTo(new KeyRef("kms", "myplugin"));
        assertThat(failed(Decryption.withKmsSeed(vector.stored(), KeyMaterial.of(new byte[32]), vector.etcdKey()))
                        .cause())
                .isEqualTo(Cause.WRONG_KEY);
        assertThat(failed(Decryption.withKmsSeed(
                                vector.stored(), KeyMaterial.of(vector.key()), "/registry/secrets/b/s1"))
                        .cause())
                .isEqualTo(Cause.WRONG_KEY);
        assertThat(failed(Decryption.withKmsSeed(vector.stored(), KeyMaterial.of(new byte[0]), vector.etcdKey()))
                        .reason())
                .isEqualTo("what was unwrapped has 0 bytes, which is no length of a seed or key");
        assertThat(failed(Decryption.of(
                        vector.stored(),
                        List.of(new Provider.Kms(
                                "myplugin", "v2", "unix:///s", Optional.empty(), Duration.ofSeconds(3))),
                        vector.etcdKey())))
                .isEqualTo(new Failure(
                        Cause.NEEDS_PLUGIN,
                        "it is encrypted under kms key myplugin, and only the plugin has that key"));
    }

    @ParameterizedTest
    @MethodSource("dev.rekey.stored.Vector#keyed")
    void cutAnywhere_isAFailureAndNeverAPart(Vector vector) {
        for (int end = 0; end < vector.stored().length; end++) {
            byte[] cut = Arrays.copyOf(vector.stored(), end);
            assertThat(Decryption.of(cut, List.of(vector.reader()), vector.etcdKey()))
                    .as("first %d bytes", end)
                    .isInstanceOfSatisfying(
                            Failure.class, f -> assertThat(f.cause()).isIn(Cause.DAMAGED, Cause.WRONG_KEY));
        }
        byte[] nonceOnly = Arrays.copyOf(vector.stored(), vector.payload() + 16);
        assertThat(failed(Decryption.of(nonceOnly, List.of(vector.reader()), vector.etcdKey()))
                        .cause())
                .isEqualTo(Cause.DAMAGED);
    }

    @ParameterizedTest
    @MethodSource("dev.rekey.stored.Vector#keyed")
    void anyBitTurned_isSeenByTheProvidersThatAuthenticate(Vector vector) {
        for (int at = vector.payload();
                at < vector.stored().length && !vector.provider().equals("aescbc");
                at++) {
            byte[] turned = vector.stored().clone();
            turned[at] ^= 0x10;
            assertThat(failed(Decryption.of(turned, List.of(vector.reader()), vector.etcdKey()))
                            .cause())
                    .isEqualTo(Cause.WRONG_KEY);
        }
    }

    @Test
    void movedToAnotherEtcdKey_isAFailureForGcmAlone() {
        String moved = "/registry/secrets/default/s2";
        for (Vector vector : Vector.keyed()) {
            Decryption result = Decryption.of(vector.stored(), List.of(vector.reader()), moved);
            if (vector.provider().equals("aesgcm")) {
                assertThat(failed(result))
                        .isEqualTo(new Failure(
                                Cause.WRONG_KEY,
                                "aesgcm key key1 does not open it: it was encrypted with other material of that name,"
                                        + " was changed, or was moved from another etcd key"));
            } else {
                assertThat(opened(result).exposeBytes()).isEqualTo(vector.plain());
            }
        }
    }

    @Test
    void noReaderOfThatName_isAFailureThatNamesIt() {
        Vector vector = Vector.first("secretbox");
        for (List<Provider> readers : List.of(
                List.<Provider>of(),
                List.<Provider>of(new Provider.Identity()),
                List.of(Vector.reader("secretbox", "key2", vector.key())),
                List.of(Vector.reader("aesgcm", "key1", vector.key())))) {
            assertThat(failed(Decryption.of(vector.stored(), readers, ETCD_KEY)))
                    .isEqualTo(new Failure(
                            Cause.NO_KEY, "it is encrypted under secretbox key key1, which is not among the readers"));
        }
    }

    @Test
    void aKeyOfAnImpossibleLength_isAFailure() {
        for (Vector vector : Vector.keyed()) {
            Provider reader = Vector.reader(vector.provider(), "key1", new byte[48]);
            assertThat(failed(Decryption.of(vector.stored(), List.of(reader), ETCD_KEY)))
                    .isEqualTo(new Failure(
                            Cause.WRONG_KEY,
                            vector.provider() + " key key1 has 48 bytes, which is no length of a key for "
                                    + vector.provider()));
        }
    }

    @Test
    void oneNameWithTwoMaterials_opensWithTheRightOne() {
        for (Vector vector : Vector.keyed()) {
            byte[] wrong = new byte[vector.key().length];
            new Random(1).nextBytes(wrong);
            List<Provider> readers = List.of(Vector.reader(vector.provider(), "key1", wrong), vector.reader());
            assertThat(opened(Decryption.of(vector.stored(), readers, ETCD_KEY)).exposeBytes())
                    .isEqualTo(vector.plain());
        }
    }

    @Test
    void aWrongCbcKeyThatFitsByChance_givesWayToTheOneThatGivesAnObject() {
        Vector vector = Vector.first("aescbc");
        byte[] wrong = new byte[16];
        Random random = new Random(7);
        Decryption byChance;
        do {
            random.nextBytes(wrong);
            byChance = Decryption.of(vector.stored(), List.of(Vector.reader("aescbc", "key1", wrong)), ETCD_KEY);
        } while (byChance instanceof Failure);
        assertThat(opened(byChance).authenticated()).isFalse();
        assertThat(StoredValue.isPlain(opened(byChance).exposeBytes())).isFalse();

        List<Provider> readers = List.of(Vector.reader("aescbc", "key1", wrong), vector.reader());
        assertThat(opened(Decryption.of(vector.stored(), readers, ETCD_KEY)).exposeBytes())
                .isEqualTo(vector.plain());
    }

    @Test
    void anyBytes_giveAnOutcomeAndNoException() {
        Random random = new Random(3);
        List<Provider> readers = Vector.keyed().stream().map(Vector::reader).toList();
        List<Vector> vectors = Vector.all();
        for (int i = 0; i < 20_000; i++) {
            Vector vector = vectors.get(random.nextInt(vectors.size()));
            byte[] value = Arrays.copyOf(vector.stored(), random.nextInt(vector.stored().length + 8));
            for (int turns = random.nextInt(3); turns > 0 && value.length > 0; turns--) {
                value[random.nextInt(value.length)] = (byte) random.nextInt();
            }
            assertThat(Decryption.of(value, readers, ETCD_KEY)).isNotNull();
            assertThat(Decryption.withKmsSeed(value, KeyMaterial.of(new byte[32]), ETCD_KEY))
                    .isInstanceOf(Failure.class);
        }
    }

    @Test
    void aNameWithColons_opens() {
        Vector vector = Vector.first("secretbox");
        byte[] payload = Arrays.copyOfRange(vector.stored(), vector.payload(), vector.stored().length);
        byte[] value = join(bytes("k8s:enc:secretbox:v1:key-2021-12-10T22:54:38Z:"), payload);
        Provider reader = Vector.reader("secretbox", "key-2021-12-10T22:54:38Z", vector.key());
        assertThat(opened(Decryption.of(value, List.of(reader), ETCD_KEY)).exposeBytes())
                .isEqualTo(vector.plain());
    }

    @Test
    void plainValues_needIdentity() {
        byte[] value = bytes("k8s\0abc");
        Content content = opened(Decryption.of(value, List.of(new Provider.Identity()), ETCD_KEY));
        assertThat(content.exposeBytes()).isEqualTo(value);
        assertThat(content.ref()).isEqualTo(KeyRef.IDENTITY);
        assertThat(failed(Decryption.of(value, List.of(), ETCD_KEY)))
                .isEqualTo(new Failure(Cause.NO_KEY, "it is stored plain, and identity is not among the readers"));
        assertThat(failed(Decryption.of(new byte[0], List.of(new Provider.Identity()), ETCD_KEY)))
                .isEqualTo(new Failure(Cause.DAMAGED, "it is empty"));
    }

    @Test
    void aWholeConfiguration_givesItsReaders() {
        Vector vector = Vector.first("aesgcm");
        EncryptionConfiguration configuration = new EncryptionConfiguration(List.of(
                new Entry(List.of("configmaps"), List.of(new Provider.Identity())),
                new Entry(List.of("secrets"), List.of(vector.reader()))));
        assertThat(opened(Decryption.of(vector.stored(), configuration, ETCD_KEY))
                        .exposeBytes())
                .isEqualTo(vector.plain());
    }

    @Test
    void noText_holdsContentOrKey() {
        byte[] secret = new byte[32];
        Arrays.fill(secret, (byte) 'S');
        Vector vector = Vector.first("secretbox");
        Decryption content = Decryption.of(vector.stored(), List.of(vector.reader()), ETCD_KEY);
        List<String> needles = new ArrayList<>();
        for (byte[] hidden : List.of(secret, vector.key(), vector.plain())) {
            needles.add(
                    Base64.getEncoder().withoutPadding().encodeToString(hidden).substring(0, 20));
            needles.add(HexFormat.of().formatHex(hidden).substring(0, 20));
        }
        needles.add("SSSSSS");
        needles.add("Secret");

        // The needles are found where they are.
        assertThat(new String(opened(content).exposeBytes())).contains("Secret");
        assertThat(Base64.getEncoder().encodeToString(secret)).contains(needles.get(0));

        List<String> texts = new ArrayList<>();
        texts.add(content.toString());
        texts.add(Decryption.of(vector.stored(), List.of(Vector.reader("secretbox", "key1", secret)), ETCD_KEY)
                .toString());
        texts.add(Decryption.of(Arrays.copyOf(vector.stored(), 30), List.of(vector.reader()), ETCD_KEY)
                .toString());
        texts.add(Decryption.of(bytes("Secret SSSSSSS"), List.of(vector.reader()), ETCD_KEY)
                .toString());
        texts.add(StoredValue.parse(vector.stored(), List.of()).toString());
        texts.add(StoredValue.parse(bytes("k8s:enc:aescbc:v1:Secret\0SSSSSS:"), List.of())
                .toString());
        assertThat(texts).allSatisfy(text -> assertThat(needles).noneMatch(text::contains));
        assertThat(content).hasToString("Content[27 bytes, stored under secretbox key key1]");
    }

    @Test
    void contentIsCopiedOut() {
        byte[] value = bytes("k8s\0abc");
        Content content = opened(Decryption.of(value, List.of(new Provider.Identity()), ETCD_KEY));
        Arrays.fill(content.exposeBytes(), (byte) 0);
        Arrays.fill(value, (byte) 0);
        assertThat(content.exposeBytes()).isEqualTo(bytes("k8s\0abc"));
    }

    @Test
    void noProvider_isRegisteredInTheJvm() {
        Vector vector = Vector.first("secretbox");
        opened(Decryption.of(vector.stored(), List.of(vector.reader()), ETCD_KEY));
        assertThat(Security.getProvider("BC")).isNull();
    }

    @Test
    void aKeyedProviderWithManyKeys_isSearchedInItsOrder() {
        Vector vector = Vector.first("aesgcm");
        Provider many = new Provider.AesGcm(List.of(
                new Key("key2", KeyMaterial.of(new byte[16])),
                new Key("key1", KeyMaterial.of(new byte[16])),
                new Key("key1", KeyMaterial.of(vector.key()))));
        assertThat(opened(Decryption.of(vector.stored(), List.of(many), ETCD_KEY))
                        .exposeBytes())
                .isEqualTo(vector.plain());
    }

    private static Content opened(Decryption result) {
        assertThat(result).isInstanceOf(Content.class);
        return (Content) result;
    }

    private static Failure failed(Decryption result) {
        assertThat(result).isInstanceOf(Failure.class);
        return (Failure) result;
    }
}
