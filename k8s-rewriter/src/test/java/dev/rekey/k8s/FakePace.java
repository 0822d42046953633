package dev.rekey.k8s;

import dev.rekey.spi.Pace;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Sleeping takes no time, and is remembered. */
final class FakePace implements Pace {
    private final List<Duration> slept = new CopyOnWriteArrayList<>();

    @Override
    public Duration elapsed() {
        return slept.stream().reduce(Duration.ZERO, Duration::plus);
    }

    @Override
    public void sleep(Duration duration) {
        slept.add(duration);
    }

    List<Duration> slept() {
        return List.copyOf(slept);
    }
}
