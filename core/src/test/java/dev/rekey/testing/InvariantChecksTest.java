package dev.rekey.testing;

import static dev.rekey.testing.Situations.put;
import static dev.rekey.testing.Situations.running;
import static dev.rekey.testing.Situations.secrets;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InvariantChecksTest {
    private final FakeControlPlane plane = running(secrets("k1", "identity"));

    @Test
    void aPlaneInOrderPasses() {
        plane.createSecrets(3);

        try (InvariantChecks.Watch watch = InvariantChecks.watch(plane)) {
            assertThat(watch).isNotNull();
            plane.members().forEach(member -> put(plane, member, secrets("k1", "k2", "identity")));
            plane.pace().sleep(Duration.ofMinutes(2));
        }
        InvariantChecks.check(plane);
    }

    @Test
    void aViolationNamesInvariantMemberObjectAndReaders() {
        plane.createSecrets(7);
        put(plane, "cp2", secrets("k2", "identity"));

        assertThatThrownBy(() -> InvariantChecks.check(plane))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith(
                        "I2 is violated:\n  cp2: secrets default/secret-1: stored under aescbc key k1, but by the"
                                + " files on it the readers are [aescbc key k2, identity]\n")
                .hasMessageEndingWith("and 2 more");

        plane.passTime(Duration.ofMinutes(2));
        assertThatThrownBy(() -> InvariantChecks.check(plane)).hasMessageStartingWith("I1 is violated:\n  cp2: ");
    }

    @Test
    void aWatchKeepsTheFirstViolationAlsoWhenItIsMendedLater() {
        plane.createSecrets(1);
        InvariantChecks.Watch watch = InvariantChecks.watch(plane);
        put(plane, "cp3", secrets("k2", "identity"));
        put(plane, "cp3", secrets("k1", "identity"));
        InvariantChecks.check(plane);

        assertThatThrownBy(watch::close)
                .hasMessageStartingWith("after \"somebody wrote cp3:/etc/kubernetes/encryption-providers/"
                        + "encryption-providers.yaml\": I2 is violated:");
    }

    @Test
    void noKeyIsInAnyTextOfThePlane() {
        plane.createSecrets(2);
        put(plane, "cp2", secrets("k2", "identity"));
        List<String> texts = new ArrayList<>();
        plane.onChange(texts::add);
        plane.archive().keep(List.of(Situations.aescbc("k1")));
        plane.pace().sleep(Duration.ofMinutes(2));
        texts.addAll(plane.operations());
        plane.unreadable().forEach(harm -> texts.add(harm.toString()));
        plane.unreadableAfterRestart().forEach(harm -> texts.add(harm.toString()));
        plane.storedUnder().forEach((resource, readers) -> texts.add(resource + readers));

        assertThat(plane.member("cp2").files().values().toString())
                .as("it would be found where it is")
                .contains(Situations.secret("k2"));
        assertThat(texts).hasSizeGreaterThan(8);
        assertThat(texts.toString())
                .contains("k1")
                .doesNotContain(Situations.secret("k1"), Situations.secret("k2"), "k1....", "k2....");
    }

    @Test
    void equalPlanesBehaveEqually() {
        assertThat(history(running(secrets("k1", "identity")))).isEqualTo(history(plane));
    }

    private static List<String> history(FakeControlPlane plane) {
        List<String> history = new ArrayList<>();
        plane.onChange(change -> history.add(plane.elapsed() + " " + change));
        plane.createSecrets(3);
        plane.members().forEach(member -> put(plane, member, secrets("k2", "k1", "identity")));
        plane.pace().sleep(Duration.ofMinutes(2));
        plane.rewriter().rewrite(List.of("secrets"), (resource, counts) -> {});
        assertThat(history).hasSize(3 + 3 + 1 + 3);
        return history;
    }
}
