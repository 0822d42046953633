package dev.rekey.cli;

import dev.rekey.lifecycle.RekeyEvent;
import dev.rekey.spi.Pace;
import java.time.Duration;
import java.util.function.Consumer;

/** Says each event in a line, and knows whether a step has begun. What ended the run is said by whoever catches it. */
final class Progress implements Consumer<RekeyEvent> {
    private static final Duration BETWEEN_COUNTS = Duration.ofSeconds(5);

    private final Consumer<String> lines;
    private final Pace pace;
    private volatile boolean stepsHaveBegun;
    private Duration nextCount = Duration.ZERO;

    Progress(Consumer<String> lines, Pace pace) {
        this.lines = lines;
        this.pace = pace;
    }

    boolean stepsHaveBegun() {
        return stepsHaveBegun;
    }

    @Override
    public void accept(RekeyEvent event) {
        if (event instanceof RekeyEvent.StepStarted) {
            stepsHaveBegun = true;
            nextCount = pace.elapsed().plus(BETWEEN_COUNTS);
        }
        if (event instanceof RekeyEvent.StepFailed failed) {
            lines.accept("[" + failed.number() + "/" + failed.of() + "] failed");
        } else if (isWorthALine(event)) {
            lines.accept(event.describe());
        }
    }

    private boolean isWorthALine(RekeyEvent event) {
        if (event instanceof RekeyEvent.Rewriting) {
            boolean due = pace.elapsed().compareTo(nextCount) >= 0;
            if (due) {
                nextCount = pace.elapsed().plus(BETWEEN_COUNTS);
            }
            return due;
        }
        return event instanceof RekeyEvent.Planned
                || event instanceof RekeyEvent.StepStarted
                || event instanceof RekeyEvent.Waiting;
    }
}
