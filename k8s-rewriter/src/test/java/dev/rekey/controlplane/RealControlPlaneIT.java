package dev.rekey.controlplane;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One real apiserver, encrypted and rotated by hand: what the tests of the library rely on. */
class RealControlPlaneIT {
    private static final String SECRET_KEY = "/registry/secrets/default/";
    private static final String ONE_KEY = """
            apiVersion: apiserver.config.k8s.io/v1
            kind: EncryptionConfiguration
            resources:
            - resources: ["secrets"]
              providers:
              - aescbc:
                  keys:
                  - name: "key1"
                    secret: "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
              - identity: {}
            """;
    private static final String NEW_KEY_FIRST = """
            apiVersion: apiserver.config.k8s.io/v1
            kind: EncryptionConfiguration
            resources:
            - resources: ["secrets"]
              providers:
              - aescbc:
                  keys:
                  - name: "key2"
                    secret: "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXphYmNkZWY="
                  - name: "key1"
                    secret: "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
              - identity: {}
            """;

    private RealControlPlane controlPlane;
    private ControlPlaneMember member;

    @BeforeEach
    void startOneMember() {
        controlPlane = RealControlPlane.start(1);
        member = controlPlane.member("cp1");
    }

    @AfterEach
    void end() {
        if (controlPlane != null) {
            controlPlane.close();
        }
    }

    @Test
    void aManifestEditedByHand_encryptsAndAReloadTakesTheNextKey() throws IOException {
        controlPlane.createSecret("default", "plain", Map.of("word", "before".getBytes(UTF_8)), false);
        assertThat(stored("plain")).startsWith("k8s\0").contains("before");
        assertThat(member.api().loadedConfiguration()).isEmpty();

        configure(ONE_KEY);
        turnOn();

        Eventually.within(
                Duration.ofSeconds(60), "a second start", () -> member.host().starts() == 2);
        controlPlane.waitReady();
        assertThat(member.api().loadedConfiguration()).hasValue(sha256(ONE_KEY));
        controlPlane.createSecret("default", "first", Map.of("word", "hidden".getBytes(UTF_8)), true);
        assertThat(stored("first")).startsWith("k8s:enc:aescbc:v1:key1:").doesNotContain("hidden");
        assertThat(stored("plain")).startsWith("k8s\0");

        configure(NEW_KEY_FIRST);

        Duration reload = controlPlane.reloadPoll().plusSeconds(10);
        Eventually.within(
                reload,
                "the reload",
                () -> member.api().loadedConfiguration().equals(Optional.of(sha256(NEW_KEY_FIRST))));
        assertThat(member.host().starts()).isEqualTo(2);
        controlPlane.createSecret("default", "second", Map.of(), false);
        assertThat(stored("second")).startsWith("k8s:enc:aescbc:v1:key2:");
        assertThat(stored("first")).startsWith("k8s:enc:aescbc:v1:key1:");
        assertThat(word("first")).isEqualTo("hidden");
        assertThat(controlPlane.deleteSecret("default", "first")).isTrue();
        assertThat(controlPlane.readSecret("cp1", "default", "first")).isEmpty();
        assertThat(controlPlane.rawSecrets()).containsOnlyKeys(SECRET_KEY + "plain", SECRET_KEY + "second");
    }

    @Test
    void aFailedStart_isRepeatedUntilTheConfigurationIsRepaired() throws IOException {
        configure(ONE_KEY.replace("secrets", "Secrets"));
        turnOn();
        Eventually.within(
                Duration.ofSeconds(90), "two vain starts", () -> member.host().starts() >= 4);
        assertThat(member.api().isReady()).isFalse();

        configure(ONE_KEY);

        controlPlane.waitReady();
        assertThat(member.api().loadedConfiguration()).hasValue(sha256(ONE_KEY));
    }

    private void turnOn() throws IOException {
        Path directory = member.configurationDirectory();
        String text = Files.readString(member.manifestPath())
                .replace(
                        "    - --etcd-servers",
                        "    - --encryption-provider-config=" + directory + "/encryption-providers.yaml\n"
                                + "    - --encryption-provider-config-automatic-reload=true\n    - --etcd-servers")
                .replace(
                        "    volumeMounts:\n",
                        "    volumeMounts:\n    - mountPath: " + directory
                                + "\n      name: conf\n      readOnly: true\n")
                .replace(
                        "  volumes:\n",
                        "  volumes:\n  - hostPath:\n      path: " + directory
                                + "\n      type: DirectoryOrCreate\n    name: conf\n");
        Path staged = Files.writeString(member.manifestPath().resolveSibling(".staged"), text);
        Files.move(staged, member.manifestPath(), StandardCopyOption.ATOMIC_MOVE);
    }

    private void configure(String text) throws IOException {
        Files.createDirectories(member.configurationDirectory());
        Path staged = Files.writeString(member.configurationDirectory().resolve(".staged"), text);
        Files.move(
                staged,
                member.configurationDirectory().resolve("encryption-providers.yaml"),
                StandardCopyOption.ATOMIC_MOVE);
    }

    private String stored(String name) {
        return new String(controlPlane.etcd().get(SECRET_KEY + name).orElseThrow(), ISO_8859_1);
    }

    private String word(String name) {
        return new String(
                controlPlane.readSecret("cp1", "default", name).orElseThrow().get("word"), UTF_8);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
