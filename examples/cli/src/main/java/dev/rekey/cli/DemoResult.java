package dev.rekey.cli;

import dev.rekey.config.KeyRef;
import dev.rekey.config.Reader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the demo came to. */
record DemoResult(List<String> members, List<Demo.Phase> phases, List<Reader.OfKey> archived, Duration simulated) {
    DemoResult {
        members = List.copyOf(members);
        phases = List.copyOf(phases);
        archived = List.copyOf(archived);
    }

    /** All under one key, all under another one, all plain; and both keys in the archive. */
    void requireAsPromised(int secrets) {
        KeyRef first = onlyReader(phases.get(0), secrets);
        KeyRef second = onlyReader(phases.get(1), secrets);
        KeyRef last = onlyReader(phases.get(2), secrets);
        Demo.require(!first.equals(KeyRef.IDENTITY), "enable encrypts");
        Demo.require(!second.equals(first) && !second.equals(KeyRef.IDENTITY), "rotate encrypts with another key");
        Demo.require(last.equals(KeyRef.IDENTITY), "disable stores plain");
        Demo.require(
                archivedNames().containsAll(List.of(first.toString(), second.toString())), "both keys are archived");
    }

    private static KeyRef onlyReader(Demo.Phase phase, int secrets) {
        Map<KeyRef, Integer> counts =
                phase.stored().get(phase.stored().size() - 1).counts();
        Demo.require(
                counts.size() == 1 && counts.containsValue(secrets),
                "all " + secrets + " Secrets are stored alike after "
                        + phase.report().change().describe());
        return counts.keySet().iterator().next();
    }

    String describe() {
        return String.format(
                "%nAt no moment was any Secret unreadable through any member, as it ran or if it had been restarted."
                        + "%nAll files are byte for byte those of the beginning. Archived: %s. Simulated time: %d min %d s.",
                String.join(", ", archivedNames()), simulated.toMinutes(), simulated.toSecondsPart());
    }

    Map<String, Object> toMap() {
        List<Map<String, Object>> list = new ArrayList<>();
        for (Demo.Phase phase : phases) {
            Map<String, Object> one = new LinkedHashMap<>(phase.report().toMap());
            List<Map<String, Object>> stored = new ArrayList<>();
            for (Demo.Stored moment : phase.stored()) {
                Map<String, Integer> counts = new LinkedHashMap<>();
                moment.counts().forEach((reader, count) -> counts.put(reader.toString(), count));
                Map<String, Object> entry = new LinkedHashMap<>();
                entry.put("after", moment.after());
                entry.put("secrets", counts);
                stored.add(entry);
            }
            one.put("stored", stored);
            list.add(one);
        }
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("members", members);
        map.put("phases", list);
        map.put("archived", archivedNames());
        map.put("unreadable", List.of());
        map.put("simulatedSeconds", simulated.toSeconds());
        return map;
    }

    private List<String> archivedNames() {
        return archived.stream().map(key -> key.ref().toString()).distinct().toList();
    }
}
