package dev.rekey.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.rekey.RekeyException;
import dev.rekey.config.KeyRef;
import dev.rekey.lifecycle.Change;
import dev.rekey.lifecycle.Report;
import dev.rekey.testing.FakeControlPlane;
import dev.rekey.testing.InvariantChecks;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a platform engineer tests a rotation job: on a control plane in memory, with a crash in the middle. */
class RotationJobTest {
    private final FakeControlPlane plane = FakeControlPlane.withMembers(3);

    @BeforeEach
    void encryptTenSecrets() {
        plane.createSecrets(10);
        plane.lifecycle().build().apply(Change.enable());
    }

    @Test
    void aRotation_storesEverySecretUnderANewKey() {
        KeyRef old = keyInUse();

        Report report = plane.lifecycle().build().apply(Change.rotate());

        assertThat(report.changedSomething()).isTrue();
        assertThat(keyInUse()).isNotEqualTo(old);
        assertThat(plane.archived()).hasSize(2 + 1);
    }

    @Test
    void aJobThatIsKilledAndRetried_rotatesOnce() {
        Change rotateOnce = Change.rotateAwayFrom(keyInUse().name());
        plane.operator().crashBefore(30);
        try (InvariantChecks.Watch watch = InvariantChecks.watch(plane)) {
            assertThat(watch).isNotNull();
            assertThatExceptionOfType(RekeyException.class)
                    .isThrownBy(() -> plane.lifecycle().build().apply(rotateOnce));

            plane.lifecycle().build().apply(rotateOnce);
        }
        assertThat(keyInUse().name()).startsWith("rekey-2-");
        assertThat(plane.lifecycle().build().plan(rotateOnce).isEmpty()).isTrue();
    }

    /** Of all Secrets, since there is only one. */
    private KeyRef keyInUse() {
        Map<KeyRef, Integer> stored = plane.storedUnder().get("secrets");
        assertThat(stored).hasSize(1).containsValue(10);
        return stored.keySet().iterator().next();
    }
}
