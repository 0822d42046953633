package dev.rekey.lifecycle;

import dev.rekey.config.Rendered;
import dev.rekey.manifest.NodePath;
import dev.rekey.spi.ClusterFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a run knows to stand on the members: as observed under the lock, and then as it wrote itself. Any other content that it meets
 * was put there by somebody else, and is left alone.
 */
final class Standing {
    private final Map<String, Map<NodePath, String>> files = new TreeMap<>();
    private final Map<String, Optional<NodePath>> referred = new TreeMap<>();
    private Optional<ClusterFacts> latest = Optional.empty();

    Standing(Situation situation) {
        for (MemberState member : situation.members()) {
            Map<NodePath, String> hashes = new TreeMap<>();
            member.seen().files().forEach((path, file) -> hashes.put(path, file.sha256()));
            files.put(member.name(), hashes);
            referred.put(member.name(), Optional.ofNullable(member.referred()));
        }
    }

    boolean is(String member, NodePath path, Optional<Rendered> content) {
        return content.map(Rendered::sha256)
                .equals(Optional.ofNullable(files.getOrDefault(member, Map.of()).get(path)));
    }

    void wrote(String member, NodePath path, Rendered content) {
        files.computeIfAbsent(member, name -> new TreeMap<>()).put(path, content.sha256());
    }

    void deleted(String member, NodePath path) {
        files.computeIfAbsent(member, name -> new TreeMap<>()).remove(path);
    }

    void attached(String member, NodePath home) {
        referred.put(member, Optional.of(home));
    }

    void detached(String member) {
        referred.put(member, Optional.empty());
    }

    /**
     * Whether etcd has been put back since the rewrite began, so that what was rewritten may be under an older key again. Told often,
     * it sees that even where etcd has grown past its former revision by the end.
     */
    boolean isPutBack(ClusterFacts now) {
        if (latest.isEmpty()) {
            return false;
        }
        if (isBefore(now, latest.get())) {
            return true;
        }
        latest = Optional.of(now);
        return false;
    }

    /** Whether a rewrite has begun, so that {@link #isPutBack} has something to say. */
    boolean isFollowed() {
        return latest.isPresent();
    }

    /** A rewrite begins: what it does is to last from here on. */
    void rewriting(ClusterFacts facts) {
        latest = Optional.of(facts);
    }

    /** The hash that the member's apiserver must report: of the file that its manifest leads to. */
    String expected(String member) {
        return referred.getOrDefault(member, Optional.empty())
                .map(path -> files.getOrDefault(member, Map.of()).getOrDefault(path, Mark.NONE))
                .orElse(Mark.NONE);
    }

    /** What of {@code seen} is not as it stands here, in words for people; empty where all is proved. */
    List<String> problems(ClusterObservation seen) {
        List<String> problems = new ArrayList<>();
        seen.facts()
                .filter(this::isPutBack)
                .ifPresent(facts ->
                        problems.add("etcd was put back to an earlier state, so what was rewritten no longer holds"));
        seen.strangers().forEach(host -> problems.add("a live kube-apiserver on " + host + " is no member"));
        for (MemberObservation member : seen.members().values()) {
            String name = member.name();
            if (!member.otherApiServerManifests().isEmpty()) {
                problems.add("member " + name + ": kubelet would load " + member.otherApiServerManifests() + " too");
            }
            referred.getOrDefault(name, Optional.empty()).ifPresent(path -> {
                if (!is(name, path, member.file(path))) {
                    problems.add("member " + name + ": " + path + " is not what this run wrote");
                }
            });
            Optional<NodePath> now = member.file(member.layout().manifest()).flatMap(MemberFiles::referred);
            if (!now.equals(referred.getOrDefault(name, Optional.empty()))) {
                problems.add("member " + name + ": somebody has changed which configuration "
                        + member.layout().manifest() + " names");
            }
            Readiness.problem(member.apiServer(), expected(name))
                    .ifPresent(problem -> problems.add("member " + name + ": " + problem));
        }
        return problems;
    }

    private static boolean isBefore(ClusterFacts now, ClusterFacts then) {
        return !now.uid().equals(then.uid()) || now.revision() < then.revision();
    }
}
