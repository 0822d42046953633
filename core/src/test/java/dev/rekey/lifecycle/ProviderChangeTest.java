package dev.rekey.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.RekeyException;
import dev.rekey.config.KeyRef;
import dev.rekey.config.ManagedSettings;
import dev.rekey.manifest.NodeLayout;
import dev.rekey.manifest.NodePath;
import dev.rekey.testing.FakeControlPlane;
import dev.rekey.testing.FakeObject;
import dev.rekey.testing.FakeOperator;
import dev.rekey.testing.InvariantChecks;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Changes of provider and of resources that stop anywhere, and are finished by the same call or left for another one. */
class ProviderChangeTest {
    /** 1 takes every operation. */
    private static final int STEP = Integer.getInteger("rekey.step", 9);

    private static final ManagedSettings UNSET = ManagedSettings.DEFAULT;

    @ParameterizedTest(name = "{0}, killed anywhere, then {1}")
    @CsvSource({
        "secretbox, secretbox", "secretbox, enable", "secretbox, aescbc", "secretbox, disable",
        "everything, everything", "everything, enable", "everything, secretbox", "everything, disable",
    })
    void aChangeThatIsKilledAnywhere_isFinishedByTheSameCallAndByAnother(String call, String next) {
        int n = 1;
        while (killedAt(n, change(call), change(next))) {
            n += STEP;
        }
        assertThat(n).as("operations of a whole change").isGreaterThan(20);
    }

    @Test
    void aChangeThatTakesARuleAway_isSettledWhenItIsDone() {
        FakeControlPlane plane = States.managed(1);
        for (List<String> resources :
                List.of(List.of("*.*"), List.of("secrets"), List.of("configmaps", "secrets"), List.of("secrets"))) {
            Change change = Change.enable(UNSET.withResources(resources));
            Operators.on(plane).apply(change);
            assertThat(Operators.on(plane).plan(change).steps())
                    .as("%s", resources)
                    .isEmpty();
            assertThat(Operators.on(plane).plan(Change.enable()).steps()).isEmpty();
        }
    }

    @Test
    void aWildcardInPlaceOfAResource_letsNothingFallBackToPlain() {
        FakeControlPlane plane = States.with(1, NodeLayout.DEFAULT.customPath(), States.keyed(States.K1));
        Operators.on(plane).apply(Change.enable(UNSET.withResources(List.of("*."))));
        assertThat(plane.storedUnder().get("secrets").keySet())
                .noneMatch(reader ->
                        reader.equals(KeyRef.IDENTITY) || reader.name().equals(States.K1.name()));
    }

    /** Of members that do not reload, one has a file that it will load at its next restart and whose writer the others cannot read. */
    @Test
    void aFileThatWasNeverLoaded_isMendedBeforeItsApiServerIsRestarted() {
        FakeControlPlane plane = States.managedByOthers(3);
        NodePath managed = plane.layout().managedPath();
        plane.member("cp2").put(managed, States.keyed(States.K2, States.K1));
        plane.onChange(change -> {
            if (change.equals("cp2 is ready")) {
                plane.member("cp2").create(FakeObject.secret("written-by-cp2"), "x");
            }
        });
        try (InvariantChecks.Watch watch = InvariantChecks.watch(plane)) {
            Operators.on(plane).apply(Change.enable());
        }
        assertThat(plane.storedUnder().get("secrets").keySet())
                .extracting(KeyRef::name)
                .containsExactly(States.K2.name());
    }

    private static boolean killedAt(int n, Change change, Change next) {
        FakeControlPlane plane = FakeControlPlane.withMembers(3);
        plane.createSecrets(3);
        plane.member("cp1").create(new FakeObject("configmaps", "default", "c"), "x");
        Operators.on(plane).apply(Change.enable());
        FakeOperator killed = plane.newOperator();
        killed.crashAfter(n);
        try (InvariantChecks.Watch watch = InvariantChecks.watch(plane)) {
            try {
                Operators.by(plane, killed).apply(change);
            } catch (RekeyException e) {
                assertThat(killed.dead())
                        .as("%s fails by itself: %s", change, e)
                        .isTrue();
            }
            plane.passTime(Duration.ofSeconds(n % 90));
            EncryptionLifecycle again = Operators.by(plane, plane.newOperator());
            again.apply(next);
            assertThat(again.plan(next).steps()).as("killed at %s", n).isEmpty();
        }
        for (String resource : List.of("secrets", "configmaps")) {
            assertThat(plane.storedUnder().get(resource))
                    .as("%s, killed at %s", resource, n)
                    .hasSize(1);
        }
        assertThat(plane.usedButNotArchived()).isEmpty();
        return killed.dead();
    }

    private static Change change(String word) {
        return switch (word) {
            case "enable" -> Change.enable();
            case "disable" -> Change.disable();
            case "everything" -> Change.enable(UNSET.withResources(List.of("*.*")));
            default -> Change.enable(UNSET.withProviderType(word));
        };
    }
}
