package dev.rekey.testing;

import static dev.rekey.testing.Situations.secrets;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.manifest.ApiServerManifest;
import dev.rekey.manifest.EncryptionSettings;
import dev.rekey.manifest.KubeadmClusterConfiguration;
import dev.rekey.manifest.NodePath;
import dev.rekey.spi.ApiServerStatus.Loaded;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What {@code manifest} writes is read by kubelet and apiserver as it was meant; the fake reads it on its own. */
class EditedManifestTest {
    private final FakeControlPlane plane = FakeControlPlane.withMembers(1);
    private final FakeMember member = plane.member("cp1");
    private final NodePath manifest = plane.layout().manifest();
    private final String plain = member.file(manifest).orElseThrow();
    private final String encrypting = ApiServerManifest.parse(plain)
            .withEncryption(EncryptionSettings.of(plane.layout(), plane.layout().managedPath()))
            .text();

    @Test
    void encryptionAddedToTheManifestIsLoadedAndReloaded() {
        member.put(plane.layout().managedPath(), secrets("k1", "identity"));
        member.put(manifest, encrypting);
        plane.passTime(Duration.ofSeconds(5));
        assertThat(member.ready()).isTrue();
        assertThat(member.loaded()).isEqualTo(HarmTest.fileHash(plane, "cp1"));

        member.put(plane.layout().managedPath(), secrets("k2", "k1", "identity"));
        plane.passTime(Duration.ofSeconds(60));

        assertThat(member.loaded()).isEqualTo(HarmTest.fileHash(plane, "cp1"));
    }

    @Test
    void encryptionTakenAwayAgainIsTheOldPod() {
        member.put(plane.layout().managedPath(), secrets("identity", "k1"));
        member.put(manifest, encrypting);
        int starts = member.starts();

        member.put(
                manifest,
                ApiServerManifest.parse(encrypting)
                        .withoutEncryption(plane.layout())
                        .text());

        assertThat(member.file(manifest)).contains(plain);
        assertThat(member.starts()).isEqualTo(starts + 1);
        assertThat(member.loaded()).isEqualTo(Loaded.NONE);
    }

    @Test
    void anAnnotationRestartsTheApiserver() {
        int starts = member.starts();

        member.put(
                manifest,
                ApiServerManifest.parse(plain)
                        .withAnnotation("rekey.dev/restart", "1")
                        .text());

        assertThat(member.starts()).isEqualTo(starts + 1);
        assertThat(member.running()).isTrue();
    }

    @Test
    void anApiserverThatCannotOpenItsConfigurationComesUpOnceTheEditIsPutBack() {
        member.always(Fault.CONFIGURATION_NOT_READABLE);
        member.put(plane.layout().managedPath(), secrets("k1", "identity"));
        member.put(manifest, encrypting);
        plane.passTime(Duration.ofMinutes(30));
        assertThat(member.running()).isFalse();

        member.put(manifest, plain);
        plane.passTime(Duration.ofSeconds(5));

        assertThat(member.ready()).isTrue();
    }

    @Test
    void theReloadFlagAloneEndsTheStart() {
        member.put(manifest, plain.replace("    - --allow-privileged=true\n", Situations.RELOADS));

        assertThat(member.running()).isFalse();
        assertThat(plane.unreadableAfterRestart()).hasSize(1);
    }

    @Test
    void anApiserverThatDoesNotKnowTheReloadFlagDoesNotStartWithIt() {
        FakeControlPlane old =
                FakeControlPlane.builder().version("v1.25.16").members(1).build();
        FakeMember cp1 = old.member("cp1");
        cp1.put(old.layout().managedPath(), secrets("k1", "identity"));
        String edited = Situations.encrypting(old, cp1);

        cp1.put(manifest, edited);
        assertThat(cp1.running()).isFalse();

        cp1.put(manifest, edited.replace(Situations.RELOADS, ""));
        assertThat(cp1.running()).isTrue();
    }

    @Test
    void theClusterConfigurationOfThePlaneTakesTheSameSettingsAndGivesThemBack() {
        KubeadmClusterConfiguration kubeadm = KubeadmClusterConfiguration.parse(plane.kubeadmText());

        KubeadmClusterConfiguration edited = kubeadm.withEncryption(
                EncryptionSettings.of(plane.layout(), plane.layout().managedPath()));

        assertThat(edited.encryption()).isPresent();
        assertThat(edited.withoutEncryption(plane.layout()).text()).isEqualTo(plane.kubeadmText());
    }
}
