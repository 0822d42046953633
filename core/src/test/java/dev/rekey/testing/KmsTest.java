package dev.rekey.testing;

import static dev.rekey.testing.Situations.put;
import static dev.rekey.testing.Situations.running;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.spi.ApiServerStatus.Health;
import dev.rekey.spi.ApiServerStatus.Loaded;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class KmsTest {
    private static final String PLUGIN = """
            apiVersion: apiserver.config.k8s.io/v1
            kind: EncryptionConfiguration
            resources:
            - resources:
              - secrets
              providers:
              - kms:
                  apiVersion: v2
                  name: vault
                  endpoint: unix:///run/kms/vault.sock
              - identity: {}
            """;

    private final FakeObject secret = FakeObject.secret("s");

    @Test
    void aPluginThatFailsMakesTheApiserverUnreadyAndItsObjectsUnreadable() {
        FakeControlPlane plane = running(1, PLUGIN);
        FakeMember member = plane.member("cp1");
        assertThat(member.create(secret, "x").ok()).isTrue();

        member.failKms("vault");

        assertThat(plane.probe().probe("cp1").health()).isEqualTo(Health.NOT_READY);
        assertThat(plane.probe().probe("cp1").failedKmsChecks()).containsExactly("vault");
        assertThat(member.read(secret).ok()).isFalse();
        member.mend();
        assertThat(member.read(secret).text()).isEqualTo("x");
    }

    @Test
    void aNewPluginThatFailsIsNotLoadedByThePollButToleratedAtAStart() {
        FakeControlPlane plane = running(1, Situations.secrets("k1", "identity"));
        FakeMember member = plane.member("cp1");
        Loaded before = member.loaded();
        member.failKms("vault");
        put(plane, "cp1", PLUGIN);
        plane.passTime(Duration.ofMinutes(10));
        assertThat(member.loaded()).isEqualTo(before);

        member.restart();
        plane.passTime(Duration.ofSeconds(5));

        assertThat(plane.probe().probe("cp1").loaded()).isEqualTo(HarmTest.fileHash(plane, "cp1"));
        assertThat(plane.probe().probe("cp1").health()).isEqualTo(Health.NOT_READY);
    }
}
