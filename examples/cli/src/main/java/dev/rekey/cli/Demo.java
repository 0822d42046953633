package dev.rekey.cli;

import dev.rekey.config.KeyRef;
import dev.rekey.lifecycle.Change;
import dev.rekey.lifecycle.EncryptionLifecycle;
import dev.rekey.lifecycle.RekeyEvent;
import dev.rekey.lifecycle.Report;
import dev.rekey.lifecycle.RunContext;
import dev.rekey.lifecycle.Step;
import dev.rekey.manifest.NodePath;
import dev.rekey.testing.FakeControlPlane;
import dev.rekey.testing.FakeMember;
import dev.rekey.testing.FakeObject;
import dev.rekey.testing.InvariantChecks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The whole life of encryption on a control plane in memory, whose clock is moved instead of waited for. A client goes on
 * writing Secrets meanwhile, so that one sees from when on which key is used.
 */
final class Demo {
    private static final int MEMBERS = 3;
    private static final int SECRETS = 1000;
    private static final int WRITTEN_BETWEEN_STAGES = 100;

    private final Consumer<String> lines;
    private final FakeControlPlane plane = FakeControlPlane.withMembers(MEMBERS);
    private final List<FakeObject> secrets = plane.createSecrets(SECRETS);
    private final EncryptionLifecycle lifecycle = plane.lifecycle().build();
    private int nextWritten;

    Demo(Consumer<String> lines) {
        this.lines = lines;
    }

    /** What is stored, by the reader that it needs. */
    record Stored(String after, Map<KeyRef, Integer> counts) {
        String describe() {
            List<String> parts = new ArrayList<>();
            counts.forEach((reader, count) ->
                    parts.add(count + (reader.equals(KeyRef.IDENTITY) ? " plain" : " under " + reader)));
            return String.join(", ", parts);
        }
    }

    /** One call, and what was stored at each of its stages. */
    record Phase(Report report, List<Stored> stored) {}

    /** Enables, rotates, disables; an {@link AssertionError} where anything is not as it should be at any moment. */
    DemoResult run() {
        Map<String, Map<NodePath, String>> filesBefore = files();
        List<Phase> phases = new ArrayList<>();
        lines.accept(introduction());
        lines.accept("  stored: " + stored("").describe());
        try (InvariantChecks.Watch watch = InvariantChecks.watch(plane)) {
            for (Change change : List.of(Change.enable(), Change.rotate(), Change.disable())) {
                phases.add(phase(change));
                requireAllReadable();
            }
            require(watch != null, "the invariants were watched");
        }
        require(files().equals(filesBefore), "the members' files are byte for byte those of the beginning");
        DemoResult result = new DemoResult(plane.members(), phases, plane.archived(), plane.elapsed());
        result.requireAsPromised(SECRETS);
        return result;
    }

    private static String introduction() {
        return String.format(
                "A control plane in memory: %d members, %d Secrets, no encryption. Its clock is simulated.%n"
                        + "  introduce  every member learns to read the new key, and still writes as before%n"
                        + "  promote    every member writes with the new key, and still reads the old one%n"
                        + "  rewrite    whatever is stored otherwise is stored anew%n"
                        + "  retire     the old key leaves, once nothing is stored under it%n"
                        + "Each is proved on all members before the next. After each, a client writes %d Secrets again.",
                MEMBERS, SECRETS, WRITTEN_BETWEEN_STAGES);
    }

    private Phase phase(Change change) {
        lines.accept("");
        lines.accept("== " + change.describe());
        List<Stored> stored = new ArrayList<>();
        Report report = lifecycle.apply(change, RunContext.UNTIL_DONE.listening(event -> follow(event, stored)));
        stored.add(stored("the end"));
        lines.accept("== " + report.describe().lines().findFirst().orElse("") + ". Stored: "
                + stored.get(stored.size() - 1).describe());
        return new Phase(report, stored);
    }

    private void follow(RekeyEvent event, List<Stored> stored) {
        if (event instanceof RekeyEvent.StepStarted) {
            lines.accept("  " + event.describe());
        } else if (event instanceof RekeyEvent.StepEnded ended && isStage(ended.step())) {
            if (ended.step() instanceof Step.Prove) {
                writeSome();
            }
            Stored now = stored(ended.step().describe());
            stored.add(now);
            lines.accept("        stored: " + now.describe());
        }
    }

    private static boolean isStage(Step step) {
        return step instanceof Step.Prove || step instanceof Step.Rewrite;
    }

    private void writeSome() {
        for (int i = 0; i < WRITTEN_BETWEEN_STAGES; i++) {
            FakeObject secret = secrets.get(nextWritten++ % secrets.size());
            member(nextWritten).update(secret, "content of " + secret.name());
        }
    }

    private FakeMember member(int number) {
        return plane.member(plane.members().get(number % MEMBERS));
    }

    private Stored stored(String after) {
        Map<KeyRef, Integer> counts = new TreeMap<>();
        plane.storedUnder()
                .values()
                .forEach(byReader -> byReader.forEach((reader, count) -> counts.merge(reader, count, Integer::sum)));
        return new Stored(after, counts);
    }

    private void requireAllReadable() {
        for (String name : plane.members()) {
            for (FakeObject secret : secrets) {
                String content = plane.member(name).read(secret).text();
                require(content.equals("content of " + secret.name()), secret + " is readable through " + name);
            }
        }
    }

    private Map<String, Map<NodePath, String>> files() {
        Map<String, Map<NodePath, String>> files = new TreeMap<>();
        plane.members().forEach(name -> files.put(name, plane.member(name).files()));
        return files;
    }

    static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("not so: " + what);
        }
    }
}
