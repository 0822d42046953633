package dev.rekey.lifecycle;

import dev.rekey.ChangedMeanwhileException;
import dev.rekey.InvalidInputException;
import dev.rekey.NodeException;
import dev.rekey.PlanOutdatedException;
import dev.rekey.RefusedException;
import dev.rekey.RekeyException;
import dev.rekey.config.KeySource;
import dev.rekey.spi.ClusterAccess;
import dev.rekey.spi.KeyArchive;
import dev.rekey.spi.Pace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One call: observe and plan without a lock, lock, observe and plan again, carry out, release. */
final class Run {
    private final Change change;
    private final @Nullable Plan wanted;
    private final List<Node> nodes;
    private final Observer observer;
    private final Planner planner;
    private final ClusterAccess cluster;
    private final KeyArchive archive;
    private final KeySource keys;
    private final Pace pace;
    private final Timing timing;
    private final RunContext context;
    private final Consumer<RekeyEvent> events;
    private final Locks locks;
    private final Waiting waiting;
    private boolean begun;

    private record Planned(ClusterObservation seen, Plan plan) {}

    /** {@code wanted} is the plan that must still hold; null for whatever plan there is. */
    Run(Change change, @Nullable Plan wanted, EncryptionLifecycle.Parts parts, Observer observer, RunContext context) {
        this.change = change;
        this.wanted = wanted;
        this.nodes = parts.nodes();
        this.observer = observer;
        this.planner = new Planner(parts.timing().settle());
        this.cluster = parts.cluster();
        this.archive = parts.archive();
        this.keys = parts.keys();
        this.pace = parts.pace();
        this.timing = parts.timing();
        this.context = context;
        this.events = new Listeners(context.listener());
        this.locks = new Locks(nodes, pace, timing);
        this.waiting = new Waiting(observer, locks, pace, timing, context, events);
    }

    Report execute() {
        try {
            Report report = run();
            events.accept(new RekeyEvent.Ended(report));
            return report;
        } catch (NodeException e) {
            RekeyException told = begun ? e : new RefusedException(e.getMessage() + ". Nothing was changed");
            events.accept(new RekeyEvent.Failed(told.code(), String.valueOf(told.getMessage())));
            throw told;
        } catch (RekeyException e) {
            events.accept(new RekeyEvent.Failed(e.code(), String.valueOf(e.getMessage())));
            throw e;
        }
    }

    private Report run() {
        Planned planned = observePlannable();
        requireWanted(planned.plan());
        boolean nothing = planned.plan().isEmpty() && !lockLies(planned.seen());
        return nothing
                ? new Report(
                        change,
                        planned.plan().outcome(),
                        List.of(),
                        List.of(),
                        planned.seen().membersAsserted())
                : underLock(planned);
    }

    private Report underLock(Planned before) {
        requireRights(before.seen());
        boolean tookOver = locks.acquire(context.takeOver(), waiting::safePoint, waiting::waitingFor);
        try {
            if (tookOver) {
                waiting.waitingFor("an operation of the run whose lock was taken over may still be on its way");
                waiting.pass(timing.operation());
                observePlannable(); // Not before the API answers, where that can be waited for.
                new KubeadmEdits(locks, cluster).outdateRequestsOfOthers();
                locks.settled();
            }
            Planned now = observePlannable();
            requireWanted(now.plan());
            Course course = planner.course(
                    change, now.seen(), request -> Plugs.call("the key source", () -> request.draw(keys)));
            return carryOut(course, now.seen());
        } finally {
            locks.releaseQuietly();
        }
    }

    private Report carryOut(Course course, ClusterObservation seen) {
        Standing standing = new Standing(Situation.of(seen));
        Execution execution = new Execution(course, standing, nodes, locks, cluster, archive, waiting, events);
        List<Step> steps = course.plan().steps();
        events.accept(new RekeyEvent.Planned(course.plan()));
        List<Step> done = new ArrayList<>();
        for (Step step : steps) {
            begun = true;
            int number = done.size() + 1;
            events.accept(new RekeyEvent.StepStarted(number, steps.size(), step));
            try {
                runOne(execution, step, !done.isEmpty());
            } catch (RekeyException e) {
                events.accept(new RekeyEvent.StepFailed(
                        number, steps.size(), step, e.code(), String.valueOf(e.getMessage())));
                throw e;
            }
            done.add(step);
            events.accept(new RekeyEvent.StepEnded(number, steps.size(), step));
        }
        execution.end();
        return new Report(change, course.plan().outcome(), done, execution.rewrites(), seen.membersAsserted());
    }

    /** The plan was made from what could be edited: a refusal in the middle is of something that was changed since. */
    private static void runOne(Execution execution, Step step, boolean inTheMiddle) {
        try {
            execution.run(step);
        } catch (RefusedException | InvalidInputException e) {
            if (!inTheMiddle) {
                throw e;
            }
            throw new ChangedMeanwhileException("in the middle of the run, at \"" + step.describe() + "\": "
                    + e.getMessage() + ". What was done before that stays. Mend that, then make the same call again");
        }
    }

    /**
     * An observation that a plan can be made from. A member that is down, or has loaded a file that was replaced meanwhile, is
     * waited for as long as that can mend itself; what is refused then, is refused.
     */
    private Planned observePlannable() {
        Duration since = pace.elapsed();
        while (true) {
            waiting.safePoint();
            ClusterObservation seen = observer.observe(waiting::safePoint);
            try {
                return new Planned(seen, planner.plan(change, seen));
            } catch (RefusedException e) {
                if (pace.elapsed().minus(since).compareTo(patience(seen)) >= 0) {
                    throw e;
                }
                waiting.waitingFor(String.valueOf(e.getMessage()));
                pace.sleep(timing.poll());
            }
        }
    }

    private Duration patience(ClusterObservation seen) {
        boolean down = seen.members().values().stream()
                .anyMatch(member -> !member.apiServer().ready());
        if (down) {
            return timing.restart();
        }
        Set<String> known = new TreeSet<>(Set.of(""));
        seen.members().values().forEach(member -> member.files().values().forEach(file -> known.add(file.sha256())));
        boolean unproved = seen.members().values().stream()
                .anyMatch(member -> !known.contains(member.apiServer().loaded().hex()));
        return unproved ? timing.reload() : Duration.ZERO;
    }

    private void requireWanted(Plan plan) {
        if (wanted != null && !plan.equals(wanted)) {
            throw new PlanOutdatedException("the plan was made for another state: what is observed now gives "
                    + plan.steps().size() + " steps to \"" + plan.outcome() + "\", the plan had "
                    + wanted.steps().size() + " to \"" + wanted.outcome() + "\". Nothing was changed. Plan again");
        }
    }

    private void requireRights(ClusterObservation seen) {
        List<String> rules = new ArrayList<>(Situation.of(seen).rules());
        if (change instanceof Change.Enable enable) {
            rules.addAll(enable.settings().resources().orElse(List.of("secrets")));
        }
        List<String> missing = Plugs.call(
                "the probe",
                () -> cluster.probe().missingRights(rules.stream().distinct().toList()));
        if (!missing.isEmpty()) {
            throw new RefusedException("the credentials lack rights that this call needs: " + String.join(", ", missing)
                    + ". Nothing was changed. Grant them, or use other credentials");
        }
    }

    private static boolean lockLies(ClusterObservation seen) {
        return seen.members().values().stream()
                .anyMatch(member -> member.file(member.layout().lock()).isPresent());
    }
}
