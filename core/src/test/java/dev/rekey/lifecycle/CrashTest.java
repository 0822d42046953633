package dev.rekey.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.RekeyException;
import dev.rekey.config.KeyRef;
import dev.rekey.testing.FakeControlPlane;
import dev.rekey.testing.FakeOperator;
import dev.rekey.testing.InvariantChecks;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The operator is killed within and after every single operation of a call, and the same call finishes. */
class CrashTest {
    private static final int OBJECTS = 6;

    @ParameterizedTest(name = "{0}, {1} members, killed {2}")
    @CsvSource({
        "enable, 1, within", "enable, 1, after", "enable, 3, within", "enable, 3, after",
        "rotate, 1, within", "rotate, 1, after", "rotate, 3, within", "rotate, 3, after",
        "disable, 1, within", "disable, 1, after", "disable, 3, within", "disable, 3, after",
        "rewrite, 3, after",
    })
    void aKillAnywhereIsMendedByTheSameCall(String call, int members, String moment) {
        BiConsumer<FakeOperator, Integer> kill = switch (moment) {
            case "before" -> FakeOperator::crashBefore;
            case "within" -> FakeOperator::crashWithin;
            default -> FakeOperator::crashAfter;
        };
        int n = 1;
        while (killedAt(n, call, members, kill)) {
            n++;
        }
        assertThat(n).as("operations of a whole %s", call).isGreaterThan(20);
    }

    private static boolean killedAt(int n, String call, int members, BiConsumer<FakeOperator, Integer> kill) {
        FakeControlPlane plane = FakeControlPlane.withMembers(members);
        plane.createSecrets(OBJECTS);
        if (!call.equals("enable")) {
            Operators.on(plane).apply(Change.enable());
        }
        String firstKey = writer(plane).name();
        Change change = switch (call) {
            case "enable" -> Change.enable();
            case "rotate" -> Change.rotateAwayFrom(firstKey);
            case "disable" -> Change.disable();
            default -> Change.rewrite();
        };
        try (InvariantChecks.Watch watch = InvariantChecks.watch(plane)) {
            FakeOperator first = plane.operator();
            kill.accept(first, n);
            Optional<RekeyException> failure = Operators.attempt(Operators.by(plane, first), change);
            boolean killed = first.dead();
            assertThat(killed || failure.isEmpty())
                    .as("%s fails by itself: %s", call, failure)
                    .isTrue();
            EncryptionLifecycle again = Operators.by(plane, plane.newOperator());
            try {
                again.apply(change);
                assertEnd(plane, call, firstKey, again);
            } catch (RekeyException | AssertionError e) {
                throw new AssertionError(
                        "killed at operation " + n + " of " + call + ", last: "
                                + plane.operations()
                                        .subList(
                                                Math.max(0, plane.operations().size() - 12),
                                                plane.operations().size())
                                + ": " + e.getMessage(),
                        e);
            }
            return killed;
        }
    }

    private static void assertEnd(FakeControlPlane plane, String call, String firstKey, EncryptionLifecycle again) {
        if (!call.equals("rewrite")) {
            Change change = switch (call) {
                case "enable" -> Change.enable();
                case "rotate" -> Change.rotateAwayFrom(firstKey);
                default -> Change.disable();
            };
            assertThat(again.plan(change).describe()).contains("nothing is to do");
            assertThat(again.plan(change).steps()).isEmpty();
        }
        Map<KeyRef, Integer> stored = plane.storedUnder().get("secrets");
        assertThat(stored).hasSize(1);
        KeyRef reader = stored.keySet().iterator().next();
        switch (call) {
            case "disable" -> {
                assertThat(reader).isEqualTo(KeyRef.IDENTITY);
                plane.members()
                        .forEach(name -> assertThat(plane.member(name).files().keySet())
                                .noneMatch(path -> path.value().contains("encryption")
                                        || path.value().contains("rekey")));
            }
            case "rotate" -> {
                assertThat(reader.name()).startsWith("rekey-2-");
                plane.members()
                        .forEach(name -> assertThat(plane.member(name).files().values())
                                .noneMatch(text -> text.contains(firstKey)));
            }
            default -> assertThat(reader.name()).startsWith("rekey-1-");
        }
        assertThat(plane.usedButNotArchived()).isEmpty();
        plane.members()
                .forEach(name -> assertThat(plane.member(name).files().keySet())
                        .noneMatch(path ->
                                path.name().startsWith(".rekey-") || path.name().startsWith("lock")));
    }

    private static KeyRef writer(FakeControlPlane plane) {
        return plane.storedUnder().get("secrets").keySet().iterator().next();
    }
}
