package dev.rekey.lifecycle;

import dev.rekey.NotProvedException;
import dev.rekey.StoppedException;
import dev.rekey.spi.ApiServerStatus;
import dev.rekey.spi.Pace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Waits for proofs, never for a time alone; keeps the lock alive meanwhile, and stops where the caller says so. */
final class Waiting {
    /** The start time of a process wanders by up to a second without a restart. */
    private static final Duration MOVED = Duration.ofSeconds(5);

    private final Observer observer;
    private final Locks locks;
    private final Pace pace;
    private final Timing timing;
    private final RunContext context;
    private final Duration begun;
    private final Consumer<RekeyEvent> events;
    private String lastReason = "";

    Waiting(Observer observer, Locks locks, Pace pace, Timing timing, RunContext context, Consumer<RekeyEvent> events) {
        this.observer = observer;
        this.locks = locks;
        this.pace = pace;
        this.timing = timing;
        this.context = context;
        this.begun = pace.elapsed();
        this.events = events;
    }

    /** Where a run may stop: between two operations, with the lock still trusted. */
    void safePoint() {
        if (Plugs.call("the condition to cancel", context.cancelled()::getAsBoolean)
                || Thread.currentThread().isInterrupted()) {
            throw new StoppedException("stopped as asked; what is done stays, and the same call goes on from there");
        }
        if (pace.elapsed().minus(begun).compareTo(context.deadline()) > 0) {
            throw new StoppedException("the deadline of " + context.deadline().toSeconds()
                    + " s has passed; what is done stays, and the same call goes on from there");
        }
        locks.beatIfDue();
    }

    void waitingFor(String reason) {
        if (!reason.equals(lastReason)) {
            lastReason = reason;
            events.accept(new RekeyEvent.Waiting(reason));
        }
    }

    void pass(Duration duration) {
        Duration end = pace.elapsed().plus(duration);
        Duration left = duration;
        while (left.compareTo(Duration.ZERO) > 0) {
            safePoint();
            pace.sleep(left.compareTo(timing.poll()) < 0 ? left : timing.poll());
            left = end.minus(pace.elapsed());
        }
    }

    /** To be asked before each step that takes a reader away, and before a run calls itself done. */
    void requireRewritten(Standing standing) {
        if (standing.isFollowed()
                && observer.facts().filter(standing::isPutBack).isPresent()) {
            throw new NotProvedException(
                    "etcd was put back to an earlier state, so what was rewritten no longer holds."
                            + " Readers that are still there stay, and the archive has those that have left. Make the same call again");
        }
    }

    ApiServerStatus status(String member) {
        return observer.status(member);
    }

    /** Each of {@code members} ready, with the file that stands there loaded. */
    void untilProved(Standing standing, List<String> members, String what) {
        // One that is down reads its file as it starts, but kubelet may let it wait for that.
        boolean down = Parallel.map(members, this::status).stream().anyMatch(status -> !status.ready());
        Duration limit = down ? timing.restart() : timing.reload();
        List<String> problems = poll(limit, () -> {
            List<String> open = new ArrayList<>();
            List<ApiServerStatus> statuses = Parallel.map(members, this::status);
            for (int i = 0; i < members.size(); i++) {
                String member = members.get(i);
                Readiness.problem(statuses.get(i), standing.expected(member))
                        .ifPresent(problem -> open.add("member " + member + ": " + problem));
            }
            return open;
        });
        if (!problems.isEmpty()) {
            throw new NotProvedException(what + " could not be proved within " + limit.toSeconds() + " s: "
                    + String.join("; ", problems)
                    + ". All readers stay where they are. Look at that apiserver's log (it may refuse"
                    + " the file or not see it), then make the same call again");
        }
    }

    /** All proved at once, no stranger alive, no second manifest. */
    void untilGateOpens(Standing standing, String before) {
        Duration limit = timing.reload();
        List<String> problems = poll(limit, () -> {
            ClusterObservation seen = observer.observe(this::safePoint);
            List<String> open = standing.problems(seen);
            if (seen.facts().isEmpty()) {
                open.add("no apiserver tells which apiservers live");
            }
            return open;
        });
        if (!problems.isEmpty()) {
            throw new NotProvedException("the gate before " + before + " stays shut: " + String.join("; ", problems)
                    + ". All readers stay where they are. Mend that, then make the same call again");
        }
    }

    /** Ready with what stands there, where nothing had to be restarted by us. */
    void untilReady(Standing standing, String member) {
        if (!restarted(() -> Readiness.problem(status(member), standing.expected(member)))) {
            throw new NotProvedException("member " + member + ": its apiserver did not become ready within "
                    + timing.restart().toSeconds()
                    + " s, though its manifest was as it should be. Look at its log on that host"
                    + " (and whether kubelet runs), then make the same call again");
        }
    }

    /** False where it does not become ready in time. */
    boolean untilRestarted(Standing standing, String member, ApiServerStatus before) {
        return restarted(() -> {
            ApiServerStatus now = status(member);
            Optional<String> problem = Readiness.problem(now, standing.expected(member));
            if (problem.isEmpty() && !isAnother(before, now)) {
                return Optional.of("its apiserver has not restarted yet");
            }
            return problem;
        });
    }

    /** Ready with whatever it has loaded. */
    boolean untilUp(String member) {
        return restarted(() -> status(member).ready() ? Optional.empty() : Optional.of("it is not ready"));
    }

    private boolean restarted(Supplier<Optional<String>> problem) {
        return poll(timing.restart(), () -> problem.get().stream().toList()).isEmpty();
    }

    /** What is loaded has changed, or the process started later by more than its start time wanders. */
    private static boolean isAnother(ApiServerStatus before, ApiServerStatus now) {
        if (before.started() == null
                || now.started() == null
                || !before.loaded().equals(now.loaded())) {
            return true;
        }
        return Duration.between(before.started(), now.started()).compareTo(MOVED) > 0;
    }

    /** The problems that are left after {@code limit}. */
    private List<String> poll(Duration limit, Supplier<List<String>> problems) {
        Duration end = pace.elapsed().plus(limit);
        while (true) {
            safePoint();
            List<String> open = problems.get();
            if (open.isEmpty() || pace.elapsed().compareTo(end) >= 0) {
                lastReason = "";
                return open;
            }
            waitingFor(String.join("; ", open));
            pace.sleep(timing.poll());
        }
    }
}
