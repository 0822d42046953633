package dev.rekey.rotation;

import static dev.rekey.rotation.StageCases.assertRefused;
import static dev.rekey.rotation.StageCases.assertStages;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.RefusedException;
import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.Key;
import dev.rekey.config.KeyMaterial;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code what is there _ what happens}; configurations in the notation of {@link Sketch}. */
class StagesTest {
    @Test
    void nothingIsThere_theKeyIsReadBeforeItWrites() {
        assertStages("""
                m1 has nothing
                target secrets = aescbc[k1] identity
                """, """
                introduce    secrets = identity aescbc[k1]
                promote      secrets = aescbc[k1] identity
                retire       secrets = aescbc[k1] identity
                rewrite      secrets
                unused
                """);
    }

    @Test
    void oneKey_theNewOneIsReadBeforeItWrites() {
        assertStages("""
                m1 has secrets = aescbc[k1] identity
                target secrets = aescbc[k2] identity
                """, """
                introduce    secrets = aescbc[k1 k2] identity
                promote      secrets = aescbc[k2 k1] identity
                retire       secrets = aescbc[k2] identity
                rewrite      secrets
                unused       aescbc key k1
                """);
    }

    @Test
    void oneKey_toNothing_identityWritesBeforeTheKeyGoes() {
        assertStages("""
                m1 has secrets = aescbc[k1] identity
                target nothing
                """, """
                introduce    secrets = aescbc[k1] identity
                promote      secrets = identity aescbc[k1]
                retire       nothing
                rewrite      secrets
                unused       aescbc key k1
                """);
    }

    @Test
    void anotherProvider_standsBehindTheOldOneFirst() {
        assertStages("""
                m1 has secrets = aescbc[k1] identity
                target secrets = secretbox[k2] identity
                """, """
                introduce    secrets = aescbc[k1] secretbox[k2] identity
                promote      secrets = secretbox[k2] aescbc[k1] identity
                retire       secrets = secretbox[k2] identity
                rewrite      secrets
                unused       aescbc key k1
                """);
    }

    @Test
    void aResourceIsAdded_onlyItsWriterChanges() {
        assertStages("""
                m1 has secrets = aescbc[k1] identity
                target secrets,configmaps = aescbc[k1] identity
                """, """
                introduce    secrets = aescbc[k1] identity | configmaps = identity aescbc[k1]
                promote      secrets,configmaps = aescbc[k1] identity
                retire       secrets,configmaps = aescbc[k1] identity
                rewrite      secrets configmaps
                unused
                """);
    }

    @Test
    void aResourceIsRemoved_itKeepsItsRuleUntilItIsPlain() {
        assertStages("""
                m1 has secrets,configmaps = aescbc[k1] identity
                target secrets = aescbc[k2] identity
                """, """
                introduce    secrets = aescbc[k1 k2] identity | configmaps = aescbc[k1] identity
                promote      secrets = aescbc[k2 k1] identity | configmaps = identity aescbc[k1]
                retire       secrets = aescbc[k2] identity
                rewrite      secrets configmaps
                unused       aescbc key k1
                """);
    }

    @Test
    void resourcesBecomeWildcards_theirOwnRulesStayUntilTheEnd() {
        assertStages("""
                m1 has secrets,deployments.apps = aescbc[k1] identity
                target *.,*.apps = aescbc[k2] identity
                """, """
                introduce    deployments.apps,secrets = aescbc[k1 k2] identity | *.,*.apps = identity aescbc[k2]
                promote      deployments.apps,secrets = aescbc[k2 k1] identity | *.,*.apps = aescbc[k2] identity
                retire       *.,*.apps = aescbc[k2] identity
                rewrite      deployments.apps secrets *. *.apps
                unused       aescbc key k1
                """);
    }

    @Test
    void everythingBecomesOneResource_theRestKeepsItsRuleUntilItIsPlain() {
        assertStages("""
                m1 has *.* = aescbc[k1] identity
                target secrets = aescbc[k2] identity
                """, """
                introduce    secrets = aescbc[k1 k2] identity | *.* = aescbc[k1] identity
                promote      secrets = aescbc[k2 k1] identity | *.* = identity aescbc[k1]
                retire       secrets = aescbc[k2] identity
                rewrite      secrets *.*
                unused       aescbc key k1
                """);
    }

    @Test
    void aResourceGetsItsOwnRule_itKeepsTheReadersOfTheWildcard() {
        assertStages("""
                m1 has *.* = aescbc[k1] identity
                target secrets = secretbox[k2] identity | *.* = aescbc[k1] identity
                """, """
                introduce    secrets = aescbc[k1] secretbox[k2] identity | *.* = aescbc[k1] identity
                promote      secrets = secretbox[k2] aescbc[k1] identity | *.* = aescbc[k1] identity
                retire       secrets = secretbox[k2] identity | *.* = aescbc[k1] identity
                rewrite      secrets *.*
                unused
                """);
    }

    @Test
    void managedBecomesCustom_eachRuleByItself() {
        assertStages("""
                m1 has secrets = aescbc[rekey-1-aaaaaa] identity
                target events = identity | secrets = secretbox[mine] aescbc[rekey-1-aaaaaa] identity | *.* = aesgcm[other] identity
                """, """
                introduce    events = identity | secrets = aescbc[rekey-1-aaaaaa] secretbox[mine] identity | *.* = identity aesgcm[other]
                promote      events = identity | secrets = secretbox[mine] aescbc[rekey-1-aaaaaa] identity | *.* = aesgcm[other] identity
                retire       events = identity | secrets = secretbox[mine] aescbc[rekey-1-aaaaaa] identity | *.* = aesgcm[other] identity
                rewrite      events secrets *.*
                unused
                """);
    }

    @Test
    void customBecomesManaged_eachRuleByItself() {
        assertStages("""
                m1 has events = identity | secrets = secretbox[mine] identity | *.* = aesgcm[other] identity
                target secrets = aescbc[rekey-1-aaaaaa] identity
                """, """
                introduce    secrets = secretbox[mine] aescbc[rekey-1-aaaaaa] identity | events = identity | *.* = aesgcm[other] identity
                promote      secrets = aescbc[rekey-1-aaaaaa] secretbox[mine] identity | events = identity | *.* = identity aesgcm[other]
                retire       secrets = aescbc[rekey-1-aaaaaa] identity
                rewrite      secrets events *.*
                unused       aesgcm key other, secretbox key mine
                """);
    }

    @Test
    void membersThatDiffer_eachKeepsItsWriterAndGetsTheReadersOfAll() {
        assertStages("""
                m1 has secrets = aescbc[k2 k1] identity
                m2 has secrets = aescbc[k1 k2] identity
                m3 has secrets = aescbc[k1] identity
                target secrets = aescbc[k2] identity
                """, """
                introduce m1 secrets = aescbc[k2 k1] identity
                introduce m2 secrets = aescbc[k1 k2] identity
                introduce m3 secrets = aescbc[k1 k2] identity
                promote      secrets = aescbc[k2 k1] identity
                retire       secrets = aescbc[k2] identity
                rewrite      secrets
                unused       aescbc key k1
                """);
    }

    @Test
    void aKeyOnFileOnly_isAReaderOfAll() {
        assertStages("""
                m1 has secrets = aescbc[k1] identity
                m2 loaded nothing
                m2 on file secrets = aescbc[k0] identity
                target secrets = aescbc[k1] identity
                """, """
                introduce m1 secrets = aescbc[k1 k0] identity
                introduce m2 secrets = identity aescbc[k1 k0]
                promote      secrets = aescbc[k1 k0] identity
                retire       secrets = aescbc[k1] identity
                rewrite      secrets
                unused       aescbc key k0
                """);
    }

    @Test
    void threeKeysAtOnce_allAreReadUntilTheEnd() {
        assertStages("""
                m1 has secrets = aescbc[k2 k1] identity
                target secrets = aescbc[k3] identity
                """, """
                introduce    secrets = aescbc[k2 k3 k1] identity
                promote      secrets = aescbc[k3 k1 k2] identity
                retire       secrets = aescbc[k3] identity
                rewrite      secrets
                unused       aescbc key k1, aescbc key k2
                """);
    }

    @Test
    void keptKeys_stayInTheTarget() {
        assertStages("""
                m1 has secrets = aescbc[k2 k1] identity
                target secrets = aescbc[k3 k2] identity
                """, """
                introduce    secrets = aescbc[k2 k3 k1] identity
                promote      secrets = aescbc[k3 k2 k1] identity
                retire       secrets = aescbc[k3 k2] identity
                rewrite      secrets
                unused       aescbc key k1
                """);
    }

    @Test
    void oneMemberWritesPlain_itGoesOnUntilAllReadTheKey() {
        assertStages("""
                m1 has secrets = identity aescbc[k1]
                m2 has secrets = aescbc[k1] identity
                target secrets = aescbc[k1] identity
                """, """
                introduce m1 secrets = identity aescbc[k1]
                introduce m2 secrets = aescbc[k1] identity
                promote      secrets = aescbc[k1] identity
                retire       secrets = aescbc[k1] identity
                rewrite      secrets
                unused
                """);
    }

    @Test
    void oneAescbcNameWithTwoMaterials_refusedWithFingerprints() {
        assertRefused(
                """
                m1 has secrets = aescbc[key/a] identity
                m2 has secrets = aescbc[key/b] identity
                target secrets = aescbc[k2] identity
                """,
                "the aescbc keys key (fingerprint 3fa45035) and key (fingerprint b2abe35e) would both be tried on one value of secrets; aescbc cannot tell which of them it needs, so no order of readers is safe. Nothing was changed. Find out which members have which key, and give one of them another name");
    }

    @Test
    void oneAesgcmNameWithTwoMaterials_bothAreReaders() {
        assertStages("""
                m1 has secrets = aesgcm[key/a] identity
                m2 has secrets = aesgcm[key/b] identity
                target secrets = aesgcm[k2] identity
                """, """
                introduce m1 secrets = aesgcm[key/a k2 key/b] identity
                introduce m2 secrets = aesgcm[key/b k2 key/a] identity
                promote      secrets = aesgcm[k2 key/a key/b] identity
                retire       secrets = aesgcm[k2] identity
                rewrite      secrets
                unused       aesgcm key key
                """);
    }

    @Test
    void oneAescbcNameWithTwoMaterialsOfDifferentRules_nothingIsAmbiguous() {
        assertStages("""
                m1 has secrets = aescbc[key/a] identity | configmaps = aescbc[key/b] identity
                target secrets,configmaps = aescbc[k2] identity
                """, """
                introduce    secrets = aescbc[key/a k2] identity | configmaps = aescbc[key/b k2] identity
                promote      secrets = aescbc[k2 key/a] identity | configmaps = aescbc[k2 key/b] identity
                retire       secrets,configmaps = aescbc[k2] identity
                rewrite      secrets configmaps
                unused       aescbc key key
                """);
    }

    @Test
    void anAescbcNameThatBeginsWithAnotherAndFitsABlock_refused() {
        assertRefused(
                """
                m1 has secrets = aescbc[a] identity
                target secrets = aescbc[a:234567890123456] identity
                """,
                "the aescbc keys a (fingerprint 3fa45035) and a:234567890123456 (fingerprint 76828f39) would both be tried on one value of secrets; aescbc cannot tell which of them it needs, so no order of readers is safe. Nothing was changed. Find out which members have which key, and give one of them another name");
    }

    @Test
    void anAescbcNameThatBeginsWithAnother_fitsNoBlock() {
        assertStages("""
                m1 has secrets = aescbc[a] identity
                target secrets = aescbc[a:2345678901234] identity
                """, """
                introduce    secrets = aescbc[a a:2345678901234] identity
                promote      secrets = aescbc[a:2345678901234 a] identity
                retire       secrets = aescbc[a:2345678901234] identity
                rewrite      secrets
                unused       aescbc key a
                """);
    }

    @Test
    void nothingIsReadPlain_identityIsNotAdded() {
        assertStages("""
                m1 has secrets = aescbc[k1]
                target secrets = aescbc[k2]
                """, """
                introduce    secrets = aescbc[k1 k2]
                promote      secrets = aescbc[k2 k1]
                retire       secrets = aescbc[k2]
                rewrite      secrets
                unused       aescbc key k1
                """);
    }

    @Test
    void oneResourceInTwoEntries_theyAreJoined() {
        assertStages("""
                m1 has secrets = aescbc[k1] | secrets,configmaps = aescbc[k0] identity
                target secrets,configmaps = aescbc[k2] identity
                """, """
                introduce    secrets = aescbc[k1 k2 k0] identity | configmaps = aescbc[k0 k2] identity
                promote      secrets = aescbc[k2 k0 k1] identity | configmaps = aescbc[k2 k0] identity
                retire       secrets,configmaps = aescbc[k2] identity
                rewrite      secrets configmaps
                unused       aescbc key k0, aescbc key k1
                """);
    }

    @Test
    void nothingToNothing_noRule() {
        assertStages("""
                m1 has nothing
                target nothing
                """, """
                introduce    nothing
                promote      nothing
                retire       nothing
                rewrite
                unused
                """);
    }

    @Test
    void theConfigurationOfTheSeed_rotatesByWholeFiles() {
        EncryptionConfiguration given = EncryptionConfiguration.parse("""
                apiVersion: apiserver.config.k8s.io/v1
                kind: EncryptionConfiguration
                resources:
                - providers:
                  - aescbc:
                      keys:
                      - name: kubeone-xkau31
                        secret: 6utsip/8CJ1GFQpM6iWq4oL2z2g8tJ5UkGbIgkSWAAc=
                  - identity: {}
                  resources:
                  - secrets
                """);
        Key next = new Key("kubeone-1-abcdef", KeyMaterial.of(new byte[32]));

        Stages stages = Stages.rotate(given, next);

        assertThat(text(stages.promote())).isEqualTo("""
                apiVersion: apiserver.config.k8s.io/v1
                kind: EncryptionConfiguration
                resources:
                - resources:
                  - 'secrets'
                  providers:
                  - aescbc:
                      keys:
                      - name: 'kubeone-1-abcdef'
                        secret: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='
                      - name: 'kubeone-xkau31'
                        secret: '6utsip/8CJ1GFQpM6iWq4oL2z2g8tJ5UkGbIgkSWAAc='
                  - identity: {}
                """);
        assertThat(text(stages.retire())).isEqualTo("""
                apiVersion: apiserver.config.k8s.io/v1
                kind: EncryptionConfiguration
                resources:
                - resources:
                  - 'secrets'
                  providers:
                  - aescbc:
                      keys:
                      - name: 'kubeone-1-abcdef'
                        secret: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='
                  - identity: {}
                """);
        assertThat(stages.introduce().values()).singleElement().satisfies(introduce -> {
            assertThat(introduce.writerOf("secrets").ref().name()).isEqualTo("kubeone-xkau31");
            assertThat(introduce.readersOf("secrets"))
                    .containsExactlyInAnyOrderElementsOf(stages.promote().readersOf("secrets"));
        });
    }

    @Test
    void rotateGivesTheWriterOfEachEntryTheNewKeyAlone() {
        EncryptionConfiguration given =
                Sketch.read("secrets = aescbc[k2 k1] identity | *.apps = secretbox[s1] kms[vault] aesgcm[g1]");

        assertThat(Sketch.text(Stages.rotate(given, Sketch.key("new", "new")).retire()))
                .isEqualTo("secrets = aescbc[new] identity | *.apps = secretbox[new] kms[vault]");
    }

    @Test
    void rotateIsRefusedWhereAnEntrysWriterHasNoKey() {
        for (String writer : List.of("identity aescbc[k1]", "kms[vault] identity")) {
            EncryptionConfiguration given = Sketch.read("secrets = " + writer);

            assertThatThrownBy(() -> Stages.rotate(given, Sketch.key("new", "new")))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("which has no key to rotate; nothing was changed");
        }
    }

    @Test
    void noMessageHoldsAKey() {
        Case given = Case.read("""
                m1 has secrets = aescbc[key/topsecretmaterial] identity
                target secrets = aescbc[key/anothermaterial] identity
                """);

        assertThatThrownBy(given::stages)
                .satisfies(refused -> assertThat(refused.toString())
                        .contains("fingerprint")
                        .doesNotContain("material", "topsecret", "dG9wc2VjcmV0"));
    }

    private static String text(EncryptionConfiguration configuration) {
        return new String(configuration.render().exposeBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void aRotationWithoutAConfiguration_isRefused_andNotCalledDone() {
        assertThatThrownBy(() -> Stages.rotate(MemberConfigurations.NO_CONFIGURATION, Sketch.key("new", "new")))
                .isInstanceOf(RefusedException.class)
                .hasMessageStartingWith("there is no entry");
    }
}
