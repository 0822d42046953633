package dev.rekey.cli;

import dev.rekey.lifecycle.RunContext;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a change is carried out. */
final class RunOptions {
    @Option(names = "--yes", description = "do not ask; without it the plan is shown first")
    private boolean yes;

    @Option(
            names = "--take-over",
            description = "take a lock that another run holds at once: only if that run is known to be dead")
    private boolean takeOver;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            description = "stop at the next safe point after this long, as 30m; the same call goes on from there")
    private @Nullable Duration timeout;

    boolean yes() {
        return yes;
    }

    RunContext context() {
        RunContext context = timeout == null ? RunContext.UNTIL_DONE : RunContext.UNTIL_DONE.within(timeout);
        return takeOver ? context.takingOver() : context;
    }
}
