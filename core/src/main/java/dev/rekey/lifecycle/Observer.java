package dev.rekey.lifecycle;

import dev.rekey.NodeException;
import dev.rekey.config.Rendered;
import dev.rekey.manifest.ApiServerManifest;
import dev.rekey.manifest.NodeLayout;
import dev.rekey.manifest.NodePath;
import dev.rekey.spi.ApiServerStatus;
import dev.rekey.spi.ClusterAccess;
import dev.rekey.spi.ClusterFacts;
import dev.rekey.spi.KubeadmConfig;
import dev.rekey.spi.Pace;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads everything that a plan depends on. Changes nothing. */
final class Observer {
    private final NodeLayout layout;
    private final List<Node> nodes;
    private final ClusterAccess cluster;
    private final Pace pace;
    private final Timing timing;

    Observer(NodeLayout layout, List<Node> nodes, ClusterAccess cluster, Pace pace, Timing timing) {
        this.layout = layout;
        this.nodes = nodes;
        this.cluster = cluster;
        this.pace = pace;
        this.timing = timing;
    }

    /** {@code safePoint} is run between looks at Leases that have to be watched. */
    ClusterObservation observe(Runnable safePoint) {
        Map<String, MemberObservation> members = new TreeMap<>();
        Parallel.map(nodes, this::member).forEach(member -> members.put(member.name(), member));
        Optional<ClusterFacts> facts = facts();
        Optional<List<String>> strangers = facts.flatMap(first -> strangers(members, first, safePoint));
        if (strangers.isEmpty()) {
            return new ClusterObservation(layout, members, Optional.empty(), List.of(), Optional.empty());
        }
        return new ClusterObservation(layout, members, facts, strangers.get(), kubeadm());
    }

    ApiServerStatus status(String member) {
        return Plugs.call("the probe", () -> cluster.probe().probe(member));
    }

    Optional<ClusterFacts> facts() {
        try {
            return Optional.of(Plugs.call("the probe", () -> cluster.probe().cluster()));
        } catch (NodeException e) {
            return Optional.empty();
        }
    }

    Optional<KubeadmConfig.Document> kubeadm() {
        return Plugs.call("kubeadm's ConfigMap", () -> cluster.kubeadm().read());
    }

    private MemberObservation member(Node node) {
        Map<NodePath, Rendered> files = new TreeMap<>();
        Map<NodePath, Integer> loose = new TreeMap<>();
        NodeLayout at = node.layout();
        List<NodePath> configurations = new ArrayList<>(List.of(at.managedPath(), at.customPath()));
        Optional<Rendered> manifest = node.read(at.manifest());
        manifest.ifPresent(file -> files.put(at.manifest(), file));
        manifest.flatMap(MemberFiles::referred)
                .filter(p -> !configurations.contains(p))
                .ifPresent(configurations::add);
        for (NodePath path : configurations) {
            node.read(path).ifPresent(file -> {
                files.put(path, file);
                node.stat(path)
                        .filter(status -> (status.mode() & 077) != 0)
                        .ifPresent(status -> loose.put(path, status.mode()));
            });
        }
        for (NodePath path : List.of(at.lock(), at.lockBeat(), at.mark())) {
            node.read(path).ifPresent(file -> files.put(path, file));
        }
        return new MemberObservation(
                node.name(), at, files, loose, node.leftovers(), otherApiServers(node), status(node.name()));
    }

    /** Kubelet loads every file that is not a dotfile, whatever its ending, and of two with one name the last. */
    private static List<NodePath> otherApiServers(Node node) {
        NodePath manifest = node.layout().manifest();
        return node.list(manifest.parent()).stream()
                .filter(name -> !name.startsWith(".") && !name.equals(manifest.name()))
                .flatMap(name -> manifest.parent().entry(name).stream())
                .filter(path -> node.stat(path)
                        .filter(status -> status.type() == dev.rekey.spi.FileStatus.Type.FILE)
                        .isPresent())
                .filter(path -> node.read(path)
                        .map(Observer::text)
                        .filter(ApiServerManifest::isApiServerPod)
                        .isPresent())
                .toList();
    }

    /** Empty where the last look was not answered: who lives is then as unknown as without the first. */
    private Optional<List<String>> strangers(
            Map<String, MemberObservation> members, ClusterFacts facts, Runnable safePoint) {
        if (facts.leases().isEmpty()) {
            return Optional.of(LiveServers.byEndpoint(members.values(), facts.endpoints()));
        }
        LiveServers servers = LiveServers.firstSeen(
                members.values().stream().map(MemberObservation::apiServer).toList(), facts.leases());
        Duration since = pace.elapsed();
        Optional<List<String>> strangers = Optional.of(List.of());
        while (!servers.allExplained()
                && strangers.stream().allMatch(List::isEmpty)
                && pace.elapsed().minus(since).compareTo(timing.leaseMoves()) < 0) {
            safePoint.run();
            pace.sleep(timing.poll());
            strangers = facts().map(ClusterFacts::leases).map(servers::strangers);
        }
        return strangers;
    }

    private static String text(Rendered file) {
        return new String(file.exposeBytes(), StandardCharsets.UTF_8);
    }
}
