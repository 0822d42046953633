package dev.rekey.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.rekey.RekeyException;
import dev.rekey.StoppedException;
import dev.rekey.config.ManagedSettings;
import dev.rekey.testing.FakeControlPlane;
import dev.rekey.testing.FakeOperator;
import dev.rekey.testing.InvariantChecks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A run stands still, as a suspended machine does, for so long that another one takes its lock over; then it goes on. At each
 * operation in turn: before it, and between the guards of a write or a delete and its rename, which are two operations of a file
 * system.
 */
class TakeoverTest {
    private static final int NEVER = Integer.MAX_VALUE;

    @ParameterizedTest(name = "{0}, taken over by {1}")
    @CsvSource({"enable, disable", "disable, enable", "enable, secretbox", "secretbox, disable"})
    void aRunWhoseLockWasTakenOver_stopsBeforeItHarmsWhatTheOtherHasDone(String call, String other) {
        int n = 4;
        while (takenOver(new Standing(n, Moment.BEFORE), call, other, NEVER)) {
            n += 3;
        }
        assertThat(n).as("operations of a whole %s", call).isGreaterThan(20);
    }

    @ParameterizedTest(name = "{0}, taken over by {1}")
    @CsvSource({"enable, disable", "disable, enable"})
    void aRunWhoseLockWasTakenOverJustBeforeItReplacesKubeadmsConfiguration_doesNotReplaceIt(
            String call, String other) {
        assertThat(takenOver(new Standing(1, Moment.BEFORE_KUBEADM), call, other, NEVER))
                .isTrue();
    }

    /** The other run is killed somewhere, so that the first one goes on in the middle of what it does. */
    @ParameterizedTest(name = "{0}, taken over by {1}")
    @CsvSource({"disable, secretbox", "secretbox, disable"})
    void aRunWhoseLockWasTakenOverBetweenGuardsAndRename_doesNotRename(String call, String other) {
        int n = 4;
        int killedAt = 60;
        while (takenOver(new Standing(n, Moment.WITHIN), call, other, killedAt)) {
            n += killedAt == 150 ? 7 : 0;
            killedAt = killedAt == 150 ? 60 : killedAt + 30;
        }
        assertThat(n).as("operations of a whole %s", call).isGreaterThan(20);
    }

    @Test
    void aTakeOverThatWasStoppedBeforeNothingCouldComeAnyMore_isOneForTheNextRunToo() {
        FakeControlPlane plane = FakeControlPlane.withMembers(3);
        plane.operator().crashAfter(30);
        attempt(Operators.by(plane, plane.operator()), "enable");
        AtomicBoolean waits = new AtomicBoolean();
        RunContext stopped = RunContext.UNTIL_DONE
                .listening(event -> waits.compareAndSet(
                        false,
                        event instanceof RekeyEvent.Waiting waiting
                                && waiting.reason().contains("may still be on its way")))
                .cancelledWhen(waits::get);

        assertThatExceptionOfType(StoppedException.class)
                .isThrownBy(() -> Operators.by(plane, plane.newOperator()).apply(Change.enable(), stopped));

        assertThat(plane.members())
                .allMatch(name -> plane.member(name).file(plane.layout().lock()).isPresent());
        List<String> waitedFor = new ArrayList<>();
        Operators.by(plane, plane.newOperator())
                .apply(Change.enable(), RunContext.UNTIL_DONE.listening(event -> waitedFor.add(event.toString())));
        assertThat(waitedFor).anyMatch(event -> event.contains("may still be on its way"));
        assertThat(plane.members())
                .noneMatch(
                        name -> plane.member(name).file(plane.layout().lock()).isPresent());
    }

    private enum Moment {
        BEFORE,
        WITHIN,
        BEFORE_KUBEADM
    }

    /** Where the run stands still, and what happens meanwhile. */
    private static final class Standing implements Interposed.Hook {
        private final int n;
        private final Moment moment;
        private boolean stood;
        private Runnable meanwhile = () -> {};

        Standing(int n, Moment moment) {
            this.n = n;
            this.moment = moment;
        }

        @Override
        public void before(int operation, String what) {
            boolean here =
                    moment == Moment.BEFORE || moment == Moment.BEFORE_KUBEADM && what.startsWith("replace kubeadm");
            if (operation >= n && here) {
                stand();
            }
        }

        @Override
        public boolean standsWithin(int operation, String what) {
            boolean read = what.endsWith("encryption-providers.yaml") || what.endsWith("kube-apiserver.yaml");
            return operation >= n && moment == Moment.WITHIN && read && !stood;
        }

        @Override
        public void within(int operation, String what) {
            stand();
        }

        @Override
        public void after(int operation, String what) {}

        private void stand() {
            if (!stood) {
                stood = true;
                meanwhile.run();
            }
        }
    }

    /** False where the call had ended before it came there. */
    private static boolean takenOver(Standing standing, String call, String other, int killedAt) {
        FakeControlPlane plane = FakeControlPlane.withMembers(3);
        plane.createSecrets(2);
        if (!call.equals("enable")) {
            Operators.on(plane).apply(Change.enable());
        }
        FakeOperator second = plane.newOperator();
        second.crashBefore(killedAt);
        standing.meanwhile = () -> attempt(Operators.by(plane, second), other);
        List<RekeyException> failures = new ArrayList<>();
        try (InvariantChecks.Watch watch = InvariantChecks.watch(plane)) {
            attempt(Interposed.by(plane, plane.newOperator(), standing), call).ifPresent(failures::add);
            if (second.dead()) {
                Operators.by(plane, plane.newOperator()).apply(change(other));
            }
        } catch (AssertionError | RekeyException e) {
            throw new AssertionError("stood still at " + standing.n + ", the other was killed at " + killedAt, e);
        }
        if (standing.stood) {
            assertThat(Operators.on(plane).plan(change(other)).steps())
                    .as("stood still at %s: %s", standing.n, failures)
                    .isEmpty();
        }
        return standing.stood;
    }

    private static Optional<RekeyException> attempt(EncryptionLifecycle lifecycle, String call) {
        return Operators.attempt(lifecycle, change(call));
    }

    private static Change change(String word) {
        return switch (word) {
            case "enable" -> Change.enable();
            case "disable" -> Change.disable();
            default -> Change.enable(ManagedSettings.DEFAULT.withProviderType(word));
        };
    }
}
