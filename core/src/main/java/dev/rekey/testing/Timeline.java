package dev.rekey.testing;

import java.util.Comparator;
import java.util.PriorityQueue;

/** The clock of the plane, in milliseconds, and what will happen as it moves. Events of one moment come in the order they were set. */
final class Timeline {
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
    private long now;
    private long order;

    long now() {
        return now;
    }

    void after(long millis, Runnable action) {
        events.add(new Event(now + millis, order++, action));
    }

    /** An event may itself take time (a hook that does), hence the maximum. */
    void advance(long millis) {
        long target = now + millis;
        for (Event next = events.peek(); next != null && next.at <= target; next = events.peek()) {
            events.remove();
            now = Math.max(now, next.at);
            next.action.run();
        }
        now = Math.max(now, target);
    }

    private record Event(long at, long order, Runnable action) {}
}
