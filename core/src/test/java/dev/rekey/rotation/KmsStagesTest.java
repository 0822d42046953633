package dev.rekey.rotation;

import static dev.rekey.rotation.StageCases.assertRefused;
import static dev.rekey.rotation.StageCases.assertStages;

import org.junit.jupiter.api.Test;

/** As {@link StagesTest}: a plugin's name stands once in a file, whatever reads with it. */
class KmsStagesTest {
    @Test
    void aKmsPluginJoins_itIsReadBeforeItWrites() {
        assertStages("""
                m1 has secrets = aescbc[k1] identity
                target secrets = kms[vault] identity
                """, """
                introduce    secrets = aescbc[k1] kms[vault] identity
                promote      secrets = kms[vault] aescbc[k1] identity
                retire       secrets = kms[vault] identity
                rewrite      secrets
                unused       aescbc key k1
                """);
    }

    @Test
    void aKmsPluginLeaves_itReadsUntilTheEnd() {
        assertStages("""
                m1 has secrets = kms[vault] identity
                target secrets = aescbc[k1] identity
                """, """
                introduce    secrets = kms[vault] aescbc[k1] identity
                promote      secrets = aescbc[k1] kms[vault] identity
                retire       secrets = aescbc[k1] identity
                rewrite      secrets
                unused       kms key vault
                """);
    }

    @Test
    void anotherKmsPlugin_bothStandInTheFile() {
        assertStages("""
                m1 has secrets = kms[vault] identity
                target secrets = kms[cloud] identity
                """, """
                introduce    secrets = kms[vault] kms[cloud] identity
                promote      secrets = kms[cloud] kms[vault] identity
                retire       secrets = kms[cloud] identity
                rewrite      secrets
                unused       kms key vault
                """);
    }

    @Test
    void aKmsPluginGetsOneMoreResource_itStandsOnceForBoth() {
        assertStages("""
                m1 has secrets = kms[vault] identity
                target secrets,configmaps = kms[vault] identity
                """, """
                introduce    configmaps = identity | secrets,configmaps = kms[vault] | secrets = identity
                promote      secrets,configmaps = kms[vault] identity
                retire       secrets,configmaps = kms[vault] identity
                rewrite      secrets configmaps
                unused
                """);
    }

    @Test
    void aKmsPluginJoinsWithOneMoreResource_itStandsOnceForBoth() {
        assertStages("""
                m1 has secrets = aescbc[k1] identity
                target secrets,configmaps = kms[vault] identity
                """, """
                introduce    secrets = aescbc[k1] identity | configmaps = identity | secrets,configmaps = kms[vault]
                promote      secrets,configmaps = kms[vault] | secrets = aescbc[k1] identity | configmaps = identity
                retire       secrets,configmaps = kms[vault] identity
                rewrite      secrets configmaps
                unused       aescbc key k1
                """);
    }

    @Test
    void membersDifferInATimeout_theyAgreeOnOne() {
        assertStages("""
                m1 has secrets = kms[vault/vault/10] identity
                m2 has secrets = kms[vault] identity
                target nothing
                """, """
                introduce    secrets = kms[vault] identity
                promote      secrets = identity kms[vault]
                retire       nothing
                rewrite      secrets
                unused       kms key vault
                """);
    }

    @Test
    void aKmsPluginLosesAResource_itStandsOnceForBoth() {
        assertStages("""
                m1 has secrets,configmaps = kms[vault] identity
                target secrets = kms[vault] identity | configmaps = aescbc[k1] identity
                """, """
                introduce    secrets,configmaps = kms[vault] | secrets = identity | configmaps = aescbc[k1] identity
                promote      configmaps = aescbc[k1] identity | secrets,configmaps = kms[vault] | secrets = identity
                retire       secrets = kms[vault] identity | configmaps = aescbc[k1] identity
                rewrite      secrets configmaps
                unused
                """);
    }

    @Test
    void aKmsPluginGetsAWildcard_refusedWithThreeCalls() {
        assertRefused(
                """
                m1 has secrets = kms[vault] identity
                target secrets,*.apps = kms[vault] identity
                """,
                "on the way, the rules secrets, *.apps have to read with a KMS provider and write with different ones, and a server takes the name of a KMS provider in one entry of a file only; no file was found that does that. Nothing was changed. Make it three calls: first the rules that are there with a provider that has keys (secretbox, for example), then the target's rules with it, then this one");
    }

    @Test
    void aKmsPluginsResourceBecomesItsGroup_refusedWithThreeCalls() {
        assertRefused(
                """
                m1 has secrets = kms[vault] identity
                target *. = kms[vault] identity
                """,
                "on the way, the rules secrets, *. have to read with a KMS provider and write with different ones, and a server takes the name of a KMS provider in one entry of a file only; no file was found that does that. Nothing was changed. Make it three calls: first the rules that are there with a provider that has keys (secretbox, for example), then the target's rules with it, then this one");
    }

    @Test
    void aKeyBecomesAKmsPluginAndAResourceItsGroup_refusedWithTwoCalls() {
        assertRefused(
                """
                m1 has secrets = aescbc[k1] identity
                target *. = kms[vault] identity
                """,
                "on the way, the rules secrets, *. have to read with a KMS provider and write with different ones, and a server takes the name of a KMS provider in one entry of a file only; no file was found that does that. Nothing was changed. Make it two calls: first the target's rules with a provider that has keys (secretbox, for example), then this one");
    }

    @Test
    void aKmsPluginBecomesAKeyAndAGroupAResource_refusedWithTwoCalls() {
        assertRefused(
                """
                m1 has *. = kms[vault] identity
                target secrets = aescbc[k1] identity
                """,
                "on the way, the rules secrets, *. have to read with a KMS provider and write with different ones, and a server takes the name of a KMS provider in one entry of a file only; no file was found that does that. Nothing was changed. Make it two calls: first the rules that are there with a provider that has keys (secretbox, for example), then this one");
    }

    @Test
    void aKmsPluginMovesItsSocket_refusedForItsName() {
        assertRefused(
                """
                m1 has secrets = kms[vault] identity
                target secrets = kms[vault/other] identity
                """,
                "the KMS name vault stands for 2 plugins, with other endpoints or versions of the API; both must stay readable for a while, and a server takes a name once in a file. Nothing was changed. Give the new plugin another name");
    }
}
