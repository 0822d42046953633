package dev.rekey.testing;

import dev.rekey.StoppedException;
import dev.rekey.spi.Pace;
import java.time.Duration;

/** Sleeping is moving the clock. */
final class FakePace implements Pace {
    private final World world;
    private final FakeOperator operator;

    FakePace(World world, FakeOperator operator) {
        this.world = world;
        this.operator = operator;
    }

    @Override
    public Duration elapsed() {
        return operator.look(0, () -> Duration.ofMillis(world.time.now()));
    }

    @Override
    public void sleep(Duration duration) {
        if (Thread.currentThread().isInterrupted()) {
            throw new StoppedException(
                    "interrupted before a wait; what stands is as the last event says, and the same call goes on");
        }
        operator.change("sleep " + duration, () -> {
            world.time.advance(duration.toMillis());
            return duration;
        });
    }
}
