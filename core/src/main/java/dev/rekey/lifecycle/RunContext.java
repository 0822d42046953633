package dev.rekey.lifecycle;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * How a caller follows a run and stops it.
 *
 * @param deadline for the whole run; it stops at the next safe point after it
 * @param listener is told each event, on the thread of the run; one that throws is ignored from then on and never stops a run
 * @param cancelled asked often; true stops the run at the next safe point, from which the same call goes on
 * @param takeOver whether a lock that somebody holds is taken at once: only where that run is known to be dead
 */
public record RunContext(
        Duration deadline, Consumer<? super RekeyEvent> listener, BooleanSupplier cancelled, boolean takeOver) {
    /** Until it is done, silently. */
    public static final RunContext UNTIL_DONE = new RunContext(Duration.ofDays(365), event -> {}, () -> false, false);

    /** Told each event. */
    public RunContext listening(Consumer<? super RekeyEvent> newListener) {
        return new RunContext(deadline, newListener, cancelled, takeOver);
    }

    /** Stopped after {@code limit}. */
    public RunContext within(Duration limit) {
        return new RunContext(limit, listener, cancelled, takeOver);
    }

    /** Stopped once {@code condition} is true. */
    public RunContext cancelledWhen(BooleanSupplier condition) {
        return new RunContext(deadline, listener, condition, takeOver);
    }

    /** Takes over whatever lock is there. */
    public RunContext takingOver() {
        return new RunContext(deadline, listener, cancelled, true);
    }
}
