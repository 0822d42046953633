package dev.rekey.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.RekeyException;
import dev.rekey.config.KeyRef;
import dev.rekey.config.ManagedSettings;
import dev.rekey.testing.FakeControlPlane;
import dev.rekey.testing.FakeOperator;
import dev.rekey.testing.InvariantChecks;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls of several kinds, each killed somewhere, members restarted in between, and in the end one call that must finish. */
class MixedCallsTest {
    private static final int SEEDS = Integer.getInteger("rekey.seeds", 60);

    static List<Integer> seeds() {
        return IntStream.range(0, SEEDS).boxed().toList();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whateverWasStoppedWhereverIsMendedByTheLastCall(int seed) {
        Random random = new Random(seed);
        FakeControlPlane plane = FakeControlPlane.withMembers(1 + random.nextInt(3));
        plane.createSecrets(6);
        StringBuilder story = new StringBuilder();
        try (InvariantChecks.Watch watch = InvariantChecks.watch(plane)) {
            for (int round = 0; round < 5; round++) {
                stopped(plane, change(random), random, story);
                disturb(plane, random, story);
            }
            Change last = random.nextBoolean() ? Change.enable() : Change.disable();
            story.append("finally ").append(last.describe());
            EncryptionLifecycle again = Operators.by(plane, plane.newOperator());
            again.apply(last);
            assertThat(again.plan(last).steps()).as("%s", story).isEmpty();
            Map<KeyRef, Integer> stored = plane.storedUnder().get("secrets");
            assertThat(stored).as("%s", story).hasSize(1);
            assertThat(stored.containsKey(KeyRef.IDENTITY)).as("%s", story).isEqualTo(last instanceof Change.Disable);
            assertThat(plane.usedButNotArchived()).as("%s", story).isEmpty();
            assertThat(plane.kubeadmText()).as("%s", story).doesNotStartWith("\n");
        } catch (RekeyException | AssertionError e) {
            throw new AssertionError(story + ": " + e.getMessage(), e);
        }
    }

    private static void stopped(FakeControlPlane plane, Change change, Random random, StringBuilder story) {
        FakeOperator operator = plane.newOperator();
        int n = 1 + random.nextInt(120);
        if (random.nextBoolean()) {
            operator.crashWithin(n);
        } else {
            operator.crashAfter(n);
        }
        story.append(change.describe()).append(" killed at ").append(n);
        try {
            Operators.by(plane, operator).apply(change);
            story.append(" (done before)");
        } catch (RekeyException e) {
            story.append(operator.dead() ? "" : " (" + e.code() + ")");
        }
        story.append("; ");
    }

    private static void disturb(FakeControlPlane plane, Random random, StringBuilder story) {
        switch (random.nextInt(4)) {
            case 0 -> {
                String member = "cp" + (1 + random.nextInt(plane.members().size()));
                story.append("restart ").append(member).append("; ");
                plane.member(member).restart();
            }
            case 1 -> plane.passTime(Duration.ofSeconds(random.nextInt(120)));
            default -> {}
        }
    }

    private static Change change(Random random) {
        return switch (random.nextInt(8)) {
            case 0, 1 -> Change.enable();
            case 2 -> Change.enable(ManagedSettings.DEFAULT.withProviderType("secretbox"));
            case 3 -> Change.rotate();
            case 4 -> Change.disable();
            case 5 -> Change.enable(ManagedSettings.DEFAULT.withResources(List.of("*.*")));
            case 6 -> Change.enable(ManagedSettings.DEFAULT.withResources(List.of("secrets", "configmaps")));
            default -> Change.rewrite();
        };
    }
}
