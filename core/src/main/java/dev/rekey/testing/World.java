package dev.rekey.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rekey.config.Reader;
import dev.rekey.config.ServerProfile;
import dev.rekey.manifest.NodeLayout;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** What all parts of a plane share. Its monitor guards everything in the plane. */
final class World {
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    final NodeLayout layout;
    final ServerProfile server;
    final long pollMillis;
    final long startMillis;
    final Random random;
    final String uid;

    final Timeline time = new Timeline();
    final FakeEtcd etcd = new FakeEtcd(this);
    final Map<String, FakeMember> members = new LinkedHashMap<>();
    final List<ForeignLease> leases = new ArrayList<>();
    final List<String> operations = new ArrayList<>();
    final List<Consumer<String>> watchers = new CopyOnWriteArrayList<>();
    final List<Reader.OfKey> archived = new ArrayList<>();
    final List<String> missingRights = new ArrayList<>();
    boolean archiveFails;
    String kubeadmText;
    long kubeadmVersion = 1;

    private final Map<String, Optional<LoadedConfiguration>> configurations = new HashMap<>();
    private final Map<String, Optional<StaticPod>> pods = new HashMap<>();
    private int turn;

    World(NodeLayout layout, ServerProfile server, String kubeadmText, Duration poll, Duration start, long seed) {
        this.layout = layout;
        this.server = server;
        this.kubeadmText = kubeadmText;
        this.pollMillis = poll.toMillis();
        this.startMillis = start.toMillis();
        this.random = new Random(seed);
        this.uid = new UUID(random.nextLong(), random.nextLong()).toString();
    }

    /** The moment 0 of {@link #time}. */
    Instant begin() {
        return BEGIN;
    }

    FakeMember member(String name) {
        FakeMember member = members.get(name);
        if (member == null) {
            throw new IllegalArgumentException("no member " + name + " among " + members.keySet());
        }
        return member;
    }

    /** Tells the watchers what has just changed. */
    void happened(String what) {
        for (Consumer<String> watcher : watchers) {
            watcher.accept(what);
        }
    }

    /** Parsed once for each content. */
    Optional<LoadedConfiguration> configuration(FakeFiles.Node file, boolean automaticReload) {
        return configurations.computeIfAbsent(
                file.sha256() + automaticReload,
                key -> LoadedConfiguration.parse(
                        file.content(), file.sha256(), server.withAutomaticReload(automaticReload)));
    }

    /** Parsed once for each content. */
    Optional<StaticPod> pod(FakeFiles.Node file) {
        return pods.computeIfAbsent(file.sha256(), key -> StaticPod.parse(new String(file.content(), UTF_8)));
    }

    /** An apiserver that answers the operator, another one each time as behind a balancer. */
    Optional<FakeMember> anyReady() {
        List<FakeMember> all = new ArrayList<>(members.values());
        for (int i = 0; i < all.size(); i++) {
            FakeMember member = all.get(turn++ % all.size());
            if (member.answersOperator()) {
                return Optional.of(member);
            }
        }
        return Optional.empty();
    }

    /** An apiserver that answers, ready or not: what has nothing to do with the resource it cannot list is served all the same. */
    Optional<FakeMember> anyAnswering() {
        return members.values().stream().filter(FakeMember::answers).findFirst();
    }

    record ForeignLease(String host, boolean alive, long since) {}
}
