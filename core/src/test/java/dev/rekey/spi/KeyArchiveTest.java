package dev.rekey.spi;

import static dev.rekey.spi.Certificates.EC;
import static dev.rekey.spi.Certificates.OTHER_RSA;
import static dev.rekey.spi.Certificates.RSA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.InvalidInputException;
import dev.rekey.config.Key;
import dev.rekey.config.KeyMaterial;
import dev.rekey.config.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.Security;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyArchiveTest {
    private static final Reader.OfKey ONE = key("aescbc", "rekey-1-abcdef", 1);
    private static final Reader.OfKey TWO = key("secretbox", "rekey-2-uvwxyz", 2);

    @TempDir
    Path directory;

    @Test
    void keysKept_areReadWithThePrivateKey() {
        for (Certificates.Pair pair : List.of(RSA, EC)) {
            Path file = directory.resolve(pair.keys().getPublic().getAlgorithm());
            KeyArchive archive = KeyArchive.encryptedTo(pair.certificate(), file);
            archive.keep(List.of(ONE));
            archive.keep(List.of(ONE, TWO));
            assertThat(ArchiveReader.read(file, pair.keys().getPrivate()))
                    .isEqualTo(new ArchiveReader.Contents(List.of(ONE, TWO), List.of()));
        }
    }

    @Test
    void aKeyThatIsKeptAlready_leavesTheFileAsItIs() throws Exception {
        Path file = directory.resolve("keys.cms");
        KeyArchive.encryptedTo(RSA.certificate(), file).keep(List.of(ONE, TWO, ONE));
        byte[] before = Files.readAllBytes(file);
        KeyArchive.encryptedTo(RSA.certificate(), file).keep(List.of(TWO, ONE));
        KeyArchive.encryptedTo(RSA.certificate(), file).keep(List.of());
        assertThat(file).hasBinaryContent(before);
        assertThat(messages(file)).isEqualTo(2);
    }

    @Test
    void theSameNameWithOtherMaterial_isAnotherKey() {
        Path file = directory.resolve("keys.cms");
        Reader.OfKey other = key("aescbc", "rekey-1-abcdef", 9);
        KeyArchive.encryptedTo(RSA.certificate(), file).keep(List.of(ONE, other));
        assertThat(ArchiveReader.read(file, RSA.keys().getPrivate()).keys()).containsExactly(ONE, other);
    }

    @Test
    void anotherCertificate_getsTheKeyAgain() throws Exception {
        Path file = directory.resolve("keys.cms");
        KeyArchive.encryptedTo(RSA.certificate(), file).keep(List.of(ONE));
        KeyArchive.encryptedTo(EC.certificate(), file).keep(List.of(ONE));
        assertThat(messages(file)).isEqualTo(2);
        ArchiveReader.Contents contents = ArchiveReader.read(file, RSA.keys().getPrivate());
        assertThat(contents.keys()).containsExactly(ONE);
        assertThat(contents.unreadable())
                .singleElement()
                .asString()
                .matches("message 2, line \\d+: is damaged, or encrypted to another certificate");
        assertThat(ArchiveReader.read(file, EC.keys().getPrivate()).keys()).containsExactly(ONE);
        assertThat(ArchiveReader.read(file, OTHER_RSA.keys().getPrivate()).keys())
                .isEmpty();
    }

    @Test
    void aLabelWithoutItsMessage_countsForNothing() throws Exception {
        Path file = directory.resolve("keys.cms");
        KeyArchive archive = KeyArchive.encryptedTo(RSA.certificate(), file);
        archive.keep(List.of(ONE));
        String one = Files.readString(file);
        Files.delete(file);
        archive.keep(List.of(TWO));
        String two = Files.readString(file);
        Files.writeString(file, one.substring(0, one.indexOf("-----BEGIN")) + two.substring(two.indexOf("-----BEGIN")));
        archive.keep(List.of(ONE));
        assertThat(ArchiveReader.read(file, RSA.keys().getPrivate()).keys()).containsExactly(TWO, ONE);
    }

    @Test
    void namesThatYamlWouldTakeApart_comeBack() {
        Path file = directory.resolve("keys.cms");
        List<Reader.OfKey> keys = new ArrayList<>();
        for (String name : List.of(
                "a: b", "\"quoted\" \\", "two\nlines\r\n-----BEGIN CMS-----", "ключ-鍵-🔑", "2021-12-10T22:54:38Z")) {
            keys.add(key("aesgcm", name, name.length()));
        }
        KeyArchive.encryptedTo(EC.certificate(), file).keep(keys);
        KeyArchive.encryptedTo(EC.certificate(), file).keep(keys);
        assertThat(ArchiveReader.read(file, EC.keys().getPrivate()))
                .isEqualTo(new ArchiveReader.Contents(keys, List.of()));
    }

    @Test
    void theFile_isTextForPeopleAndForItsOwnerAlone() throws Exception {
        Path file = directory.resolve("keys.cms");
        KeyArchive.encryptedTo(RSA.certificate(), file).keep(List.of(ONE));
        List<String> lines = Files.readAllLines(file);
        assertThat(lines.subList(0, 3))
                .containsExactly(
                        "# Keys of Kubernetes encryption at rest, one encrypted message for each. The number 3, say, is read with",
                        "#   awk '/^-----BEGIN/{n++} n==3' THIS-FILE | openssl cms -decrypt -inform PEM -inkey PRIVATE-KEY.pem",
                        "# Removing a message makes the backups of its time unreadable.");
        assertThat(lines.get(3))
                .matches("# key \\{\"provider\": \"aescbc\", \"name\": \"rekey-1-abcdef\", \"fingerprint\": \""
                        + ONE.key().material().fingerprint()
                        + "\", \"recipient\": \"[0-9a-f]{64}\", \"message\": \"[0-9a-f]{64}\"}");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (var files = Files.list(directory)) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrder("keys.cms", ".keys.cms.lock");
        }
    }

    @Test
    void whatElseStandsInTheFile_staysByteForByte() throws Exception {
        Path file = directory.resolve("keys.cms");
        byte[] note = "# Schlüssel der alten Anlage\r\n".getBytes(StandardCharsets.ISO_8859_1);
        Files.write(file, note);
        KeyArchive.encryptedTo(EC.certificate(), file).keep(List.of(ONE));
        KeyArchive.encryptedTo(EC.certificate(), file).keep(List.of(TWO));
        assertThat(Files.readAllBytes(file)).startsWith(note);
        assertThat(ArchiveReader.read(file, EC.keys().getPrivate()).keys()).containsExactly(ONE, TWO);
    }

    @Test
    void aWiderFile_becomesNarrow() throws Exception {
        Path file = Files.createFile(directory.resolve("keys.cms"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        KeyArchive.encryptedTo(RSA.certificate(), file).keep(List.of(ONE));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aLinkToTheFile_staysALink() throws Exception {
        Path file = directory.resolve("keys.cms");
        Path link = Files.createSymbolicLink(directory.resolve("link"), Files.createFile(file));
        KeyArchive.encryptedTo(RSA.certificate(), link).keep(List.of(ONE));
        assertThat(link).isSymbolicLink();
        assertThat(ArchiveReader.read(file, RSA.keys().getPrivate()).keys()).containsExactly(ONE);
    }

    @Test
    void manyWriters_loseNoKey() throws Exception {
        Path file = directory.resolve("keys.cms");
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        List<Reader.OfKey> keys = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Reader.OfKey key = key("aescbc", "key-" + i, i);
            keys.add(key);
            Thread thread = new Thread(() -> {
                try {
                    KeyArchive.encryptedTo(EC.certificate(), file).keep(List.of(key));
                } catch (RuntimeException e) {
                    failures.add(e);
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failures).isEmpty();
        assertThat(ArchiveReader.read(file, EC.keys().getPrivate()).keys()).containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    void anInterruptedThread_keepsTheKeyAndStaysInterrupted() {
        Path file = directory.resolve("keys.cms");
        Thread.currentThread().interrupt();
        try {
            KeyArchive.encryptedTo(EC.certificate(), file).keep(List.of(ONE));
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(ArchiveReader.read(file, EC.keys().getPrivate()).keys()).containsExactly(ONE);
    }

    @Test
    void aDamagedOrForeignFile_isNeverReplaced() throws Exception {
        Path file = directory.resolve("keys.cms");
        KeyArchive archive = KeyArchive.encryptedTo(RSA.certificate(), file);
        archive.keep(List.of(ONE));
        String whole = Files.readString(file);
        for (String other : List.of(
                whole.substring(0, whole.length() - 30),
                whole.replaceFirst("\nMII", "\n!!!"),
                whole.replaceFirst("\nMII", "\nAAA"),
                Certificates.pem(RSA.certificate()),
                "my shopping list\n")) {
            Files.writeString(file, other);
            assertThatThrownBy(() -> archive.keep(List.of(TWO)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith(file.toString())
                    .hasMessageContaining("so no key was kept.")
                    .hasMessageNotContaining("shopping");
            assertThat(file).hasContent(other);
        }
    }

    @Test
    void anArchiveCutOff_stillGivesWhatIsWhole() throws Exception {
        Path file = directory.resolve("keys.cms");
        KeyArchive.encryptedTo(EC.certificate(), file).keep(List.of(ONE, TWO));
        String whole = Files.readString(file);
        Files.writeString(file, whole.substring(0, whole.length() - 100));
        ArchiveReader.Contents contents = ArchiveReader.read(file, EC.keys().getPrivate());
        assertThat(contents.keys()).containsExactly(ONE);
        assertThat(contents.unreadable()).singleElement().asString().startsWith("message 2, line ");
    }

    @Test
    void noDirectoryOrNoArchive_saysSo() {
        Path file = directory.resolve("no/keys.cms");
        assertThatThrownBy(() -> KeyArchive.encryptedTo(RSA.certificate(), file).keep(List.of(ONE)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(file + ": its directory, or what it links to, is not there, so no key was kept. Nothing was"
                        + " changed. Make it");
        assertThatThrownBy(() -> ArchiveReader.read(file, RSA.keys().getPrivate()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("there is no such archive");
    }

    @Test
    void aCertificateThatCannotEncrypt_isRefusedAtOnce() {
        Path file = directory.resolve("keys.cms");
        assertThatThrownBy(() -> KeyArchive.encryptedTo(
                        Certificates.make("RSA", 1024, "SHA256withRSA").certificate(), file))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("an RSA key of 1024 bits, which is too short");
        assertThatThrownBy(() -> KeyArchive.encryptedTo(
                        Certificates.make("Ed25519", 0, "Ed25519").certificate(), file))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("a key for EdDSA, which does not encrypt");
        assertThat(file).doesNotExist();
    }

    @Test
    void noArchive_takesAReasonAndSaysIt() {
        KeyArchive none = KeyArchive.none("a test cluster");
        none.keep(List.of(ONE));
        assertThat(none).hasToString("no archive of keys: a test cluster");
        assertThatThrownBy(() -> KeyArchive.none(" \t")).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void noForm_ofTheArchiveHoldsAKey() throws Exception {
        Path file = directory.resolve("keys.cms");
        KeyArchive archive = KeyArchive.encryptedTo(RSA.certificate(), file);
        archive.keep(List.of(ONE));
        byte[] secret = ONE.key().material().exposeBytes();
        byte[] rendered = ArchivedKey.render(ONE);
        List<String> needles = List.of(
                Base64.getEncoder().encodeToString(secret).substring(0, 40),
                HexFormat.of().formatHex(secret),
                new String(secret, StandardCharsets.ISO_8859_1));

        // The needle is found where it is.
        assertThat(new String(rendered, StandardCharsets.UTF_8)).contains(needles.get(0));
        String before = Files.readString(file);
        Files.writeString(
                file,
                before + "\n-----BEGIN CMS-----\n" + Base64.getEncoder().encodeToString(rendered)
                        + "\n-----END CMS-----\n");
        List<String> texts = new ArrayList<>();
        texts.add(before);
        texts.add(new String(CmsMessage.encrypt(rendered, RSA.certificate()), StandardCharsets.ISO_8859_1));
        texts.add(archive.toString());
        texts.add(ArchiveReader.read(file, RSA.keys().getPrivate()).toString());
        try {
            archive.keep(List.of(TWO));
        } catch (InvalidInputException e) {
            texts.add(e.toString());
        }
        assertThat(texts).hasSize(5).allSatisfy(text -> assertThat(needles).noneMatch(text::contains));
        assertThat(rendered).as("wiped after use").containsOnly(0);
    }

    @Test
    void noProvider_isRegisteredInTheJvm() {
        KeyArchive.encryptedTo(RSA.certificate(), directory.resolve("keys.cms")).keep(List.of(ONE));
        assertThat(Security.getProvider("BC")).isNull();
    }

    private static long messages(Path file) throws Exception {
        return Files.readAllLines(file).stream()
                .filter("-----BEGIN CMS-----"::equals)
                .count();
    }

    static Reader.OfKey key(String type, String name, int seed) {
        byte[] bytes = new byte[32];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (seed * 31 + i * 7 + 0x80);
        }
        return new Reader.OfKey(type, new Key(name, KeyMaterial.of(bytes)));
    }
}
