package dev.rekey.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.InvalidInputException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionsTest {
    @ParameterizedTest
    @CsvSource({
        "v1.36.3, v1.36.3",
        "1.18.6, v1.18.6",
        "1.36, v1.36.0",
        "v1.34.0-rc.1+k3s1, v1.34.0-rc.1+k3s1",
        "v1.29.3-eks-adc7111, v1.29.3-eks-adc7111",
        "v1.27.8-gke.1067004, v1.27.8-gke.1067004"
    })
    void versionsOfTheFieldAreRead(String text, String shown) {
        assertThat(KubernetesVersion.parse(text)).hasToString(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "v1", "1.36.x", "one", "1.36.3 ", "1.36+", "v1.36.3\n", "99999.1"})
    void whatIsNoVersionIsRefused(String text) {
        assertThatThrownBy(() -> KubernetesVersion.parse(text))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("v1.36.3");
    }

    @Test
    void versionsAreOrderedByNumberAndPreReleasesComeFirst() {
        List<String> ordered = List.of(
                "1.9.0", "1.18.6", "1.34.0-alpha.1", "1.34.0-rc.1", "1.34.0", "1.34.0+k3s1", "1.34.0-eks-1", "1.34.1");

        assertThat(ordered.stream().map(KubernetesVersion::parse).sorted().map(KubernetesVersion::toString))
                .containsExactlyElementsOf(
                        ordered.stream().map(version -> "v" + version).toList());
    }

    @ParameterizedTest(name = "{0} begins with {1}")
    @CsvSource({
        "KMS v2 is a field, 1.25",
        "automatic reload, 1.26",
        "custom resources, 1.26",
        "wildcards, 1.27",
        "KMS v2 by default, 1.27",
        "KMS v2 always, 1.29",
        "KMS v1 by gate, 1.29",
        "kubeadm v1beta4, 1.31",
        "hash of what is loaded, 1.34",
        "storage version migration, 1.37"
    })
    void capabilitiesBeginWithTheirMinor(String capability, String first) {
        KubernetesVersion version = KubernetesVersion.parse(first);
        KubernetesVersion before = KubernetesVersion.parse("1." + (version.minor() - 1) + ".99");

        assertThat(has(capability, version)).isTrue();
        assertThat(has(capability, before)).isFalse();
    }

    @ParameterizedTest(name = "a server of 1.25: {0} => {1}")
    @CsvSource({
        "secrets, ",
        "deployments.apps, ",
        "leases.coordination.k8s.io, ",
        "ingresses.extensions, resource-without-effect",
        "gadgets.snapshot.storage.k8s.io, ",
        "widgets.example.com, resource-without-effect",
        "secret, resource-unknown",
        "pods/status, resource-unknown",
        "*.apps, resource-without-effect"
    })
    void serversBeforeCustomResourcesLeaveThemPlain(String resource, String code) {
        String text = """
                apiVersion: apiserver.config.k8s.io/v1
                kind: EncryptionConfiguration
                resources:
                - resources: ['%s']
                  providers:
                  - secretbox:
                      keys:
                      - name: a
                        secret: ZWZnaGlqa2xtbm9wcXJzdHV2d3h5ent8fX5/gIGCg4Q=
                  - identity: {}
                """.formatted(resource);

        assertThat(ConfigurationText.check(text, ServerProfile.of("1.25.16")).stream()
                        .map(Finding::code))
                .isEqualTo(code == null ? List.of() : List.of(code));
    }

    @Test
    void anotherMajorCountsBeforeAnyMinor() {
        assertThat(KubernetesVersion.parse("2.0.0").isAtLeast(1, 36)).isTrue();
        assertThat(KubernetesVersion.parse("0.99.0").isAtLeast(1, 2)).isFalse();
    }

    @Test
    void gatesDecideAboutKms() {
        ServerProfile new_ = ServerProfile.of("1.36.3");
        ServerProfile old = ServerProfile.of("1.26.0");

        assertThat(Stream.of(new_, new_.withFeatureGate("KMSv1", true), old, old.withFeatureGate("KMSv1", false))
                        .map(ServerProfile::kmsV1))
                .containsExactly(false, true, true, false);
        assertThat(Stream.of(
                                new_.withFeatureGate("KMSv2", false),
                                old,
                                old.withFeatureGate("KMSv2", true),
                                ServerProfile.of("1.24.0").withFeatureGate("KMSv2", true))
                        .map(ServerProfile::kmsV2))
                .containsExactly(true, false, true, false);
    }

    private static boolean has(String capability, KubernetesVersion version) {
        Capabilities can = Capabilities.of(version);
        return switch (capability) {
            case "KMS v2 is a field" -> can.kmsV2Known();
            case "automatic reload" -> can.automaticReload();
            case "custom resources" -> can.customResources();
            case "wildcards" -> can.wildcards();
            case "KMS v2 by default" -> can.kmsV2ByDefault();
            case "KMS v2 always" -> can.kmsV2Always();
            case "KMS v1 by gate" -> !can.kmsV1ByDefault();
            case "kubeadm v1beta4" -> can.kubeadmV1beta4();
            case "hash of what is loaded" -> can.configurationHash();
            case "storage version migration" -> can.storageVersionMigration();
            default -> throw new IllegalArgumentException(capability);
        };
    }
}
