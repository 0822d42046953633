package dev.rekey.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.Entry;
import dev.rekey.config.Provider;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What members must agree on: equal situations give equal stages, whichever member is looked at first. */
class StagesAgreementTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "secrets = aescbc[k1] identity; secrets = aescbc[k1] identity; true",
                "secrets = identity | pods = aescbc[k1]; pods = aescbc[k1] | secrets = identity; true",
                "secrets,pods = aescbc[k1]; secrets = aescbc[k1] | pods = aescbc[k1]; true",
                "secrets = aescbc[k1] identity; secrets = aescbc[k2] identity; false",
                "secrets = aescbc[k1] identity; secrets = identity aescbc[k1]; false",
                "secrets = aescbc[k1]; secrets = aescbc[k1/other]; false",
                "secrets,pods = aescbc[k1]; secrets = aescbc[k1]; false",
                "secrets = aescbc[k1]; secrets,pods = aescbc[k1]; false",
            })
    void alike_readsAndWritesTheSame(String one, String other, boolean alike) {
        assertThat(Stages.alike(Sketch.read(one), Sketch.read(other))).isEqualTo(alike);
    }

    @Test
    void readersThatTheTargetDoesNotHave_standByProviderAndName_identityLast() {
        Case given = Case.read("""
                m1 has secrets = identity
                m2 has secrets = secretbox[s2 s1]
                m3 has secrets = aesgcm[g1] kms[vault]
                target secrets = aescbc[k1]
                """);

        assertThat(Sketch.text(given.stages().promote()))
                .isEqualTo("secrets = aescbc[k1] aesgcm[g1] kms[vault] secretbox[s1 s2] identity");
    }

    @Test
    void aPluginWithAnotherCache_theSmallerOneStaysOnTheWay() {
        for (List<Integer> sizes : List.of(List.of(10, 20), List.of(20, 10))) {
            Map<String, MemberConfigurations> members = Map.of(
                    "m1", member(sizes.get(0)),
                    "m2", member(sizes.get(1)));

            EncryptionConfiguration promote = Stages.between(members, Sketch.read("secrets = aescbc[k1] identity"))
                    .promote();

            assertThat(promote.providersOf("secrets").stream().flatMap(StagesAgreementTest::cacheSize))
                    .containsExactly(10);
        }
    }

    @Test
    void noFileIsFound_theRefusalNamesTheRulesThatNeedThePlugin() {
        Case given = Case.read("""
                m1 has secrets = kms[vault] identity | pods = aescbc[k1] identity
                target secrets,*.apps = kms[vault] identity | pods = aescbc[k1] identity
                """);

        assertThatThrownBy(given::stages)
                .hasMessageContaining("the rules secrets, *.apps have to read with a KMS provider");
    }

    @Test
    void stagesAreNamedInLowerCase() {
        assertThat(Stream.of(Stage.values()).map(Stage::word)).containsExactly("introduce", "promote", "retire");
    }

    private static MemberConfigurations member(int cacheSize) {
        EncryptionConfiguration configuration = cached(cacheSize);
        return new MemberConfigurations(configuration, List.of(configuration));
    }

    private static EncryptionConfiguration cached(int size) {
        Provider kms =
                new Provider.Kms("vault", "v1", "unix:///run/vault.sock", Optional.of(size), Duration.ofSeconds(3));
        return new EncryptionConfiguration(
                List.of(new Entry(List.of("secrets"), List.of(kms, new Provider.Identity()))));
    }

    private static Stream<Integer> cacheSize(Provider provider) {
        return provider instanceof Provider.Kms kms ? kms.cacheSize().stream() : Stream.empty();
    }
}
