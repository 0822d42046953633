package dev.rekey.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ManagedSettingsTest {
    private static final Key KEY = new Key("rekey-1-aaaaaa", KeyMaterial.of(new byte[32]));

    @Test
    void generateMakesTheFormOfTheSeed() {
        EncryptionConfiguration configuration = ManagedSettings.DEFAULT.generate(KeySource.of(KEY));

        assertThat(new String(configuration.render().exposeBytes(), StandardCharsets.UTF_8))
                .isEqualTo("""
                apiVersion: apiserver.config.k8s.io/v1
                kind: EncryptionConfiguration
                resources:
                - resources:
                  - 'secrets'
                  providers:
                  - aescbc:
                      keys:
                      - name: 'rekey-1-aaaaaa'
                        secret: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='
                  - identity: {}
                """);
        assertThat(EncryptionConfiguration.parse(configuration.render().exposeBytes()))
                .isEqualTo(configuration);
    }

    @Test
    void providerAndResourcesAreByChoice() {
        ManagedSettings settings =
                ManagedSettings.DEFAULT.withProviderType("secretbox").withResources(List.of("*.apps", "secrets"));
        Key older = new Key("rekey-0-bbbbbb", KeyMaterial.of(new byte[32]));

        Entry entry = settings.configuration(List.of(KEY, older)).entries().get(0);

        assertThat(entry.resources()).containsExactly("*.apps", "secrets");
        assertThat(entry.providers())
                .containsExactly(new Provider.Secretbox(List.of(KEY, older)), new Provider.Identity());
    }

    @Test
    void whatIsNotSetCanBeToldFromWhatIs() {
        ManagedSettings named = ManagedSettings.DEFAULT.withKeyPrefix("kubeone").withPreviousKeysKept(0);

        assertThat(named.providerType()).isEmpty();
        assertThat(named.previousKeysKept()).contains(0);
        assertThat(named.orElse(
                        ManagedSettings.DEFAULT.withProviderType("aesgcm").withKeyPrefix("other")))
                .isEqualTo(named.withProviderType("aesgcm"));
        assertThat(ManagedSettings.DEFAULT.resources()).isEqualTo(Optional.empty());
    }

    @Test
    void eachSettingCountsWhereSettingsAreComparedOrJoined() {
        ManagedSettings none = ManagedSettings.DEFAULT;
        List<ManagedSettings> one = List.of(
                none.withProviderType("secretbox"),
                none.withResources(List.of("configmaps")),
                none.withKeyPrefix("a"),
                none.withPreviousKeysKept(2));

        assertThat(one).doesNotHaveDuplicates().doesNotContain(none);
        assertThat(one).allSatisfy(settings -> {
            assertThat(settings.orElse(none)).isEqualTo(settings).hasSameHashCodeAs(settings);
            assertThat(none.orElse(settings)).isEqualTo(settings);
        });
        assertThat(one.get(2).keyPrefix()).contains("a");
    }

    @Test
    void aProviderThatCannotBeManagedIsRefused() {
        assertThatThrownBy(() -> ManagedSettings.DEFAULT.withProviderType("kms"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("custom configuration");
    }
}
