package dev.rekey.testing;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The two invariants that must hold at every moment of every call, as assertions: I1, every running apiserver reads every
 * stored object with what it has loaded; I2, every apiserver, restarted now, starts and reads every stored object.
 */
public final class InvariantChecks {
    private static final int SHOWN = 5;

    private InvariantChecks() {}

    /** Throws an {@link AssertionError} that names invariant, member, object and readers. */
    public static void check(FakeControlPlane plane) {
        fail("I1", plane.unreadable());
        fail("I2", plane.unreadableAfterRestart());
    }

    /**
     * Checks after each change in the plane, also those that come with time. The first violation is kept, since a run may swallow
     * what is thrown inside it, and {@link Watch#close} throws it.
     */
    public static Watch watch(FakeControlPlane plane) {
        Watch watch = new Watch();
        plane.onChange(change -> watch.look(plane, change));
        return watch;
    }

    private static void fail(String invariant, List<Harm> harms) {
        if (!harms.isEmpty()) {
            String more = harms.size() > SHOWN ? "\n  and " + (harms.size() - SHOWN) + " more" : "";
            String shown = String.join(
                    "\n  ", harms.stream().limit(SHOWN).map(Harm::toString).toList());
            throw new AssertionError(invariant + " is violated:\n  " + shown + more);
        }
    }

    /** What {@link #watch} has seen so far. */
    public static final class Watch implements AutoCloseable {
        private final AtomicReference<@Nullable AssertionError> first = new AtomicReference<>();
        private volatile boolean closed;

        private Watch() {}

        private void look(FakeControlPlane plane, String change) {
            if (closed || first.get() != null) {
                return;
            }
            try {
                check(plane);
            } catch (AssertionError e) {
                first.compareAndSet(null, new AssertionError("after \"" + change + "\": " + e.getMessage(), e));
            }
        }

        /** Throws the first violation, if there was one; afterwards it no longer looks. */
        @Override
        public void close() {
            closed = true;
            AssertionError violation = first.get();
            if (violation != null) {
                throw violation;
            }
        }
    }
}
