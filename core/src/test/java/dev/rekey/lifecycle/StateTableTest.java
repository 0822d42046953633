package dev.rekey.lifecycle;

import static dev.rekey.lifecycle.States.FOREIGN;
import static dev.rekey.lifecycle.States.K1;
import static dev.rekey.lifecycle.States.K2;
import static dev.rekey.lifecycle.States.keyed;
import static dev.rekey.lifecycle.States.plainFirst;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.RefusedException;
import dev.rekey.config.KeyRef;
import dev.rekey.config.ManagedSettings;
import dev.rekey.manifest.ApiServerManifest;
import dev.rekey.manifest.NodeLayout;
import dev.rekey.manifest.NodePath;
import dev.rekey.spi.FileAttributes;
import dev.rekey.testing.FakeControlPlane;
import dev.rekey.testing.FakeMember;
import dev.rekey.testing.FakeObject;
import dev.rekey.testing.InvariantChecks;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** One test for each cell of the table in {@link Change}. */
class StateTableTest {
    private static final NodePath MANAGED = NodeLayout.DEFAULT.managedPath();
    private static final NodePath CUSTOM = NodeLayout.DEFAULT.customPath();

    @Test
    void enableOnPlainMintsAKey() {
        FakeControlPlane plane = States.plain(3);
        applied(plane, Change.enable());
        assertThat(onlyReader(plane).name()).startsWith("rekey-1-");
    }

    @Test
    void enableOnASettledClusterDoesNothing() {
        FakeControlPlane plane = States.managed(3);
        assertChangesNothing(plane, Change.enable());
    }

    @Test
    void enableOnAClusterOfKubeOneRewritesAndMarksWithoutStageOrRestart() {
        FakeControlPlane plane = States.managedByOthers(3);
        Report report = applied(plane, Change.enable());
        assertThat(report.done())
                .noneMatch(step -> step instanceof Step.Push || step instanceof Step.Attach)
                .anyMatch(step -> step instanceof Step.Settle)
                .anyMatch(step -> step instanceof Step.Rewrite)
                .anyMatch(step -> step instanceof Step.SetMark);
        assertThat(onlyReader(plane).name()).isEqualTo(K1.name());
        assertChangesNothing(plane, Change.enable());
    }

    @Test
    void enableWithAnotherProviderOnManagedIsAStagedChange() {
        FakeControlPlane plane = States.managed(3);
        Change secretbox = Change.enable(ManagedSettings.DEFAULT.withProviderType("secretbox"));
        applied(plane, secretbox);
        assertThat(onlyReader(plane).type()).isEqualTo("secretbox");
        assertChangesNothing(plane, secretbox);
        assertChangesNothing(plane, Change.enable());
    }

    @Test
    void enableWithMoreResourcesOnManagedKeepsTheKey() {
        FakeControlPlane plane = States.managed(3);
        plane.member("cp1").create(new FakeObject("configmaps", "default", "c1"), "x");
        KeyRef before = onlyReader(plane);
        Change more = Change.enable(ManagedSettings.DEFAULT.withResources(List.of("secrets", "configmaps")));
        applied(plane, more);
        assertThat(plane.storedUnder().get("configmaps")).containsOnlyKeys(before);
        assertChangesNothing(plane, more);
        applied(plane, Change.enable(ManagedSettings.DEFAULT.withResources(List.of("secrets"))));
        assertThat(plane.storedUnder().get("configmaps")).containsOnlyKeys(KeyRef.IDENTITY);
    }

    @Test
    void enableOnTwoKeysFinishesTowardsTheHighestSerial() {
        FakeControlPlane plane = States.with(3, MANAGED, keyed(K1, K2));
        applied(plane, Change.enable());
        assertThat(onlyReader(plane).name()).isEqualTo(K2.name());
        assertChangesNothing(plane, Change.enable());
    }

    @Test
    void enableOnPlainFirstFinishesTheEnable() {
        FakeControlPlane plane = States.with(3, MANAGED, plainFirst(K1));
        applied(plane, Change.enable());
        assertThat(onlyReader(plane).name()).isEqualTo(K1.name());
    }

    @Test
    void enableWhereAManifestLostItsFlagTakesTheKeyThatIsThere() {
        FakeControlPlane plane = States.with(3, MANAGED, keyed(K1));
        String plainManifest = FakeControlPlane.withMembers(3)
                .member("cp2")
                .file(plane.layout().manifest())
                .orElseThrow();
        plane.member("cp2").put(plane.layout().manifest(), plainManifest);
        plane.passTime(Duration.ofMinutes(1));
        assertThat(plane.unreadable()).as("cp2 cannot read").isNotEmpty();
        Operators.on(plane).apply(Change.enable());
        assertThat(plane.unreadable()).isEmpty();
        assertThat(onlyReader(plane).name()).isEqualTo(K1.name());
    }

    @Test
    void enableOnCustomTakesItOverKeepingItsResources() {
        FakeControlPlane plane = States.with(3, CUSTOM, keyed(K1));
        applied(plane, Change.enable());
        assertThat(onlyReader(plane).name()).startsWith("rekey-2-");
        plane.members()
                .forEach(name -> assertThat(plane.member(name).file(CUSTOM)).isEmpty());
        assertChangesNothing(plane, Change.enable());
    }

    @Test
    void aKeyFileThatOthersCanReadIsPutRight() {
        FakeControlPlane plane = States.managed(3);
        String text = plane.member("cp2").file(MANAGED).orElseThrow();
        plane.transport("cp2")
                .writeAtomically(
                        MANAGED,
                        text.getBytes(StandardCharsets.UTF_8),
                        new FileAttributes(0, 0, 0644, 0755),
                        List.of());
        assertThat(Operators.on(plane).status().drift()).anyMatch(line -> line.contains("cp2") && line.contains("644"));
        Report report = applied(plane, Change.enable());
        assertThat(report.done()).containsExactly(new Step.Restrict("cp2", MANAGED));
        assertThat(plane.member("cp2").statuses().get(MANAGED).mode()).isEqualTo(0600);
        assertThat(plane.member("cp2").file(MANAGED)).contains(text);
        assertChangesNothing(plane, Change.enable());
    }

    @Test
    void aCustomFileThatNoFlagRefersToBesideAManagedOneIsReadableUntilTheProofAndThenGone() {
        FakeControlPlane plane = States.managed(3);
        String writer = onlyReader(plane).name();
        plane.member("cp2").put(CUSTOM, keyed(K1));
        applied(plane, Change.enable());
        assertThat(onlyReader(plane).name()).isEqualTo(writer);
        assertThat(plane.member("cp2").file(CUSTOM)).isEmpty();
        assertThat(plane.archived()).extracting(key -> key.key()).contains(K1);
        assertChangesNothing(plane, Change.enable());
    }

    @Test
    void enableOnCustomRefusesToLetAResourceFallBackToPlainUnnamed() {
        String both = States.text(ManagedSettings.DEFAULT.withResources(List.of("secrets", "configmaps")), K1);
        FakeControlPlane plane = States.with(3, CUSTOM, both);
        Change.Enable secretsOnly = Change.enable(ManagedSettings.DEFAULT.withResources(List.of("secrets")));
        assertRefused(plane, secretsOnly, "configmaps");
        applied(plane, secretsOnly.decrypting(List.of("configmaps")));
    }

    @Test
    void enableOnForeignIsRefusedUnlessItMayReplace() {
        FakeControlPlane plane = States.with(3, FOREIGN, keyed(K1));
        assertRefused(plane, Change.enable(), FOREIGN.value());
        applied(plane, Change.enable().replacing());
        assertThat(onlyReader(plane).name()).startsWith("rekey-2-");
        assertChangesNothing(plane, Change.enable());
    }

    @Test
    void aVolumeOfOurNameThatIsSomethingElseIsRefusedBeforeAnythingChanges() {
        FakeControlPlane plane = States.plain(1);
        FakeMember member = plane.member("cp1");
        NodePath manifest = plane.layout().manifest();
        member.put(
                manifest,
                ApiServerManifest.parse(member.file(manifest).orElseThrow())
                        .text()
                        .replace("name: k8s-certs", "name: " + plane.layout().volumeName()));
        plane.passTime(Duration.ofMinutes(1));
        assertRefused(plane, Change.enable(), plane.layout().volumeName());
    }

    @Test
    void rotateOnPlainCustomAndForeignIsRefused() {
        for (Change change : List.of(Change.rotate(), Change.rotateAwayFrom("k"))) {
            assertRefused(States.plain(1), change, "not enabled");
            assertRefused(States.with(1, CUSTOM, keyed(K1)), change, "custom");
            assertRefused(States.with(1, FOREIGN, keyed(K1)), change, FOREIGN.value());
        }
    }

    @Test
    void rotateOnManagedMintsAKeyAndAddsTheReloadFlagOnTheWay() {
        FakeControlPlane plane = States.managedByOthers(3);
        Report report = applied(plane, Change.rotate());
        assertThat(onlyReader(plane).name()).startsWith("kubeone-2-");
        assertThat(report.done()).filteredOn(Step.Attach.class::isInstance).hasSize(3);
        assertThat(plane.member("cp1").file(plane.layout().manifest()).orElseThrow())
                .contains("--encryption-provider-config-automatic-reload=true");
    }

    @Test
    void rotateOnTwoKeysFinishesAndMintsNone() {
        FakeControlPlane plane = States.with(3, MANAGED, keyed(K1, K2));
        applied(plane, Change.rotate());
        assertThat(onlyReader(plane).name()).isEqualTo(K2.name());
    }

    @Test
    void rotateOnPlainFirstIsRefusedAndNamesBothWays() {
        FakeControlPlane plane = States.with(3, MANAGED, plainFirst(K1));
        assertRefused(plane, Change.rotate(), "enable or disable");
    }

    @Test
    void rotateOnTwoKeysWithoutSerialAsksAndTakesTheAnswer() {
        FakeControlPlane plane = States.with(3, MANAGED, keyed(States.key("old", 1), States.key("new", 2)));
        assertRefused(plane, Change.rotate(), "old");
        applied(plane, Change.rotateAwayFrom("old"));
        assertThat(onlyReader(plane).name()).isEqualTo("new");
    }

    @Test
    void rotateAwayFromOnManagedMintsOnlyWhereThatKeyWrites() {
        FakeControlPlane plane = States.managed(3);
        String first = onlyReader(plane).name();
        applied(plane, Change.rotateAwayFrom(first));
        assertThat(onlyReader(plane).name()).startsWith("rekey-2-");
        assertChangesNothing(plane, Change.rotateAwayFrom(first));
    }

    @Test
    void rotateAwayFromOnUnfinishedFinishesOrMintsAThird() {
        FakeControlPlane away1 = States.with(3, MANAGED, keyed(K1, K2));
        applied(away1, Change.rotateAwayFrom(K1.name()));
        assertThat(onlyReader(away1).name()).isEqualTo(K2.name());

        FakeControlPlane away2 = States.with(3, MANAGED, keyed(K1, K2));
        applied(away2, Change.rotateAwayFrom(K2.name()));
        assertThat(onlyReader(away2).name()).startsWith("kubeone-3-");
    }

    @Test
    void enableOnPlainSweepsADirectoryThatAStoppedEnableDidNotComeToRename() {
        FakeControlPlane plane = States.plain(3);
        NodePath left = plane.layout().configurationDirectory().parent().resolve(".rekey-123");
        plane.member("cp2").put(left, "left\n");
        applied(plane, Change.enable());
        assertThat(plane.member("cp2").file(left)).isEmpty();
    }

    @Test
    void disableOnPlainSweepsWhatAStoppedDisableLeft() {
        FakeControlPlane plane = States.plain(3);
        assertChangesNothing(plane, Change.disable());
        plane.member("cp2").put(plane.layout().mark(), "left\n");
        plane.member("cp3").put(plane.layout().stateDirectory().resolve(".rekey-123"), "left\n");
        applied(plane, Change.disable());
        assertThat(plane.member("cp2").file(plane.layout().mark())).isEmpty();
        assertThat(plane.member("cp3").files().keySet())
                .noneMatch(path -> path.value().contains("rekey"));
    }

    @Test
    void disableOnManagedUnfinishedAndCustomLeavesEverythingPlain() {
        for (FakeControlPlane plane : List.of(
                States.managed(3),
                States.managedByOthers(3),
                States.with(3, MANAGED, keyed(K1, K2)),
                States.with(3, MANAGED, plainFirst(K1)),
                States.with(3, CUSTOM, keyed(K1)),
                States.with(3, CUSTOM, keyed(K1).replace("  - identity: {}\n", "")))) {
            applied(plane, Change.disable());
            assertThat(onlyReader(plane)).isEqualTo(KeyRef.IDENTITY);
            assertChangesNothing(plane, Change.disable());
            plane.members()
                    .forEach(name -> assertThat(plane.member(name).files().keySet())
                            .noneMatch(path -> path.value().contains("encryption")
                                    || path.value().contains("rekey")));
        }
    }

    @Test
    void disableOnForeignIsRefused() {
        assertRefused(States.with(1, FOREIGN, keyed(K1)), Change.disable(), FOREIGN.value());
    }

    @Test
    void rewriteOnPlainHasNothingToDo() {
        assertChangesNothing(States.plain(3), Change.rewrite());
    }

    @Test
    void rewriteOnManagedRemovesTheMarkSettlesRewritesAndMarks() {
        FakeControlPlane plane = States.managed(3);
        Report report = applied(plane, Change.rewrite());
        assertThat(report.done())
                .extracting(step -> step.getClass().getSimpleName())
                .containsExactly("Archive", "RemoveMark", "Settle", "Rewrite", "Gate", "SetMark");
        assertThat(Operators.on(plane).status().proof()).isEqualTo("settled");
    }

    @Test
    void rewriteOnUnfinishedIsRefused() {
        assertRefused(States.with(3, MANAGED, keyed(K1, K2)), Change.rewrite(), "Finish it first");
    }

    @Test
    void rewriteOnCustomAndForeignRewritesWithoutAMark() {
        for (NodePath path : List.of(CUSTOM, FOREIGN)) {
            FakeControlPlane plane = States.with(3, path, keyed(K1));
            Report report = applied(plane, Change.rewrite());
            assertThat(report.rewrites()).hasSize(1);
            assertThat(plane.member("cp1").file(plane.layout().mark())).isEmpty();
        }
    }

    @Test
    void twoKeysThatAreToBeKeptAreSettledUnderTheirMark() {
        FakeControlPlane plane = States.managed(3);
        ManagedSettings keepOne = ManagedSettings.DEFAULT.withPreviousKeysKept(1);
        String first = onlyReader(plane).name();
        Change rotate = Change.rotateAwayFrom(first).withSettings(keepOne);
        applied(plane, rotate);
        assertThat(plane.member("cp1").file(MANAGED).orElseThrow()).contains(first);
        assertChangesNothing(plane, rotate);
        assertChangesNothing(plane, Change.enable());
        applied(plane, Change.enable(ManagedSettings.DEFAULT.withPreviousKeysKept(0)));
        assertThat(plane.member("cp1").file(MANAGED).orElseThrow()).doesNotContain(first);
    }

    private static Report applied(FakeControlPlane plane, Change change) {
        try (InvariantChecks.Watch watch = InvariantChecks.watch(plane)) {
            return Operators.on(plane).apply(change);
        }
    }

    private static void assertChangesNothing(FakeControlPlane plane, Change change) {
        Map<String, Map<NodePath, String>> before = files(plane);
        int operations = plane.operations().size();
        assertThat(Operators.on(plane).plan(change).steps()).isEmpty();
        assertThat(Operators.on(plane).apply(change).done()).isEmpty();
        assertThat(plane.operations()).hasSize(operations);
        assertThat(files(plane)).isEqualTo(before);
    }

    private static void assertRefused(FakeControlPlane plane, Change change, String because) {
        Map<String, Map<NodePath, String>> before = files(plane);
        assertThatThrownBy(() -> Operators.on(plane).apply(change))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining(because)
                .hasMessageContaining("othing was changed");
        assertThat(files(plane)).isEqualTo(before);
    }

    private static KeyRef onlyReader(FakeControlPlane plane) {
        Map<KeyRef, Integer> stored = plane.storedUnder().get("secrets");
        assertThat(stored).hasSize(1);
        return stored.keySet().iterator().next();
    }

    private static Map<String, Map<NodePath, String>> files(FakeControlPlane plane) {
        Map<String, Map<NodePath, String>> files = new TreeMap<>();
        plane.members().forEach(name -> files.put(name, plane.member(name).files()));
        return files;
    }
}
