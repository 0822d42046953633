package dev.rekey.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.RekeyException;
import dev.rekey.manifest.NodePath;
import dev.rekey.testing.FakeControlPlane;
import dev.rekey.testing.FakeEtcd;
import dev.rekey.testing.FakeMember;
import dev.rekey.testing.InvariantChecks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody puts a backup back in the middle of a run, at each of its events in turn. */
class BackupsTest {

    /** As long as the old key is on every member, nothing is lost; once it has begun to leave, nobody may call it done. */
    @Test
    void etcdPutBackWhileARotationRuns_letsNoKeyLeaveThatIsNeededAndNothingIsCalledDone() {
        AtomicInteger events = new AtomicInteger();
        int n = 0;
        do {
            n++;
            int at = n;
            events.set(0);
            FakeControlPlane plane = States.managed(3);
            String key = writer(plane);
            FakeEtcd.Snapshot backup = plane.etcd().snapshot();
            plane.createSecrets(2);
            List<RekeyException> failure = new ArrayList<>();
            List<String> leaving = new ArrayList<>();
            RunContext context = RunContext.UNTIL_DONE.listening(event -> {
                if (events.incrementAndGet() == at && !(event instanceof RekeyEvent.Ended)) {
                    plane.etcd().restore(backup);
                    plane.members().stream()
                            .filter(name -> !file(plane, name).contains(key))
                            .forEach(leaving::add);
                }
            });
            try {
                Operators.on(plane).apply(Change.rotateAwayFrom(key), context);
            } catch (RekeyException e) {
                failure.add(e);
            }
            if (events.get() < n) {
                break;
            }
            boolean oldKeyNeeded = plane.storedUnder().get("secrets").keySet().stream()
                    .anyMatch(reader -> reader.name().equals(key));
            if (oldKeyNeeded) {
                assertThat(failure).as("called done, put back at event %s", n).isNotEmpty();
            }
            if (leaving.isEmpty()) {
                InvariantChecks.check(plane);
                Operators.on(plane).apply(Change.rotateAwayFrom(key));
                assertThat(writer(plane)).as("put back at event %s", n).startsWith("rekey-2-");
                InvariantChecks.check(plane);
            }
            assertThat(plane.usedButNotArchived()).isEmpty();
        } while (events.get() >= n);
        assertThat(n).as("events of a rotation").isGreaterThan(30);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMemberThatGetsYesterdaysFilesAndIsRebooted_isBroughtBackByTheSameCall(boolean enabled) {
        AtomicInteger events = new AtomicInteger();
        int n = -1;
        do {
            n += 2;
            int at = n;
            events.set(0);
            FakeControlPlane plane = enabled ? States.managed(3) : States.plain(3);
            Change change = enabled ? Change.rotateAwayFrom(writer(plane)) : Change.enable();
            FakeMember member = plane.member("cp2");
            Map<NodePath, String> yesterday = member.files();
            RunContext context = RunContext.UNTIL_DONE.listening(event -> {
                if (events.incrementAndGet() == at) {
                    putBack(member, yesterday);
                }
            });
            try {
                Operators.on(plane).apply(change, context);
            } catch (RekeyException e) {
                assertThat(e).as("at event %s", n).hasMessageContaining("cp2");
            }
            Operators.on(plane).apply(change);
            InvariantChecks.check(plane);
            assertThat(Operators.on(plane).plan(change).steps())
                    .as("at event %s", n)
                    .isEmpty();
        } while (events.get() >= n);
        assertThat(n).as("events of a call").isGreaterThan(30);
    }

    private static void putBack(FakeMember member, Map<NodePath, String> yesterday) {
        List<NodePath> today = member.files().keySet().stream()
                .filter(path -> !path.name().startsWith("lock"))
                .toList();
        yesterday.forEach(member::put);
        today.stream().filter(path -> !yesterday.containsKey(path)).forEach(member::remove);
        member.restart();
    }

    private static String file(FakeControlPlane plane, String member) {
        return plane.member(member).file(plane.layout().managedPath()).orElse("");
    }

    private static String writer(FakeControlPlane plane) {
        return plane.storedUnder().get("secrets").keySet().iterator().next().name();
    }
}
