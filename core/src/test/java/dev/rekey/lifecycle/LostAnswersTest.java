package dev.rekey.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.NodeException;
import dev.rekey.RekeyException;
import dev.rekey.StoppedException;
import dev.rekey.testing.FakeControlPlane;
import dev.rekey.testing.InvariantChecks;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A change takes place and nobody hears of it, or the caller's thread is interrupted, at each operation of a call in turn. */
class LostAnswersTest {
    private final AtomicBoolean struck = new AtomicBoolean();

    @ParameterizedTest
    @ValueSource(strings = {"enable", "rotate", "disable"})
    void anAnswerThatIsLostAnywhere_leavesNoLockAndTheSameCallFinishes(String call) {
        int n = 1;
        do {
            struck.set(false);
            FakeControlPlane plane = plane(call);
            Change change = change(call, plane);
            int at = n;
            try (InvariantChecks.Watch watch = InvariantChecks.watch(plane)) {
                Optional<RekeyException> failure = Operators.attempt(
                        Interposed.by(plane, plane.newOperator(), Interposed.Hook.after(n, () -> {
                            struck.set(true);
                            throw new NodeException("the connection was lost; whether it was done is not known");
                        })),
                        change);
                // An answer that is lost as locks are given back is the one that nobody needs.
                failure.ifPresent(e -> assertNoLock(plane, "lost at " + at));
                assertFinishes(plane, change, "lost at " + n);
            }
            n += 2;
        } while (struck.get());
        assertThat(n).as("operations of a whole %s", call).isGreaterThan(20);
    }

    /** Each write to that member takes effect, and from some moment on none is answered. */
    @ParameterizedTest
    @ValueSource(strings = {"enable", "disable"})
    void aMemberThatNoLongerAnswersWrites_isFinishedOnceItDoes(String call) {
        int n = 1;
        do {
            struck.set(false);
            FakeControlPlane plane = plane(call);
            Change change = change(call, plane);
            int from = n;
            Interposed.Hook sticky = new Interposed.Hook() {
                @Override
                public void before(int operation, String what) {}

                @Override
                public void after(int operation, String what) {
                    if (operation >= from && what.contains("cp2")) {
                        struck.set(true);
                        throw new NodeException("the connection was lost; whether it was done is not known");
                    }
                }
            };
            try (InvariantChecks.Watch watch = InvariantChecks.watch(plane)) {
                Operators.attempt(Interposed.by(plane, plane.newOperator(), sticky), change);
                assertFinishes(plane, change, "lost from " + n);
            }
            n += 9;
        } while (struck.get());
    }

    @ParameterizedTest
    @ValueSource(strings = {"enable", "rotate"})
    void anInterruptAnywhere_stopsAndStaysSetAndLeavesNoLock(String call) {
        int n = 1;
        do {
            struck.set(false);
            FakeControlPlane plane = plane(call);
            Change change = change(call, plane);
            try (InvariantChecks.Watch watch = InvariantChecks.watch(plane)) {
                Optional<RekeyException> failure = Operators.attempt(
                        Interposed.by(plane, plane.newOperator(), Interposed.Hook.before(n, () -> {
                            struck.set(true);
                            Thread.currentThread().interrupt();
                        })),
                        change);
                assertThat(Thread.interrupted()).as("at %s", n).isEqualTo(struck.get());
                failure.ifPresent(e -> assertThat(e).isInstanceOf(StoppedException.class));
                assertNoLock(plane, "interrupted at " + n);
                assertFinishes(plane, change, "interrupted at " + n);
            }
            n += 7;
        } while (struck.get());
    }

    private static void assertFinishes(FakeControlPlane plane, Change change, String when) {
        EncryptionLifecycle again = Operators.by(plane, plane.newOperator());
        again.apply(change);
        assertThat(again.plan(change).steps()).as(when).isEmpty();
        assertThat(plane.storedUnder().get("secrets")).as(when).hasSize(1);
        assertThat(plane.usedButNotArchived()).as(when).isEmpty();
        assertNoLock(plane, when);
    }

    private static void assertNoLock(FakeControlPlane plane, String when) {
        plane.members()
                .forEach(name -> assertThat(
                                plane.member(name).file(plane.layout().lock()))
                        .as(when)
                        .isEmpty());
    }

    private static FakeControlPlane plane(String call) {
        FakeControlPlane plane = FakeControlPlane.withMembers(3);
        plane.createSecrets(2);
        if (!call.equals("enable")) {
            Operators.on(plane).apply(Change.enable());
        }
        return plane;
    }

    private static Change change(String call, FakeControlPlane plane) {
        return switch (call) {
            case "enable" -> Change.enable();
            case "disable" -> Change.disable();
            default ->
                Change.rotateAwayFrom(plane.storedUnder()
                        .get("secrets")
                        .keySet()
                        .iterator()
                        .next()
                        .name());
        };
    }
}
