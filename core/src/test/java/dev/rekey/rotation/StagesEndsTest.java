package dev.rekey.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.InvalidInputException;
import dev.rekey.RefusedException;
import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.Entry;
import dev.rekey.config.Key;
import dev.rekey.config.KeyMaterial;
import dev.rekey.config.Provider;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What no kube-apiserver takes is neither led to nor led away from. */
class StagesEndsTest {
    private static final EncryptionConfiguration GOOD = Sketch.read("secrets = aescbc[k1] identity");

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "*.* = aescbc[k1] | secrets = aescbc[k1]; resources[1].resources[0]: the earlier rule '*.*' covers",
                "secrets,*. = aescbc[k1]; resources[0].resources: a wildcard of this list covers",
                "secrets,secrets. = aescbc[k1]; resources[0].resources: one resource stands twice",
                "Secrets = aescbc[k1]; resources[0].resources[0]: resource names have no capital letters",
                "deployments.extensions = aescbc[k1]; resources[0].resources[0]: the group extensions is gone",
                "secrets = aescbc[]; resources[0].providers[0].aescbc.keys[0].name: the key has no name",
                "secrets = ; resources[0].providers: the entry has no provider",
                "secrets = kms[]; resources[0].providers[0].kms.name: the KMS provider has no name",
                "secrets = kms[vault/x/0]; resources[0].providers[0].kms.timeout: the timeout must be more than nothing",
                "secrets = kms[vault] | pods = kms[vault]; resources[1].providers[0].kms.name: an earlier KMS provider",
            })
    void aTargetThatAServerRefuses_isRefusedWithTheFinding(String target, String finding) {
        assertThatThrownBy(() -> Stages.between(having(GOOD), Sketch.read(target)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("the target: " + finding)
                .hasMessageContaining("; nothing was changed. ");
    }

    @ParameterizedTest
    @CsvSource({"5, ''", "6, ' (and 1 more)'", "9, ' (and 4 more)'"})
    void manyMistakes_fiveAreTold_andHowManyMoreThereAre(int mistakes, String more) {
        String rules = IntStream.range(0, mistakes).mapToObj(i -> "Rule" + i).collect(Collectors.joining(","));

        assertThatThrownBy(() -> Stages.between(having(GOOD), Sketch.read(rules + " = aescbc[k1]")))
                .hasMessageContaining(more + "; nothing was changed")
                .satisfies(refused -> assertThat(refused.toString().split("resources\\[0]\\.resources", -1))
                        .hasSize(1 + 5));
    }

    @Test
    void severalMistakes_areToldAtOnce_withoutAKey() {
        EncryptionConfiguration target = new EncryptionConfiguration(List.of(new Entry(
                List.of("secrets"),
                List.of(
                        new Provider.AesGcm(List.of(key("a", "not so secret"))),
                        new Provider.Secretbox(List.of(key("b", "0123456789abcdef"))),
                        new Provider.AesCbc(List.of())))));

        assertThatThrownBy(() -> Stages.between(having(GOOD), target))
                .hasMessageContaining("aesgcm.keys[0].secret: the secret is 13 bytes long")
                .hasMessageContaining("secretbox.keys[0].secret: the secret is 16 bytes long")
                .hasMessageContaining("aescbc.keys: the provider has no key")
                .satisfies(refused ->
                        assertThat(refused.toString()).doesNotContain("not so", "0123", "bm90IHNv", "MDEyMzQ1"));
    }

    @Test
    void aNewKeyThatItsProviderDoesNotTake_isRefused() {
        assertThatThrownBy(() -> Stages.rotate(GOOD, key("k2", "too short")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("resources[0].providers[0].aescbc.keys[0].secret: the secret is 9 bytes long");
        assertThatThrownBy(() -> Stages.rotate(Sketch.read("secrets = secretbox[k1]"), key("k2", "0123456789abcdef")))
                .hasMessageContaining("secretbox takes 32");
        assertThatThrownBy(() -> Stages.rotate(GOOD, Sketch.key("", "k2"))).hasMessageContaining("the key has no name");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "secrets = ; resources[0].providers: the entry has no provider",
                "secrets = aescbc[]; resources[0].providers[0].aescbc.keys[0].name: the key has no name",
            })
    void whatNoServerCanHaveLoaded_isRefusedWithTheMember(String loaded, String finding) {
        EncryptionConfiguration impossible = Sketch.read(loaded);

        assertThatThrownBy(() -> Stages.between(having(impossible), GOOD))
                .isInstanceOf(RefusedException.class)
                .hasMessageStartingWith("member m1, as loaded: " + finding);
        assertThatThrownBy(() ->
                        Stages.between(Map.of("m1", new MemberConfigurations(GOOD, List.of(GOOD, impossible))), GOOD))
                .isInstanceOf(RefusedException.class)
                .hasMessageStartingWith("member m1, on file: " + finding)
                .hasMessageContaining("mend the file, or move it away by hand");
        assertThatThrownBy(() -> Stages.rotate(impossible, Sketch.key("k2", "k2")))
                .isInstanceOf(RefusedException.class)
                .hasMessageStartingWith("what is there, as loaded: " + finding);
    }

    @Test
    void providersWithoutKeys_areNoCrash() {
        EncryptionConfiguration impossible = new EncryptionConfiguration(
                List.of(new Entry(List.of("secrets"), List.of(new Provider.AesCbc(List.of())))));

        assertThatThrownBy(() -> Stages.between(having(impossible), GOOD))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("the provider has no key");
    }

    /** Before 1.27 such rules had no effect, and such apiservers run. */
    @ParameterizedTest
    @CsvSource({"Secrets", "secrets.*", "deployments.extensions", "*"})
    void whatOnlyOldServersTake_isLeftAndRotated(String rule) {
        EncryptionConfiguration old = Sketch.read("secrets," + rule + " = aescbc[k1] identity");

        assertThat(Sketch.text(Stages.between(having(old), Sketch.read("secrets = aescbc[k2] identity"))
                        .promote()))
                .contains("secrets = aescbc[k2 k1] identity");
        assertThat(Sketch.text(Stages.rotate(old, Sketch.key("k2", "k2")).retire()))
                .isEqualTo("secrets," + rule + " = aescbc[k2] identity");
    }

    @Test
    void aFileThatNobodyLoaded_bringsNoRuleAlongThatTheServersRefuse() {
        EncryptionConfiguration stray = Sketch.read("Secrets = aescbc[k9] identity");

        assertThatThrownBy(() -> Stages.between(
                        Map.of("m1", new MemberConfigurations(GOOD, List.of(GOOD, stray))),
                        Sketch.read("secrets = aescbc[k2] identity")))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("brings along: resources[")
                .hasMessageContaining("no capital letters");
    }

    /** Which it is depends on a gate, a version, or automatic reload. */
    @Test
    void whatSomeServersTake_isLeftToThoseWhoKnowTheirs() {
        for (String version : List.of("v1", "v2")) {
            EncryptionConfiguration target = EncryptionConfiguration.parse("""
                    apiVersion: apiserver.config.k8s.io/v1
                    kind: EncryptionConfiguration
                    resources:
                    - resources: [secrets]
                      providers:
                      - kms: {apiVersion: %s, name: vault, endpoint: unix:///run/vault.sock}
                      - identity: {}
                    """.formatted(version));

            assertThat(Stages.between(having(GOOD), target).retire()).isEqualTo(target);
        }
    }

    private static Map<String, MemberConfigurations> having(EncryptionConfiguration configuration) {
        return Map.of("m1", new MemberConfigurations(configuration, List.of(configuration)));
    }

    private static Key key(String name, String material) {
        return new Key(name, KeyMaterial.of(material.getBytes(StandardCharsets.UTF_8)));
    }
}
