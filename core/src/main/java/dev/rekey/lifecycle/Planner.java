package dev.rekey.lifecycle;

import dev.rekey.InvalidInputException;
import dev.rekey.RefusedException;
import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.Finding;
import dev.rekey.config.Key;
import dev.rekey.config.Rendered;
import dev.rekey.config.ServerProfile;
import dev.rekey.lifecycle.Goal.Way;
import dev.rekey.manifest.ApiServerManifest;
import dev.rekey.manifest.EncryptionSettings;
import dev.rekey.rotation.Stage;
import dev.rekey.rotation.Stages;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;

/** From what is wanted and what is there to the steps in between. Pure: the same arguments give the same plan. */
public final class Planner {
    private final Duration settle;

    /** {@code settle} is the least time that a request may be in flight, of {@link Timing#settle}. */
    public Planner(Duration settle) {
        this.settle = settle;
    }

    /**
     * The plan; a {@link RefusedException} where the call makes no sense or is unsafe in this state. A key that would have to be
     * drawn is named {@code <prefix>-<serial>-new}.
     */
    public Plan plan(Change change, ClusterObservation seen) {
        return course(change, seen, KeyRequest::preview).plan();
    }

    Course course(Change change, ClusterObservation seen, Function<KeyRequest, Key> keys) {
        Situation situation = Situation.of(seen);
        Goal goal = new Goals(situation, keys).of(change);
        Stages stages =
                goal.way() == Way.STAGED ? situation.stagesTo(goal.target()) : situation.unchanged(goal.target());
        StageFiles files = StageFiles.of(situation, stages, goal);
        Itinerary itinerary = new Itinerary(situation, goal, stages, files, settle);
        List<Step> steps = itinerary.steps();
        if (!steps.isEmpty()) {
            refuseWithoutFacts(seen);
            refuseInvalid(situation, files);
            refuseOtherUsers(situation, steps);
            refuseDownElsewhere(situation, goal, files);
            refuseUneditable(situation, steps, itinerary.settings());
        }
        String outcome = steps.isEmpty() ? goal.outcome() + ": nothing is to do" : goal.outcome();
        return new Course(
                new Plan(change, outcome, steps, findings(situation)),
                goal,
                files,
                itinerary.settings(),
                itinerary.kubeadm(),
                itinerary.archived(),
                itinerary.marked());
    }

    /** Every stage must pass the server's own validation, on the oldest and the newest: a bad file would stop the next restart. */
    private static void refuseInvalid(Situation situation, StageFiles files) {
        for (MemberState member : situation.members()) {
            ServerProfile server = member.profile();
            for (Stage stage : Stage.values()) {
                Rendered file = files.of(stage, member.name());
                if (file != null) {
                    EncryptionConfiguration.parse(file.exposeBytes()).validate(server).stream()
                            .filter(finding -> finding.severity() == Finding.Severity.ERROR)
                            .findFirst()
                            .ifPresent(finding -> {
                                throw new RefusedException("member " + member.name() + ", " + stage.word()
                                        + ": its apiserver would refuse the configuration: " + finding.path() + ": "
                                        + finding.message()
                                        + ". Nothing was changed. Take smaller steps: change resources"
                                        + " and provider in two calls");
                            });
                }
            }
        }
    }

    /** Whatever a member gets to read is for root alone. */
    private static void refuseOtherUsers(Situation situation, List<Step> steps) {
        for (MemberState member : situation.members()) {
            boolean gets = steps.stream()
                    .anyMatch(step ->
                            step instanceof Step.Push push && push.member().equals(member.name()));
            if (gets && !member.manifest().runsAsRoot()) {
                throw new RefusedException("member " + member.name() + ", "
                        + member.seen().layout().manifest()
                        + ": its apiserver does not run as root (securityContext), and would not start with a configuration"
                        + " that root alone can read. Nothing was changed. Let it run as root (with kubeadm: without"
                        + " RootlessControlPlane)");
            }
        }
    }

    /** Whether an apiserver lives that is no member, and what kubeadm would do next, is known from an apiserver alone. */
    private static void refuseWithoutFacts(ClusterObservation seen) {
        if (seen.facts().isEmpty()) {
            throw new RefusedException(
                    "no apiserver answers, so the cluster as a whole cannot be seen. Nothing was changed."
                            + " Get one running first");
        }
    }

    /** What cannot be edited is said before anything changes, not in the middle. */
    private static void refuseUneditable(
            Situation situation, List<Step> steps, Map<String, EncryptionSettings> settings) {
        for (MemberState member : situation.members()) {
            boolean attach = steps.stream()
                    .anyMatch(
                            step -> step instanceof Step.Attach a && a.member().equals(member.name()));
            boolean detach = steps.stream()
                    .anyMatch(
                            step -> step instanceof Step.Detach d && d.member().equals(member.name()));
            try {
                ApiServerManifest manifest = member.manifest();
                if (attach) {
                    manifest = manifest.withEncryption(Objects.requireNonNull(settings.get(member.name())));
                }
                if (detach) {
                    manifest.withoutEncryption(member.seen().layout());
                }
            } catch (InvalidInputException | RefusedException e) {
                throw new RefusedException("member " + member.name() + ", "
                        + member.seen().layout().manifest() + ": " + e.getMessage());
            }
        }
    }

    /** A member that is down is waited for only where its files show that this very change left it so. */
    private static void refuseDownElsewhere(Situation situation, Goal goal, StageFiles files) {
        for (MemberState member : situation.down()) {
            if (mends(situation, member)) {
                continue;
            }
            boolean ofThisChange = !goal.minted()
                    && Stream.of(Stage.values())
                            .anyMatch(stage -> member.fileHash().equals(files.hash(stage, member.name())));
            if (!ofThisChange) {
                throw new RefusedException("member " + member.name() + ": its apiserver is not ready ("
                        + member.seen().apiServer().problem()
                        + "), and its files are no stage of this change. Nothing was"
                        + " changed. Get it running first");
            }
        }
    }

    /** It says what it has loaded, and lacks a reader that is elsewhere: it may become ready by this very change, and not before. */
    private static boolean mends(Situation situation, MemberState member) {
        return member.proof() == MemberState.Proof.PROVED
                && situation.rules().stream()
                        .anyMatch(rule -> situation.configurations().stream()
                                .anyMatch(other ->
                                        !member.loaded().readersOf(rule).containsAll(other.readersOf(rule))));
    }

    private static List<Finding> findings(Situation situation) {
        List<Finding> findings = new ArrayList<>();
        for (MemberState member : situation.members()) {
            member.seen()
                    .looseModes()
                    .forEach((path, mode) -> findings.add(new Finding(
                            Finding.Severity.WARNING,
                            "loose-mode",
                            path.value(),
                            0,
                            "member " + member.name() + ": " + path + " has mode " + Integer.toOctalString(mode)
                                    + "; only root should read it")));
        }
        return findings;
    }
}
