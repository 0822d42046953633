package dev.rekey.testing;

import static dev.rekey.testing.Situations.put;
import static dev.rekey.testing.Situations.running;
import static dev.rekey.testing.Situations.secrets;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.manifest.NodePath;
import dev.rekey.spi.ApiServerStatus.Loaded;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Kubelet, start and reload, as they were seen on real ones. */
class KubeletTest {
    private final FakeControlPlane plane = running(1, secrets("k1", "identity"));
    private final FakeMember member = plane.member("cp1");
    private final NodePath manifest = plane.layout().manifest();
    private final int startsBefore = member.starts();

    @Test
    void aChangedConfigurationIsLoadedByThePollWithoutARestart() {
        put(plane, "cp1", secrets("k1", "k2", "identity"));
        assertThat(member.loaded()).isNotEqualTo(HarmTest.fileHash(plane, "cp1"));

        plane.passTime(Duration.ofSeconds(60));

        assertThat(member.loaded()).isEqualTo(HarmTest.fileHash(plane, "cp1"));
        assertThat(member.starts()).isEqualTo(startsBefore);
    }

    @Test
    void withoutAutomaticReloadOnlyARestartLoadsIt() {
        edit(Situations.RELOADS, "");
        plane.passTime(Duration.ofSeconds(10));
        Loaded before = member.loaded();
        put(plane, "cp1", secrets("k1", "k2", "identity"));

        plane.passTime(Duration.ofHours(1));
        assertThat(member.loaded()).isEqualTo(before);

        member.restart();
        assertThat(member.loaded()).isEqualTo(HarmTest.fileHash(plane, "cp1"));
    }

    @Test
    void aFileMountedByItselfIsPinnedUntilARestart() {
        FakeControlPlane pinned = FakeControlPlane.withMembers(1);
        FakeMember cp1 = pinned.member("cp1");
        put(pinned, "cp1", secrets("k1", "identity"));
        String file = pinned.layout().managedPath().value();
        cp1.put(manifest, Situations.mounting(pinned, cp1, file, "File"));
        pinned.passTime(Duration.ofSeconds(10));
        Loaded before = cp1.loaded();
        assertThat(before).isEqualTo(HarmTest.fileHash(pinned, "cp1"));

        put(pinned, "cp1", secrets("k1", "k2", "identity"));
        pinned.passTime(Duration.ofHours(1));
        assertThat(cp1.loaded()).isEqualTo(before);

        cp1.restart();
        assertThat(cp1.loaded()).isEqualTo(HarmTest.fileHash(pinned, "cp1"));
    }

    @Test
    void aBadFileIsInvisibleUntilARestartWhichCrashLoopsWithGrowingPauses() {
        Loaded before = member.loaded();
        put(plane, "cp1", secrets("k1", "identity").replace("resources:\n-", "resource:\n-"));
        plane.passTime(Duration.ofMinutes(10));
        assertThat(member.loaded()).isEqualTo(before);
        assertThat(member.ready()).isTrue();
        assertThat(plane.unreadableAfterRestart())
                .extracting(Harm::toString)
                .containsExactly(
                        "cp1: would not start: " + plane.layout().managedPath() + " is absent, not mounted or invalid");

        List<Duration> failed = new ArrayList<>();
        plane.onChange(change -> {
            if (change.equals("cp1 did not start its apiserver")) {
                failed.add(plane.elapsed());
            }
        });
        Duration restarted = plane.elapsed();
        member.restart();
        plane.passTime(Duration.ofSeconds(10 + 20 + 40 + 80 + 160 + 300 + 300));
        assertThat(failed.stream().map(at -> at.minus(restarted).toSeconds()))
                .containsExactly(0L, 10L, 30L, 70L, 150L, 310L, 610L, 910L);
        assertThat(member.running()).isFalse();

        put(plane, "cp1", secrets("k1", "identity"));
        plane.passTime(Duration.ofSeconds(299));
        assertThat(member.running())
                .as("a mended file does not shorten the pause")
                .isFalse();
        plane.passTime(Duration.ofSeconds(1));
        assertThat(member.running()).isTrue();
        plane.passTime(Duration.ofSeconds(5));
        assertThat(member.ready()).isTrue();
    }

    @Test
    void aFileThatParsesAndIsInvalidIsNotLoadedEither() {
        Loaded before = member.loaded();
        put(plane, "cp1", secrets("k1", "identity").replace(Situations.secret("k1"), "c2hvcnQ="));
        plane.passTime(Duration.ofMinutes(10));

        assertThat(member.loaded()).isEqualTo(before);
        assertThat(plane.unreadableAfterRestart()).hasSize(1);
    }

    @Test
    void aMissingFileEndsTheStart() {
        member.remove(plane.layout().managedPath());
        plane.passTime(Duration.ofMinutes(5));
        assertThat(member.ready()).isTrue();

        member.restart();

        assertThat(member.running()).isFalse();
    }

    @Test
    void aFileThatNoMountCoversEndsTheStart() {
        edit(
                "    - mountPath: " + plane.layout().configurationDirectory()
                        + "\n      name: enc\n      readOnly: true\n",
                "");

        assertThat(member.running()).isFalse();
        assertThat(plane.unreadableAfterRestart()).extracting(Harm::member).containsExactly("cp1");
    }

    @Test
    void anEditOfTheManifestRestartsAtOnceAndTheApiserverIsAwayForItsStartTime() {
        edit("    - --allow-privileged=true\n", "    - --allow-privileged=true\n    - --v=2\n");

        assertThat(member.starts()).isEqualTo(startsBefore + 1);
        assertThat(member.ready()).isFalse();
        plane.passTime(Duration.ofMillis(4999));
        assertThat(member.ready()).isFalse();
        plane.passTime(Duration.ofMillis(1));
        assertThat(member.ready()).isTrue();
    }

    @Test
    void aCommentOrOtherQuotesRestartNothing() {
        edit("kind: Pod\n", "kind: 'Pod' # of kubeadm\n");
        plane.passTime(Duration.ofMinutes(1));

        assertThat(member.starts()).isEqualTo(startsBefore);
    }

    @Test
    void aDotfileBesideTheManifestIsIgnored() {
        member.put(manifest.parent().resolve(".kube-apiserver.yaml"), text().replace(Situations.RELOADS, ""));
        plane.passTime(Duration.ofMinutes(1));

        assertThat(member.starts()).isEqualTo(startsBefore);
        member.remove(manifest);
        plane.passTime(Duration.ofMinutes(1));
        assertThat(member.running()).isFalse();
    }

    @Test
    void aBackupBesideTheManifestWinsAndItsRemovalEndsTheApiserverUntilTheNextLook() {
        NodePath backup = manifest.parent().resolve("kube-apiserver.yaml.bak");
        member.put(backup, text().replace(Situations.RELOADS, ""));
        assertThat(member.starts()).isEqualTo(startsBefore + 1);
        edit("    - --allow-privileged=true\n", "");
        plane.passTime(Duration.ofMinutes(1));
        put(plane, "cp1", secrets("k1", "k2", "identity"));
        plane.passTime(Duration.ofMinutes(5));
        assertThat(member.loaded())
                .as("the backup has no automatic reload")
                .isNotEqualTo(HarmTest.fileHash(plane, "cp1"));

        member.remove(backup);
        assertThat(member.running()).isFalse();
        plane.passTime(Duration.ofSeconds(20));
        assertThat(member.running()).isTrue();
        assertThat(member.loaded()).isEqualTo(HarmTest.fileHash(plane, "cp1"));
    }

    @Test
    void aTruncatedManifestKeepsTheApiserverUntilTheNextLook() {
        member.put(manifest, text().substring(0, 200));
        assertThat(member.running()).isTrue();

        plane.passTime(Duration.ofSeconds(20));

        assertThat(member.running()).isFalse();
        assertThat(plane.unreadableAfterRestart())
                .extracting(Harm::toString)
                .containsExactly("cp1: the manifest directory describes no apiserver");
    }

    @Test
    void whileKubeletIsDownNothingStarts() {
        member.stop();
        edit("    - --allow-privileged=true\n", "");
        plane.passTime(Duration.ofHours(1));
        assertThat(member.running()).isFalse();
        assertThat(member.loaded()).isEqualTo(Loaded.UNKNOWN);

        member.start();

        assertThat(member.running()).isTrue();
    }

    @Test
    void theFlagAndItsValueMayBeTwoItemsAndTheLastOneWins() {
        String path = plane.layout().managedPath().value();
        edit(
                "    - --encryption-provider-config=" + path + "\n",
                "    - --encryption-provider-config=/nowhere\n    - --encryption_provider_config\n    - " + path
                        + "\n");

        assertThat(member.loaded()).isEqualTo(HarmTest.fileHash(plane, "cp1"));
    }

    @Test
    void ofTwoMountsThatCoverAPathTheDeeperOneShowsTheFile() {
        edit(
                "    - mountPath: /etc/kubernetes/pki\n",
                "    - mountPath: /etc/kubernetes\n      name: above\n    - mountPath: /etc/kubernetes/pki\n");
        edit("  volumes:\n", "  volumes:\n  - hostPath:\n      path: /srv\n    name: above\n");

        assertThat(member.starts()).isEqualTo(startsBefore + 2);
        assertThat(member.loaded()).isEqualTo(HarmTest.fileHash(plane, "cp1"));
    }

    private String text() {
        return member.file(manifest).orElseThrow();
    }

    private void edit(String old, String now) {
        assertThat(text()).contains(old);
        member.put(manifest, text().replace(old, now));
    }
}
