package dev.rekey.lifecycle;

import dev.rekey.RefusedException;
import dev.rekey.config.KeyRef;
import dev.rekey.manifest.NodePath;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is there and how well it is proved. Holds names and hashes, no key bytes.
 *
 * @param state {@code plain}, {@code managed}, {@code unfinished}, {@code custom}, {@code foreign}, or {@code unclear} where {@code
 *     drift} says why nothing can be concluded
 * @param drift what is not as it should be, in words for people; empty where all is
 * @param writers by rule, the writer that every member has loaded; {@code mixed} where they differ
 * @param proof {@code settled} where a valid mark says that everything is stored under these writers, else why that is not proved
 * @param membersAsserted whether nothing but the caller's word says that no other apiserver lives
 * @param lock who holds the members; empty where nobody does
 */
public record ClusterStatus(
        String state,
        List<Member> members,
        List<String> drift,
        Map<String, String> writers,
        String proof,
        boolean membersAsserted,
        String lock)
        implements Serializable {

    /** Copies the collections. */
    public ClusterStatus {
        members = List.copyOf(members);
        drift = List.copyOf(drift);
        writers = Collections.unmodifiableMap(new TreeMap<>(writers));
    }

    /**
     * One member.
     *
     * @param configuration the file that the manifest's flag leads to; empty without the flag
     * @param fileHash SHA-256 of that file; empty without one
     * @param loadedHash what the apiserver reports; empty where it has none loaded or does not say
     */
    public record Member(
            String name,
            boolean ready,
            String problem,
            String version,
            String configuration,
            boolean automaticReload,
            String fileHash,
            String loadedHash)
            implements Serializable {}

    static ClusterStatus of(ClusterObservation seen) {
        try {
            return of(Situation.of(seen));
        } catch (RefusedException e) {
            List<Member> members = seen.members().values().stream()
                    .map(member -> new Member(
                            member.name(),
                            member.apiServer().ready(),
                            member.apiServer().problem(),
                            member.apiServer().version(),
                            "",
                            false,
                            "",
                            member.apiServer().loaded().hex()))
                    .toList();
            return new ClusterStatus(
                    "unclear",
                    members,
                    List.of(String.valueOf(e.getMessage())),
                    Map.of(),
                    "nothing is proved",
                    seen.membersAsserted(),
                    lock(seen));
        }
    }

    private static ClusterStatus of(Situation situation) {
        List<Member> members = situation.members().stream()
                .map(member -> new Member(
                        member.name(),
                        member.seen().apiServer().ready(),
                        member.seen().apiServer().problem(),
                        member.seen().apiServer().version(),
                        member.referred() == null ? "" : member.referred().value(),
                        member.reloads(),
                        member.referred() == null ? "" : member.fileHash(),
                        member.seen().apiServer().loaded().hex()))
                .toList();
        return new ClusterStatus(
                situation.column().name().toLowerCase(Locale.ROOT),
                members,
                new Drift(situation).lines(),
                writers(situation),
                proof(situation),
                situation.seen().membersAsserted(),
                lock(situation.seen()));
    }

    private static Map<String, String> writers(Situation situation) {
        Map<String, String> writers = new TreeMap<>();
        for (String rule : situation.rules()) {
            List<String> distinct = situation.members().stream()
                    .map(member -> member.loaded().writerOf(rule).ref())
                    .distinct()
                    .map(KeyRef::toString)
                    .toList();
            writers.put(rule, distinct.size() == 1 ? distinct.get(0) : "mixed: " + String.join(", ", distinct));
        }
        return writers;
    }

    private static String proof(Situation situation) {
        if (situation.column() == Situation.Column.PLAIN) {
            return "no configuration is on any member";
        }
        if (!situation.down().isEmpty()) {
            return "a member is down";
        }
        return situation.mark().isPresent() ? "settled" : "no valid mark: that everything is rewritten is not proved";
    }

    private static String lock(ClusterObservation seen) {
        return seen.members().values().stream()
                .flatMap(member -> member.file(member.layout().lock()).stream())
                .map(file -> LockFile.parse(file).holder())
                .findFirst()
                .orElse("");
    }

    /** For people. */
    public String describe() {
        List<String> lines = new ArrayList<>();
        lines.add("state: " + state + "; proof: " + proof + (lock.isEmpty() ? "" : "; locked by " + lock));
        for (Member member : members) {
            lines.add("  " + member.name() + ": " + (member.ready() ? "ready" : "not ready (" + member.problem() + ")")
                    + ", "
                    + (member.version().isEmpty() ? "version unknown" : member.version()) + ", "
                    + (member.configuration().isEmpty()
                            ? "no configuration"
                            : NodePath.of(member.configuration()).name())
                    + (member.fileHash().isEmpty()
                            ? ""
                            : member.fileHash().equals(member.loadedHash()) ? ", loaded" : ", not loaded"));
        }
        writers.forEach((rule, writer) -> lines.add("  " + rule + ": written with " + writer));
        if (membersAsserted) {
            lines.add("  " + ClusterObservation.ASSERTED);
        }
        drift.forEach(line -> lines.add("  drift: " + line));
        return String.join(System.lineSeparator(), lines);
    }

    /** For JSON: state, members, drift, writer, proof, membership ({@code proved} or {@code asserted}), lock. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("state", state);
        List<Map<String, Object>> list = new ArrayList<>();
        for (Member member : members) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", member.name());
            one.put("ready", member.ready());
            one.put("problem", member.problem());
            one.put("version", member.version());
            one.put("configuration", member.configuration());
            one.put("automaticReload", member.automaticReload());
            one.put("fileHash", member.fileHash());
            one.put("loadedHash", member.loadedHash());
            list.add(one);
        }
        map.put("members", list);
        map.put("drift", new ArrayList<>(drift));
        map.put("writer", new LinkedHashMap<>(writers));
        map.put("proof", proof);
        map.put("membership", ClusterObservation.membership(membersAsserted));
        map.put("lock", lock);
        return map;
    }

    @Override
    public String toString() {
        return describe();
    }
}
