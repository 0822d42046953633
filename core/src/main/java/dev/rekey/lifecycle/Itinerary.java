package dev.rekey.lifecycle;

import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.Reader;
import dev.rekey.config.Rendered;
import dev.rekey.internal.GoDuration;
import dev.rekey.lifecycle.Goal.Way;
import dev.rekey.lifecycle.MemberState.Proof;
import dev.rekey.manifest.EncryptionSettings;
import dev.rekey.manifest.NodePath;
import dev.rekey.rotation.Stage;
import dev.rekey.rotation.Stages;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Puts the steps in the protocol's order, and leaves out those whose effect is proved to be there. */
final class Itinerary {
    private final Situation situation;
    private final Goal goal;
    private final Stages stages;
    private final StageFiles files;
    private final Duration settle;
    private final List<String> names;
    private final KubeadmAgreement kubeadm;

    Itinerary(Situation situation, Goal goal, Stages stages, StageFiles files, Duration settle) {
        this.situation = situation;
        this.goal = goal;
        this.stages = stages;
        this.files = files;
        this.settle = settle;
        this.names = situation.members().stream().map(MemberState::name).toList();
        this.kubeadm = new KubeadmAgreement(situation, goal, reloadWanted(), sockets());
    }

    List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        switch (goal.way()) {
            case NOTHING -> steps.addAll(tidyPlain());
            case REWRITE -> {
                addArchive(steps);
                rewrite(steps, true);
            }
            case REWRITE_UNMARKED -> rewrite(steps, false);
            case STAGED -> {
                if (!settled()) {
                    staged(steps);
                } else if (kubeadm.disagrees()) {
                    steps.add(new Step.EditKubeadm(!toPlain()));
                }
            }
        }
        List<Step> all = new ArrayList<>();
        // First: one may be of a run whose lock was taken over as it was about to rename it, and can no longer be
        // renamed then.
        situation.members().stream()
                .filter(member -> !member.seen().leftovers().isEmpty())
                .forEach(member ->
                        all.add(new Step.Sweep(member.name(), member.seen().leftovers())));
        if (goal.way() == Way.STAGED || goal.way() == Way.REWRITE) {
            restrict(all);
        }
        all.addAll(steps);
        return all;
    }

    private void restrict(List<Step> steps) {
        for (MemberState member : situation.members()) {
            layoutFiles(member)
                    .filter(member.seen().looseModes()::containsKey)
                    .forEach(path -> steps.add(new Step.Restrict(member.name(), path)));
        }
    }

    KubeadmAgreement kubeadm() {
        return kubeadm;
    }

    Map<String, EncryptionSettings> settings() {
        Map<String, EncryptionSettings> settings = new TreeMap<>();
        situation
                .members()
                .forEach(member -> settings.put(
                        member.name(),
                        new EncryptionSettings(
                                home(member), member.seen().layout().volumeName(), true, sockets())));
        return settings;
    }

    /** The keys that will write, and the keys that will leave. */
    List<Reader.OfKey> archived() {
        Set<Reader> archived = new LinkedHashSet<>();
        stages.rules().forEach(rule -> archived.add(stages.retire().writerOf(rule)));
        archived.addAll(stages.retiring());
        return archived.stream()
                .filter(Reader.OfKey.class::isInstance)
                .map(Reader.OfKey.class::cast)
                .toList();
    }

    Map<String, String> marked() {
        Map<String, String> writers = new TreeMap<>();
        stages.rules()
                .forEach(rule -> writers.put(
                        rule, Mark.writer(stages.retire().writerOf(rule).ref())));
        return writers;
    }

    private void staged(List<Step> steps) {
        addArchive(steps);
        boolean fastForward = fastForward();
        if (!fastForward) {
            introduce(steps);
        }
        if (!toPlain() && kubeadm.disagrees()) {
            steps.add(new Step.EditKubeadm(true));
        }
        if (!fastForward) {
            promote(steps);
            steps.add(new Step.Settle(settle()));
        }
        steps.add(new Step.Rewrite(stages.rules()));
        steps.add(new Step.Gate("the mark"));
        steps.add(new Step.SetMark(names));
        if (toPlain()) {
            retireToNone(steps);
        } else {
            retire(steps);
        }
    }

    private void introduce(List<Step> steps) {
        List<Step> together = new ArrayList<>();
        for (MemberState member : situation.members()) {
            boolean elsewhere = !home(member).equals(member.referred());
            boolean differs = !same(member.seen().file(home(member)).orElse(null), file(Stage.INTRODUCE, member));
            if (elsewhere) {
                if (differs) {
                    steps.add(push(Stage.INTRODUCE, member));
                }
                steps.add(new Step.Attach(member.name(), member.seen().layout().manifest()));
            } else {
                // The file stays as it is over this restart, so that what is loaded can be proved before and after,
                // unless the apiserver has not loaded it: its writer may be a key that others cannot read.
                boolean restarts = reloadWanted() && !member.reloads();
                if (restarts && differs && !member.loadedHash().equals(member.fileHash())) {
                    steps.add(push(Stage.INTRODUCE, member));
                    differs = false;
                }
                if (restarts) {
                    steps.add(new Step.Attach(
                            member.name(), member.seen().layout().manifest()));
                }
                if (differs) {
                    together.add(push(Stage.INTRODUCE, member));
                }
            }
        }
        steps.addAll(together);
        boolean proved = situation.members().stream()
                .allMatch(member -> member.proof() == Proof.PROVED
                        && member.loadedHash().equals(StageFiles.hash(file(Stage.INTRODUCE, member))));
        if (!steps.isEmpty() && !proved) {
            steps.add(new Step.Prove(Stage.INTRODUCE, names));
        }
    }

    private void promote(List<Step> steps) {
        List<Step.Push> pushes = situation.members().stream()
                .filter(member -> !same(file(Stage.INTRODUCE, member), file(Stage.PROMOTE, member)))
                .map(member -> push(Stage.PROMOTE, member))
                .toList();
        if (!pushes.isEmpty()) {
            steps.add(new Step.Gate("promote"));
        }
        removeMarks(steps);
        steps.addAll(pushes);
        if (!pushes.isEmpty()) {
            steps.add(new Step.Prove(Stage.PROMOTE, names));
        }
    }

    private void retire(List<Step> steps) {
        List<Step> pushes = new ArrayList<>();
        for (MemberState member : situation.members()) {
            Rendered before =
                    fastForward() ? member.seen().file(home(member)).orElse(null) : file(Stage.PROMOTE, member);
            if (!same(before, file(Stage.RETIRE, member))) {
                pushes.add(push(Stage.RETIRE, member));
            }
        }
        if (!pushes.isEmpty()) {
            steps.add(new Step.Gate("retire"));
            steps.addAll(pushes);
            steps.add(new Step.Prove(Stage.RETIRE, names));
        }
        situation
                .members()
                .forEach(member -> layoutFiles(member)
                        .filter(path -> !path.equals(home(member)))
                        .forEach(path -> steps.add(new Step.Delete(member.name(), path))));
    }

    private void retireToNone(List<Step> steps) {
        steps.add(new Step.Gate("retire"));
        if (kubeadm.disagrees()) {
            steps.add(new Step.EditKubeadm(false));
        }
        boolean fastForward = fastForward();
        situation.members().stream()
                .filter(member -> !fastForward || member.referred() != null)
                .forEach(member -> steps.add(
                        new Step.Detach(member.name(), member.seen().layout().manifest())));
        steps.add(new Step.Gate("deleting"));
        for (MemberState member : situation.members()) {
            Set<NodePath> paths = new LinkedHashSet<>();
            if (!fastForward) {
                paths.add(home(member));
            }
            layoutFiles(member).forEach(paths::add);
            paths.forEach(path -> steps.add(new Step.Delete(member.name(), path)));
        }
        steps.add(new Step.RemoveMark(names));
    }

    private void rewrite(List<Step> steps, boolean marked) {
        removeMarks(steps);
        steps.add(new Step.Settle(settle()));
        steps.add(new Step.Rewrite(stages.rules()));
        steps.add(new Step.Gate(marked ? "the mark" : "the end"));
        if (marked) {
            steps.add(new Step.SetMark(names));
        }
    }

    /** What a stopped disable may leave once no key is anywhere: marks, and kubeadm's flags. */
    private List<Step> tidyPlain() {
        List<Step> steps = new ArrayList<>();
        if (kubeadm.disagrees()) {
            steps.add(new Step.EditKubeadm(false));
        }
        removeMarks(steps);
        return steps;
    }

    private void removeMarks(List<Step> steps) {
        List<String> marked = situation.members().stream()
                .filter(member ->
                        member.seen().file(member.seen().layout().mark()).isPresent())
                .map(MemberState::name)
                .toList();
        if (!marked.isEmpty()) {
            steps.add(new Step.RemoveMark(marked));
        }
    }

    private void addArchive(List<Step> steps) {
        List<Reader.OfKey> archived = archived();
        if (!archived.isEmpty()) {
            steps.add(new Step.Archive(archived.stream().map(Reader::ref).toList()));
        }
    }

    private boolean settled() {
        return !toPlain()
                && marksWriters()
                && situation.members().stream()
                        .allMatch(member -> member.proof() == Proof.PROVED
                                && member.seen().apiServer().ready()
                                && home(member).equals(member.referred())
                                && same(member.seen().file(home(member)).orElse(null), file(Stage.RETIRE, member))
                                && member.loadedHash().equals(StageFiles.hash(file(Stage.RETIRE, member)))
                                && layoutFiles(member).count() == 1);
    }

    /** A valid mark says that all is stored under the target's writers, and nobody writes with another one. */
    private boolean fastForward() {
        return marksWriters()
                && situation.members().stream()
                        .allMatch(member -> toPlain() || home(member).equals(member.referred()))
                && situation.configurations().stream().allMatch(this::writesLikeTarget);
    }

    /** It also names the rules that the change took away, which are in no file any more. */
    private boolean marksWriters() {
        return situation
                .mark()
                .filter(mark -> mark.writers().entrySet().containsAll(marked().entrySet()))
                .isPresent();
    }

    private boolean writesLikeTarget(EncryptionConfiguration configuration) {
        return stages.rules().stream()
                .allMatch(rule ->
                        configuration.writerOf(rule).equals(stages.retire().writerOf(rule)));
    }

    /** Only where a file that an apiserver reads will change: a restart for nothing is not asked for. */
    private boolean reloadWanted() {
        if (goal.way() != Way.STAGED) {
            return false;
        }
        return situation.members().stream()
                .anyMatch(member -> member.reloads()
                        || Stream.of(Stage.values())
                                .anyMatch(stage ->
                                        !same(member.seen().file(home(member)).orElse(null), file(stage, member))));
    }

    /** Abstract sockets need no mount. */
    private List<NodePath> sockets() {
        return Stream.concat(stages.introduce().values().stream(), Stream.of(stages.promote(), stages.retire()))
                .flatMap(configuration -> configuration.kmsSockets().stream())
                .filter(socket -> socket.startsWith("/"))
                .map(NodePath::of)
                .distinct()
                .toList();
    }

    /** The servers' own request timeout where that is longer, since a request in flight may write until then. */
    private Duration settle() {
        return situation.members().stream()
                .flatMap(member -> member.manifest().flag("request-timeout").stream())
                .flatMap(text -> GoDuration.parse(text).stream())
                .reduce(settle, (a, b) -> a.compareTo(b) >= 0 ? a : b);
    }

    private boolean toPlain() {
        return goal.target().entries().isEmpty();
    }

    private NodePath home(MemberState member) {
        return goal.home(member.seen().layout(), member.referred());
    }

    private Step.Push push(Stage stage, MemberState member) {
        return new Step.Push(member.name(), stage, home(member), StageFiles.hash(file(stage, member)));
    }

    private @Nullable Rendered file(Stage stage, MemberState member) {
        return files.of(stage, member.name());
    }

    private static boolean same(@Nullable Rendered one, @Nullable Rendered other) {
        return StageFiles.hash(one).equals(StageFiles.hash(other));
    }

    private static Stream<NodePath> layoutFiles(MemberState member) {
        return Stream.of(
                        member.seen().layout().managedPath(),
                        member.seen().layout().customPath())
                .filter(path -> member.configurations().containsKey(path));
    }
}
