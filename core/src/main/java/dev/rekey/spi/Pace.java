package dev.rekey.spi;

import dev.rekey.StoppedException;
import java.time.Duration;

/** Time, for the shell around the pure core. A test has one that it moves. */
public interface Pace {
    /** The system's monotonic clock; an interrupt ends a sleep with {@link StoppedException} and stays set. */
    Pace SYSTEM = new Pace() {
        @Override
        public Duration elapsed() {
            return Duration.ofNanos(System.nanoTime());
        }

        @Override
        public void sleep(Duration duration) {
            try {
                Thread.sleep(duration.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StoppedException(
                        "interrupted; what stands is as the last event says, and the same call goes on");
            }
        }
    };

    /** Time since some fixed moment; never goes back. */
    Duration elapsed();

    /** Returns after {@code duration}. */
    void sleep(Duration duration);
}
