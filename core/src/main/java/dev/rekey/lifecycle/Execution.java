package dev.rekey.lifecycle;

import dev.rekey.ChangedMeanwhileException;
import dev.rekey.NodeException;
import dev.rekey.RewriteIncompleteException;
import dev.rekey.config.Rendered;
import dev.rekey.manifest.ApiServerManifest;
import dev.rekey.manifest.EncryptionSettings;
import dev.rekey.manifest.NodePath;
import dev.rekey.rotation.Stage;
import dev.rekey.spi.ClusterAccess;
import dev.rekey.spi.ClusterFacts;
import dev.rekey.spi.FileAttributes;
import dev.rekey.spi.Guard;
import dev.rekey.spi.KeyArchive;
import dev.rekey.spi.RewriteReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Carries out the steps of one course, under the lock. Each step may be repeated after any stop. */
final class Execution {
    private final Course course;
    private final Standing standing;
    private final Map<String, Node> nodes = new TreeMap<>();
    private final Locks locks;
    private final ClusterAccess cluster;
    private final KeyArchive archive;
    private final Waiting waiting;
    private final Restarts restarts;
    private final Consumer<RekeyEvent> events;
    private final List<RewriteReport> rewrites = new ArrayList<>();

    Execution(
            Course course,
            Standing standing,
            List<Node> nodes,
            Locks locks,
            ClusterAccess cluster,
            KeyArchive archive,
            Waiting waiting,
            Consumer<RekeyEvent> events) {
        this.course = course;
        this.standing = standing;
        nodes.forEach(node -> this.nodes.put(node.name(), node));
        this.locks = locks;
        this.cluster = cluster;
        this.archive = archive;
        this.waiting = waiting;
        this.restarts = new Restarts(standing, locks, waiting);
        this.events = events;
    }

    List<RewriteReport> rewrites() {
        return rewrites;
    }

    /** Told once every step is done. */
    void end() {
        waiting.requireRewritten(standing);
    }

    void run(Step step) {
        waiting.safePoint();
        waiting.requireRewritten(standing);
        if (step instanceof Step.Archive) {
            Plugs.run("the key archive", () -> archive.keep(course.archived()));
        } else if (step instanceof Step.Push push) {
            push(push);
        } else if (step instanceof Step.Attach attach) {
            attach(node(attach.member()));
        } else if (step instanceof Step.Detach detach) {
            detach(node(detach.member()));
        } else if (step instanceof Step.Prove prove) {
            waiting.untilProved(standing, prove.members(), prove.stage().word());
        } else if (step instanceof Step.Gate gate) {
            waiting.untilGateOpens(standing, gate.before());
        } else if (step instanceof Step.EditKubeadm) {
            new KubeadmEdits(locks, cluster).edit(course.kubeadm()::edited);
        } else if (step instanceof Step.RemoveMark remove) {
            remove.members().forEach(this::removeMark);
        } else if (step instanceof Step.Settle settle) {
            waiting.pass(settle.duration());
        } else if (step instanceof Step.Rewrite rewrite) {
            rewrite(rewrite.rules());
        } else if (step instanceof Step.SetMark) {
            setMark();
        } else if (step instanceof Step.Delete delete) {
            delete(node(delete.member()), delete.path());
        } else if (step instanceof Step.Restrict restrict) {
            restrict(node(restrict.member()), restrict.path());
        } else if (step instanceof Step.Sweep sweep) {
            Node node = node(sweep.member());
            sweep.paths().forEach(path -> node.sweep(path, locks.guard(node)));
        } else {
            throw new IllegalStateException("no way to carry out " + step.getClass());
        }
    }

    private void push(Step.Push step) {
        Node node = node(step.member());
        Rendered wanted = file(step.stage(), step.member());
        Optional<Rendered> there = node.read(step.path());
        if (!there.equals(Optional.of(wanted))) {
            requireStanding(node, step.path(), there);
            node.write(
                    step.path(),
                    wanted,
                    FileAttributes.ROOT_ONLY,
                    locks.guard(node),
                    Guard.unchanged(step.path(), there.map(Rendered::exposeBytes)));
        }
        standing.wrote(step.member(), step.path(), wanted);
    }

    /** Written anew with the same bytes: an operation that changes a mode alone is not asked of a transport. */
    private void restrict(Node node, NodePath path) {
        Optional<Rendered> there = node.read(path);
        requireStanding(node, path, there);
        there.ifPresent(content -> node.write(
                path, content, FileAttributes.ROOT_ONLY, locks.guard(node), Guard.holds(path, content.exposeBytes())));
    }

    private void attach(Node node) {
        EncryptionSettings settings = Objects.requireNonNull(course.settings().get(node.name()));
        restarts.edit(
                node,
                text -> ApiServerManifest.parse(text).withEncryption(settings).text(),
                () -> standing.attached(node.name(), settings.configurationFile()));
    }

    private void detach(Node node) {
        restarts.edit(
                node,
                text -> ApiServerManifest.parse(text)
                        .withoutEncryption(node.layout())
                        .text(),
                () -> standing.detached(node.name()));
    }

    private void removeMark(String member) {
        Node node = node(member);
        NodePath path = node.layout().mark();
        if (course.target().entries().isEmpty()) {
            // Before the mark, which is what tells the next run that a disable has not ended.
            node.deleteIfEmpty(node.layout().configurationDirectory(), locks.guard(node));
        }
        node.delete(path, locks.guard(node));
        standing.deleted(member, path);
    }

    private void rewrite(List<String> rules) {
        standing.rewriting(Plugs.call("the probe", () -> cluster.probe().cluster()));
        RewriteReport report = Plugs.call(
                "the rewriter",
                () -> cluster.rewriter().rewrite(rules, (resource, counts) -> {
                    events.accept(new RekeyEvent.Rewriting(resource, counts));
                    waiting.safePoint();
                    waiting.requireRewritten(standing);
                }));
        rewrites.add(report);
        if (!report.complete()) {
            throw new RewriteIncompleteException(incomplete(report));
        }
    }

    private void setMark() {
        waiting.untilGateOpens(standing, "the mark");
        ClusterFacts facts = Plugs.call("the probe", () -> cluster.probe().cluster());
        waiting.requireRewritten(standing);
        Set<String> hashes = new TreeSet<>();
        Set<String> targets = new TreeSet<>();
        nodes.keySet().forEach(member -> {
            hashes.add(standing.expected(member));
            targets.add(course.files().hash(Stage.RETIRE, member));
        });
        hashes.addAll(targets);
        Rendered mark = new Mark(facts.uid(), facts.revision(), course.marked(), hashes, targets).render();
        for (Node node : nodes.values()) {
            NodePath path = node.layout().mark();
            node.write(path, mark, FileAttributes.ROOT_ONLY, locks.guard(node));
            standing.wrote(node.name(), path, mark);
        }
    }

    private void delete(Node node, NodePath path) {
        Optional<Rendered> there = node.read(path);
        if (there.isPresent()) {
            requireStanding(node, path, there);
            node.delete(path, locks.guard(node), Guard.holds(path, there.get().exposeBytes()));
        }
        standing.deleted(node.name(), path);
    }

    private void requireStanding(Node node, NodePath path, Optional<Rendered> there) {
        if (!standing.is(node.name(), path, there)) {
            throw new ChangedMeanwhileException(
                    "member " + node.name() + ", " + path + ": the file was changed by somebody else"
                            + " since it was read. It was left as it is; what stands is as the last event says. Make the same call"
                            + " again");
        }
    }

    private Rendered file(Stage stage, String member) {
        Rendered file = course.files().of(stage, member);
        if (file == null) {
            throw new IllegalStateException("no file for " + stage + " on " + member);
        }
        return file;
    }

    private Node node(String member) {
        Node node = nodes.get(member);
        if (node == null) {
            throw new NodeException("there is no member " + member);
        }
        return node;
    }

    private static String incomplete(RewriteReport report) {
        String named = report.failed().stream()
                .limit(10)
                .map(failure -> failure.resource() + " " + failure.namespace() + "/" + failure.name() + " ("
                        + failure.reason() + ")")
                .collect(Collectors.joining("; "));
        long more = report.counts().failed() - Math.min(10, report.failed().size());
        return (report.stoppedEarly().isEmpty() ? "" : report.stoppedEarly() + ". ")
                + report.counts().failed() + " objects could not be rewritten: " + named
                + (more > 0 ? "; and " + more + " more" : "")
                + ". Every reader stays, so nothing is lost. Mend or delete these objects, then make the same call again";
    }
}
