package dev.rekey.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.ChangedMeanwhileException;
import dev.rekey.LockedException;
import dev.rekey.NotProvedException;
import dev.rekey.PlanOutdatedException;
import dev.rekey.RefusedException;
import dev.rekey.RekeyException;
import dev.rekey.RewriteIncompleteException;
import dev.rekey.StoppedException;
import dev.rekey.manifest.NodePath;
import dev.rekey.testing.FakeControlPlane;
import dev.rekey.testing.FakeMember;
import dev.rekey.testing.FakeObject;
import dev.rekey.testing.FakeOperator;
import dev.rekey.testing.Fault;
import dev.rekey.testing.InvariantChecks;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MisfortunesTest {

    @Test
    void anApiServerThatDoesNotStartAfterOurEdit_getsItsManifestBackAndTheSameCallFinishes() {
        FakeControlPlane plane = States.plain(3);
        String before = plane.member("cp2").file(plane.layout().manifest()).orElseThrow();
        plane.member("cp2").always(Fault.APISERVER_DOES_NOT_START);
        assertThatThrownBy(() -> Operators.on(plane).apply(Change.enable()))
                .isInstanceOf(NotProvedException.class)
                .hasMessageContaining("cp2")
                .hasMessageContaining("put back");
        assertThat(plane.member("cp2").file(plane.layout().manifest())).contains(before);
        assertThat(plane.member("cp2").file(plane.layout().managedPath())).isPresent();
        plane.member("cp2").mend();
        plane.passTime(Duration.ofMinutes(6));
        Operators.on(plane).apply(Change.enable());
        assertThat(Operators.on(plane).status().proof()).isEqualTo("settled");
    }

    /** As with kubeadm's RootlessControlPlane: it would not start with a file that root alone can read. */
    @Test
    void anApiServerThatDoesNotRunAsRoot_isRefusedBeforeAnythingChanges() {
        FakeControlPlane plane = States.managed(3);
        FakeMember member = plane.member("cp2");
        NodePath path = plane.layout().manifest();
        member.put(
                path,
                member.file(path)
                        .orElseThrow()
                        .replace("securityContext:\n", "securityContext:\n    runAsUser: 65534\n"));
        plane.passTime(Duration.ofMinutes(6));
        var before = member.files();

        for (Change change : List.of(Change.rotate(), Change.disable())) {
            assertThatThrownBy(() -> Operators.on(plane).apply(change))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageStartingWith("member cp2, " + path + ": its apiserver does not run as root")
                    .hasMessageContaining("Nothing was changed. ");
        }
        assertThat(member.files()).isEqualTo(before);
        assertThat(Operators.on(plane).plan(Change.enable()).steps()).isEmpty();
    }

    @Test
    void anApiServerThatDoesNotReload_isNotProvedAndNothingIsPromotedOrPutBack() {
        FakeControlPlane plane = States.managed(3);
        String key = onlyWriter(plane);
        plane.member("cp3").always(Fault.APISERVER_DOES_NOT_RELOAD);
        try (InvariantChecks.Watch watch = InvariantChecks.watch(plane)) {
            assertThatThrownBy(() -> Operators.on(plane).apply(Change.rotate()))
                    .isInstanceOf(NotProvedException.class)
                    .hasMessageContaining("cp3");
            assertThat(onlyWriter(plane)).isEqualTo(key);
            plane.member("cp3").mend();
            Operators.on(plane).apply(Change.rotateAwayFrom(key));
            assertThat(onlyWriter(plane)).startsWith("rekey-2-");
        }
    }

    @Test
    void anObjectThatCannotBeRewritten_isNamedAndTheOldKeyStays() {
        FakeControlPlane plane = States.managed(3);
        String key = onlyWriter(plane);
        FakeObject bad = plane.createSecrets(1).get(0);
        plane.etcd().breakObject(bad);
        assertThatThrownBy(() -> Operators.on(plane).apply(Change.rotateAwayFrom(key)))
                .isInstanceOf(RewriteIncompleteException.class)
                .hasMessageContaining(bad.name());
        plane.members()
                .forEach(name -> assertThat(plane.member(name)
                                .file(plane.layout().managedPath())
                                .orElseThrow())
                        .contains(key));
    }

    @Test
    void etcdPutBackBetweenMarkAndRetire_keepsTheOldKey() {
        FakeControlPlane plane = States.managed(3);
        String key = onlyWriter(plane);
        var before = plane.etcd().snapshot();
        RunContext context = RunContext.UNTIL_DONE.listening(event -> {
            if (event instanceof RekeyEvent.StepEnded ended && ended.step() instanceof Step.SetMark) {
                plane.etcd().restore(before);
            }
        });
        try (InvariantChecks.Watch watch = InvariantChecks.watch(plane)) {
            assertThatThrownBy(() -> Operators.on(plane).apply(Change.rotateAwayFrom(key), context))
                    .isInstanceOf(NotProvedException.class)
                    .hasMessageContaining("put back");
            plane.members()
                    .forEach(name -> assertThat(plane.member(name)
                                    .file(plane.layout().managedPath())
                                    .orElseThrow())
                            .contains(key));
            Operators.on(plane).apply(Change.rotateAwayFrom(key));
        }
        assertThat(onlyWriter(plane)).startsWith("rekey-2-");
    }

    @Test
    void aFlagThatSomebodyDropsInTheMiddle_keepsTheGateShut() {
        FakeControlPlane plane = States.managed(3);
        String key = onlyWriter(plane);
        String plain = FakeControlPlane.withMembers(3)
                .member("cp2")
                .file(plane.layout().manifest())
                .orElseThrow();
        RunContext context = RunContext.UNTIL_DONE.listening(event -> {
            if (event instanceof RekeyEvent.StepEnded ended && ended.step() instanceof Step.Rewrite) {
                plane.member("cp2").put(plane.layout().manifest(), plain);
            }
        });
        assertThatThrownBy(() -> Operators.on(plane).apply(Change.rotateAwayFrom(key), context))
                .isInstanceOf(NotProvedException.class)
                .hasMessageContaining("cp2");
        plane.members()
                .forEach(name -> assertThat(plane.member(name)
                                .file(plane.layout().managedPath())
                                .orElseThrow())
                        .contains(key));
        Operators.on(plane).apply(Change.rotateAwayFrom(key));
        assertThat(onlyWriter(plane)).startsWith("rekey-2-");
        assertThat(plane.unreadable()).isEmpty();
    }

    @Test
    void kubeadmsTextThatSomebodyPutsBackBetweenMarkAndRetire_isMendedBeforeDoneIsSaid() {
        FakeControlPlane plane = FakeControlPlane.withMembers(3);
        plane.createSecrets(10);
        String without = plane.kubeadmText();
        Operators.on(plane).apply(Change.enable());
        String key = onlyWriter(plane);
        FakeOperator killed = plane.newOperator();
        RunContext context = RunContext.UNTIL_DONE.listening(event -> {
            if (event instanceof RekeyEvent.StepEnded ended && ended.step() instanceof Step.SetMark) {
                killed.crashBefore(1);
            }
        });
        assertThatThrownBy(() -> Operators.by(plane, killed).apply(Change.rotateAwayFrom(key), context))
                .isInstanceOf(RekeyException.class);
        plane.putKubeadmText(without);
        EncryptionLifecycle again = Operators.by(plane, plane.newOperator());
        again.apply(Change.rotateAwayFrom(key));
        assertThat(again.plan(Change.enable()).steps()).isEmpty();
        assertThat(plane.kubeadmText()).isNotEqualTo(without);
    }

    @Test
    void kubeadmsTextThatSomebodySpoilsInTheMiddle_isNotSaidToHaveChangedNothing() {
        FakeControlPlane plane = States.plain(1);
        String good = plane.kubeadmText();
        RunContext context = RunContext.UNTIL_DONE.listening(event -> {
            if (event instanceof RekeyEvent.StepStarted started && started.step() instanceof Step.EditKubeadm) {
                plane.putKubeadmText("apiServer: [\n");
            }
        });
        assertThatThrownBy(() -> Operators.on(plane).apply(Change.enable(), context))
                .isInstanceOf(ChangedMeanwhileException.class)
                .hasMessageContaining("kubeadm")
                .hasMessageContaining("stays");
        plane.putKubeadmText(good);
        Operators.on(plane).apply(Change.enable());
        assertThat(Operators.on(plane).status().proof()).isEqualTo("settled");
    }

    @Test
    void aConditionToCancelThatThrowsAnError_leavesNoLock() {
        FakeControlPlane plane = States.plain(1);
        AtomicInteger asked = new AtomicInteger();
        RunContext context = RunContext.UNTIL_DONE.cancelledWhen(() -> {
            if (asked.incrementAndGet() > 5) {
                throw new AssertionError("as a closure of a pipeline does");
            }
            return false;
        });
        assertThatThrownBy(() -> Operators.on(plane).apply(Change.enable(), context))
                .isInstanceOf(RekeyException.class)
                .hasMessageContaining("the condition to cancel");
        assertThat(plane.member("cp1").file(plane.layout().lock())).isEmpty();
    }

    @Test
    void anOutdatedPlan_isNotExecuted() {
        FakeControlPlane plane = States.plain(3);
        Plan plan = Operators.on(plane).plan(Change.enable());
        Operators.on(plane).apply(Change.enable());
        int operations = plane.operations().size();
        assertThatThrownBy(() -> Operators.on(plane).execute(plan, RunContext.UNTIL_DONE))
                .isInstanceOf(PlanOutdatedException.class);
        assertThat(plane.operations()).hasSize(operations);
    }

    @Test
    void aSecondCallerWhileTheFirstLives_isLockedOut() {
        FakeControlPlane plane = States.managed(3);
        FakeOperator other = plane.newOperator();
        AtomicInteger refused = new AtomicInteger();
        RunContext context = RunContext.UNTIL_DONE.listening(event -> {
            if (event instanceof RekeyEvent.Rewriting && refused.get() == 0) {
                refused.set(-1);
                try {
                    Operators.by(plane, other).apply(Change.disable());
                } catch (LockedException | RefusedException e) {
                    refused.set(1);
                } catch (RekeyException e) {
                    refused.set(2);
                }
            }
        });
        try (InvariantChecks.Watch watch = InvariantChecks.watch(plane)) {
            try {
                Operators.on(plane).apply(Change.rewrite(), context);
            } catch (LockedException e) {
                // While the second one watched, the first could not beat: it may lose its lock, and must notice.
                assertThat(e).hasMessageContaining("no longer this run's");
            }
        }
        assertThat(refused.get()).isNotZero();
    }

    @Test
    void aListenerThatThrowsAnError_stopsNothing() {
        FakeControlPlane plane = States.plain(1);
        Operators.on(plane).apply(Change.enable(), RunContext.UNTIL_DONE.listening(event -> {
            throw new AssertionError("as a closure of a pipeline does");
        }));
        assertThat(Operators.on(plane).status().proof()).isEqualTo("settled");
    }

    @Test
    void aCancelAnywhere_stopsAtASafePointAndTheSameCallFinishes() {
        int limit = 0;
        while (stoppedAfter(limit)) {
            limit++;
        }
        assertThat(limit).as("safe points of a whole enable").isGreaterThan(30);
    }

    private static boolean stoppedAfter(int limit) {
        FakeControlPlane plane = States.plain(3);
        AtomicInteger asked = new AtomicInteger();
        boolean stopped = false;
        try (InvariantChecks.Watch watch = InvariantChecks.watch(plane)) {
            try {
                Operators.on(plane)
                        .apply(
                                Change.enable(),
                                RunContext.UNTIL_DONE.cancelledWhen(() -> asked.incrementAndGet() > limit));
            } catch (StoppedException e) {
                stopped = true;
            }
            plane.members()
                    .forEach(name -> assertThat(
                                    plane.member(name).file(plane.layout().lock()))
                            .isEmpty());
            Operators.on(plane).apply(Change.enable());
        }
        assertThat(Operators.on(plane).status().proof()).isEqualTo("settled");
        return stopped;
    }

    private static String onlyWriter(FakeControlPlane plane) {
        return plane.storedUnder().get("secrets").keySet().iterator().next().name();
    }
}
