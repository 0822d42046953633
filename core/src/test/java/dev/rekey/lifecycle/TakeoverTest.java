package dev.rekey.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.ChangedMeanwhileException;
import dev.rekey.LockedException;
import dev.rekey.RekeyException;
import dev.rekey.config.ManagedSettings;
import dev.rekey.testing.FakeControlPlane;
import dev.rekey.testing.InvariantChecks;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A run stands still, as a suspended machine does, for so long that another one takes its lock over and finishes; then it goes on.
 * At each operation in turn, but where the request to replace kubeadm's ClusterConfiguration itself stands still.
 */
class TakeoverTest {

    @ParameterizedTest(name = "{0}, taken over by {1}")
    @CsvSource({"enable, disable", "disable, enable", "enable, secretbox", "secretbox, disable"})
    void aRunWhoseLockWasTakenOver_stopsBeforeItHarmsWhatTheOtherHasDone(String call, String other) {
        int n = 4;
        while (takenOverAt(n, call, other)) {
            n += 3;
        }
        assertThat(n).as("operations of a whole %s", call).isGreaterThan(20);
    }

    private static boolean takenOverAt(int n, String call, String other) {
        FakeControlPlane plane = FakeControlPlane.withMembers(3);
        plane.createSecrets(2);
        if (!call.equals("enable")) {
            Operators.on(plane).apply(Change.enable());
        }
        AtomicBoolean stood = new AtomicBoolean();
        List<RekeyException> failures = new ArrayList<>();
        Interposed.Hook standing = new Interposed.Hook() {
            @Override
            public void before(int operation, String what) {
                if (operation >= n && !stood.get() && !what.startsWith("replace kubeadm")) {
                    stood.set(true);
                    Operators.by(plane, plane.newOperator()).apply(change(other));
                }
            }

            @Override
            public void after(int operation, String what) {}
        };
        try (InvariantChecks.Watch watch = InvariantChecks.watch(plane)) {
            try {
                Interposed.by(plane, plane.newOperator(), standing).apply(change(call));
            } catch (LockedException | ChangedMeanwhileException e) {
                failures.add(e);
            }
        }
        if (stood.get()) {
            assertThat(Operators.on(plane).plan(change(other)).steps())
                    .as("stood still at %s: %s", n, failures)
                    .isEmpty();
        }
        return stood.get();
    }

    private static Change change(String word) {
        return switch (word) {
            case "enable" -> Change.enable();
            case "disable" -> Change.disable();
            default -> Change.enable(ManagedSettings.DEFAULT.withProviderType(word));
        };
    }
}
