package dev.rekey.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoredCommandTest {
    private static final String ETCD_KEY = "/registry/secrets/default/s1";
    private static final byte[] MATERIAL = "this key is for tests and no one".getBytes(UTF_8);
    private static final byte[] OBJECT = "k8s\0 a Secret with s3cr3t".getBytes(UTF_8);
    private static final String CONFIGURATION =
            """
            apiVersion: apiserver.config.k8s.io/v1
            kind: EncryptionConfiguration
            resources:
            - resources: [secrets]
              providers:
              - aesgcm: {keys: [{name: "a:b", secret: KEY}]}
              - aescbc: {keys: [{name: cbc-1, secret: KEY}]}
              - identity: {}
            """.replace("KEY", Base64.getEncoder().encodeToString(MATERIAL));

    @TempDir
    private Path folder;

    private final CommandRun command = CommandRun.offline();
    private String configuration;

    @BeforeEach
    void write() throws IOException {
        configuration =
                Files.writeString(folder.resolve("enc.yaml"), CONFIGURATION).toString();
    }

    @Test
    void anEncryptedValue_isToldByProviderAndName() throws IOException {
        Path file = Files.write(folder.resolve("value"), cbc());

        CommandRun.Result text = command.runAsIs("stored", file.toString());
        assertThat(text.status()).isZero();
        assertThat(text.out()).isEqualTo("encrypted, aescbc key cbc-1 (v1)\n");

        JsonObject value = only(command.runAsIs("stored", file.toString(), "--output", "json"));
        assertThat(value.get("key").isJsonNull()).isTrue();
        assertThat(value.get("state").getAsString()).isEqualTo("encrypted");
        assertThat(value.get("provider").getAsString()).isEqualTo("aescbc");
        assertThat(value.get("version").getAsString()).isEqualTo("v1");
        assertThat(value.get("name").getAsString()).isEqualTo("cbc-1");
        assertThat(value.get("kmsKeyId").isJsonNull()).isTrue();
    }

    @Test
    void aNameWithColons_isToldWholeWhereItIsKnown() {
        assertThat(command.piped(gcm()).runAsIs("stored", "-").out()).contains("aesgcm key a (v1)");
        assertThat(command.piped(gcm())
                        .runAsIs("stored", "-", "--configuration", configuration)
                        .out())
                .contains("aesgcm key a:b (v1)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uFEFF", "\n", " \r\n\uFEFF\t"})
    void anAnswerBehindWhatShellsPutInFront_isRead(String before) {
        String answer = before + "{\"header\":{},\"kvs\":[{\"key\":\"L3g=\",\"value\":\"e30=\"}]}\n";

        assertThat(only(command.piped(answer).runAsIs("stored", "-", "--output", "json"))
                        .get("key")
                        .getAsString())
                .isEqualTo("/x");
    }

    @Test
    void aValueOfKms_isToldWithTheIdOfItsKey() {
        byte[] value = joined("k8s:enc:kms:v2:vault:".getBytes(UTF_8), envelope("key-\u001b[2J7"));

        CommandRun.Result result = command.piped(value).runAsIs("stored", "-");
        assertThat(result.status()).isZero();
        assertThat(result.out()).isEqualTo("encrypted, kms key vault (v2), key id of the KMS: key-?[2J7\n");
        assertThat(only(command.runAsIs("stored", "-", "--output", "json"))
                        .get("kmsKeyId")
                        .getAsString())
                .isEqualTo("key-\u001b[2J7");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "k8s\0 protobuf",
                "k8s\0 annotated with\n{\"apiVersion\":\"v1\"}",
                "{\"kind\":\"X\",\"apiVersion\":\"x/v1\"}\n\n",
                "{\"header\":1,\"apiVersion\":\"x/v1\",\"kind\":\"X\",\"a\":\"}\\\"{\"}"
            })
    void aPlainValue_isToldByItsForm(String text) {
        JsonObject value = only(command.piped(text).runAsIs("stored", "-", "--output", "json"));

        assertThat(value.get("state").getAsString()).isEqualTo("plain");
        assertThat(value.get("form").getAsString()).isEqualTo(text.startsWith("{") ? "json" : "protobuf");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3cr3t",
                "k8s:enc:",
                "k8s:enc:rot13:v1:s3cr3t:x",
                "k8s:enc:aescbc:v1:s3cr3t",
                "/registry/x\ns3cr3t",
                "/registry/x\n{\"apiVersion\":\"x/v1\",\"kind\":\"X\"",
                "{\"header\":{},\"kvs\":[{\"key\":\"L3g=\",\"value\":\"e30=\"}]}"
            })
    void aDamagedValue_endsWithTwo_andIsNotQuoted(String text) {
        CommandRun.Result result = command.piped(text).runAsIs("stored", "-", "--output", "json");

        assertThat(result.status()).isEqualTo(2);
        assertThat(only(result).get("state").getAsString()).isEqualTo("damaged");
        assertThat(result.all()).doesNotContain("s3cr3t");
    }

    @Test
    void severalValues_comeWithTheirKeys() {
        CommandRun.Result text = command.piped(answer()).runAsIs("stored", "-");

        assertThat(text.status()).isZero();
        assertThat(text.out()).isEqualTo("""
                /registry/secrets/default/s1: encrypted, aescbc key cbc-1 (v1)
                /registry/secrets/default/s2: plain, protobuf
                """);
        assertThat(command.runAsIs("stored", "-", "--output", "json").json().getAsJsonArray("values"))
                .hasSize(2);
        assertThat(command.piped("{\"header\":{},\"kvs\":[{\"value\":7}, 3]}")
                        .runAsIs("stored", "-")
                        .status())
                .isEqualTo(2);
    }

    @Test
    void severalAnswersOrObjects_areAllTold() {
        assertThat(command.piped(answer() + "\n" + answer().replace("{\"rev", " {\"rev") + "\n")
                        .runAsIs("stored", "-")
                        .out())
                .isEqualTo("""
                        /registry/secrets/default/s1: encrypted, aescbc key cbc-1 (v1)
                        /registry/secrets/default/s2: plain, protobuf
                        """.repeat(2));
        assertThat(command.piped("""
                        {"apiVersion":"x/v1","kind":"X"}

                        {"apiVersion":"x/v1","kind":"Y"}
                        """).runAsIs("stored", "-").out()).isEqualTo("plain, json\n".repeat(2));
    }

    /** Each of them may hold values that are encrypted, or is none. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{                                            | begins as JSON and is cut off",
                "{s3cr3t}                                     | begins as JSON and is cut off",
                "ANSWER{\"header\":{},\"kvs\":[{\"key\":      | begins as JSON and is cut off",
                "ANSWERk8s:enc:aescbc:v1:s3cr3t:              | begins as JSON and is cut off",
                "{\"a\":\"s3cr3t\"}                           | neither an answer of etcd nor an object",
                "ANSWER{}                                     | neither an answer of etcd nor an object",
                "{\"header\":{},\"kvs\":7}                     | is no answer of etcd",
                "{\"header\":{},\"kvs\":[{\"value\":\"s3cr3t!\"}]} | is no answer of etcd",
                "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"resourceVersion\":\"7\"}} | is what an apiserver answers",
                "VALUE/registry/secrets/default/s2NLk8s:enc:x | several keys or values",
                "VALUE/registry/configmaps/default/c          | several keys or values",
                "/registry/aNLNL/registry/bNLNL               | several keys or values",
                "k8s:enc:aescbc:v1:a:xNLk8s:enc:aescbc:v1:a:x | several keys or values",
                "k8s:enc:aescbc:v1:a:xNL{\"apiVersion\":\"x/v1\" | several keys or values",
                "/aNLk8sNUL s3cr3tNLk8sNUL s3cr3t             | several keys or values",
                "/registry/aCRNLk8s:enc:                      | has come through a terminal",
                "00000000  2f 72 65 67 69  ._regi_            | was made into text",
                "00000000: 2f72 6567 6973 7472 792f           | was made into text",
                "0000000   /   r   e   g   i   s              | was made into text",
                "2f72656769737472792f73                       | was made into text",
                "6b 38 73 3a 65 6e 63 3a                      | was made into text",
                "6B38733A656E633ANL61657363                   | was made into text",
                "\\x2f\\x72\\x65NL\\x6b\\x38\\x73             | was made into text",
                "azhzOmVuYzphZXNjYmM6djE6a2V5LTE6             | was made into text",
                "\"ClusterID\" : 14841639068965178418          | was made into text",
                "NL                                           | holds no value",
                "/registry/aNL                                | holds no value",
                "/registry/aNLNL                              | holds no value",
                "/registry/a                                  | holds no value",
                "{\"header\":{\"revision\":7}}                  | holds no value",
                "{\"header\":{},\"kvs\":[]}                     | holds no value",
            })
    void whatIsNotWhollyOneOfTheForms_isRefused(String text, String said) {
        String value = ETCD_KEY + "\n" + new String(gcm(), ISO_8859_1) + "\n";
        byte[] input = text.replace("ANSWER", answer() + "\n")
                .replace("VALUE", value)
                .replace("CR", "\r")
                .replace("NUL", "\0")
                .replace("NL", "\n")
                .getBytes(ISO_8859_1);

        CommandRun.Result result = command.piped(input).runAsIs("stored", "-");

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("standard input: ", said).doesNotContain("s3cr3t");
    }

    @Test
    void noInput_isToldAsNoValueToo() {
        CommandRun.Result result = command.piped("").runAsIs("stored", "-", "--output", "json");

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.json().getAsJsonObject("error").get("message").getAsString())
                .contains("holds no value");
    }

    @Test
    void whatEtcdctlPrints_isTakenApart() {
        byte[] printed = joined((ETCD_KEY + "\n").getBytes(UTF_8), joined(gcm(), new byte[] {'\n'}));

        assertThat(command.piped(printed)
                        .runAsIs("stored", "-", "--configuration", configuration)
                        .out())
                .isEqualTo(ETCD_KEY + ": encrypted, aesgcm key a:b (v1)\n");
        assertThat(command.runAsIs("stored", "-", "--configuration", configuration, "--decrypt")
                        .out())
                .isEqualTo(new String(OBJECT, UTF_8));
    }

    @Test
    void decrypt_printsTheContentAndNotAByteMore() {
        CommandRun.Result cbc = command.piped(cbc())
                .runAsIs("stored", "-", "--configuration", configuration, "--key", ETCD_KEY, "--decrypt");
        assertThat(cbc.status()).isZero();
        assertThat(cbc.out()).isEqualTo(new String(OBJECT, UTF_8));

        CommandRun.Result json = command.piped(gcm())
                .runAsIs(
                        "stored",
                        "-",
                        "--configuration",
                        configuration,
                        "--key",
                        ETCD_KEY,
                        "--decrypt",
                        "--output",
                        "json");
        JsonObject value = only(json);
        assertThat(Base64.getDecoder().decode(value.get("content").getAsString()))
                .isEqualTo(OBJECT);
        assertThat(value.get("reader").getAsString()).isEqualTo("aesgcm key a:b");
    }

    @Test
    void withoutDecrypt_nothingOfTheContentIsShown() {
        for (byte[] value : new byte[][] {cbc(), gcm(), OBJECT, answer().getBytes(UTF_8)}) {
            for (String output : new String[] {"text", "json"}) {
                CommandRun.Result result = command.piped(value)
                        .runAsIs(
                                "stored", "-", "--configuration", configuration, "--key", ETCD_KEY, "--output", output);
                assertThat(result.status()).isZero();
                assertThat(result.all())
                        .doesNotContain("s3cr3t", Base64.getEncoder().encodeToString(MATERIAL));
            }
        }
        assertThat(new String(OBJECT, UTF_8)).contains("s3cr3t");
    }

    @Test
    void whatCannotBeDecrypted_endsWithTwo_saysWhy_andPrintsNothing() {
        assertCannot(gcm(), "does not open it", "--key", "/registry/secrets/default/other");
        assertCannot(gcm(), "Give its etcd key with --key");
        assertCannot("k8s:enc:secretbox:v1:x:".getBytes(UTF_8), "cannot be decrypted");
        byte[] changed = cbc();
        changed[changed.length - 20] ^= 1;
        assertCannot(changed, "cannot be decrypted", "--key", ETCD_KEY);
        assertCannot(answer().getBytes(UTF_8), "holds 2 values");
        byte[] noObject =
                encrypted("AES/CBC/PKCS5Padding", "k8s:enc:aescbc:v1:cbc-1:", new byte[16], "{s3cr3t".getBytes(UTF_8));
        assertCannot(noObject, "what comes out is no object", "--key", ETCD_KEY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"- --decrypt", "", "- --configuration -", "- --configuration /no/such/file"})
    void wrongUsage_endsWithTwo(String options) {
        CommandRun.Result result =
                command.piped(gcm()).runAsIs(("stored " + options).strip().split(" "));

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
    }

    private void assertCannot(byte[] value, String reason, String... more) {
        String[] line = new String[5 + more.length];
        System.arraycopy(new String[] {"stored", "-", "--configuration", configuration, "--decrypt"}, 0, line, 0, 5);
        System.arraycopy(more, 0, line, 5, more.length);
        CommandRun.Result result = command.piped(value).runAsIs(line);
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains(reason).doesNotContain("s3cr3t");
    }

    private static JsonObject only(CommandRun.Result result) {
        assertThat(result.json().keySet()).containsExactly("values");
        assertThat(result.json().getAsJsonArray("values")).hasSize(1);
        return result.json().getAsJsonArray("values").get(0).getAsJsonObject();
    }

    /** As etcdctl prints two of them with {@code -w json}. */
    private static String answer() {
        return "{\"header\":{\"revision\":7},\"kvs\":[{\"key\":\"%s\",\"value\":\"%s\"},{\"key\":\"%s\",\"value\":\"%s\"}],\"count\":2}"
                .formatted(
                        base64(ETCD_KEY.getBytes(UTF_8)),
                        base64(cbc()),
                        base64("/registry/secrets/default/s2".getBytes(UTF_8)),
                        base64(OBJECT));
    }

    private static byte[] cbc() {
        return encrypted("AES/CBC/PKCS5Padding", "k8s:enc:aescbc:v1:cbc-1:", new byte[16]);
    }

    private static byte[] gcm() {
        return encrypted("AES/GCM/NoPadding", "k8s:enc:aesgcm:v1:a:b:", new byte[12]);
    }

    private static byte[] encrypted(String transformation, String prefix, byte[] nonce) {
        return encrypted(transformation, prefix, nonce, OBJECT);
    }

    private static byte[] encrypted(String transformation, String prefix, byte[] nonce, byte[] content) {
        try {
            Cipher cipher = Cipher.getInstance(transformation);
            boolean gcm = transformation.contains("GCM");
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    new SecretKeySpec(MATERIAL, "AES"),
                    gcm ? new GCMParameterSpec(128, nonce) : new IvParameterSpec(nonce));
            if (gcm) {
                cipher.updateAAD(ETCD_KEY.getBytes(UTF_8));
            }
            return joined(prefix.getBytes(UTF_8), joined(nonce, cipher.doFinal(content)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Fields 1, 2, 3 and 5 of the message: sealed data with its seed's info, key id, wrapped seed, kind. */
    private static byte[] envelope(String keyId) {
        byte[] id = keyId.getBytes(UTF_8);
        byte[] data = new byte[32 + 12 + 16 + 5];
        return joined(
                joined(new byte[] {0x0a, (byte) data.length}, data),
                joined(joined(new byte[] {0x12, (byte) id.length}, id), new byte[] {0x1a, 1, 9, 0x28, 1}));
    }

    private static byte[] joined(byte[] one, byte[] other) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(one);
        bytes.writeBytes(other);
        return bytes.toByteArray();
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
