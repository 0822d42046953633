package dev.rekey.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.config.KeyRef;
import dev.rekey.manifest.NodeLayout;
import dev.rekey.manifest.NodePath;
import dev.rekey.testing.FakeControlPlane;
import dev.rekey.testing.InvariantChecks;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WholeLifeTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void enableRotateDisableLeavesEverythingAsItWas(int members) {
        FakeControlPlane plane = FakeControlPlane.withMembers(members);
        plane.createSecrets(50);
        Map<String, Map<NodePath, String>> files = files(plane);
        String kubeadm = plane.kubeadmText();
        EncryptionLifecycle lifecycle = Operators.on(plane);
        try (InvariantChecks.Watch watch = InvariantChecks.watch(plane)) {
            lifecycle.apply(Change.enable());
            KeyRef first = onlyReader(plane);
            assertThat(first.type()).isEqualTo("aescbc");
            assertThat(first.name()).matches("rekey-1-[a-z0-9]{6}");
            assertThat(lifecycle.status().proof()).isEqualTo("settled");
            assertThat(lifecycle.status().drift()).isEmpty();
            assertThat(lifecycle.plan(Change.enable()).steps()).isEmpty();

            lifecycle.apply(Change.rotate());
            KeyRef second = onlyReader(plane);
            assertThat(second.name()).matches("rekey-2-[a-z0-9]{6}");
            assertThat(lifecycle.plan(Change.rotateAwayFrom(first.name())).steps())
                    .isEmpty();
            plane.members()
                    .forEach(name -> assertThat(plane.member(name).files().values())
                            .noneMatch(text -> text.contains(first.name())));

            lifecycle.apply(Change.disable());
            assertThat(onlyReader(plane)).isEqualTo(KeyRef.IDENTITY);
            assertThat(lifecycle.plan(Change.disable()).steps()).isEmpty();
            assertThat(plane.archived()).extracting(key -> key.ref()).contains(first, second);
        }
        assertThat(files(plane)).isEqualTo(files);
        assertThat(plane.kubeadmText()).isEqualTo(kubeadm);
        assertThat(plane.usedButNotArchived()).isEmpty();
    }

    @Test
    void inADirectoryThatKubeadmMountsItself_nothingIsMountedTwice() {
        NodeLayout usual = NodeLayout.DEFAULT;
        FakeControlPlane plane = FakeControlPlane.builder()
                .layout(new NodeLayout(
                        usual.manifest(),
                        NodePath.of("/etc/kubernetes/pki"),
                        usual.managedFile(),
                        usual.customFile(),
                        usual.stateDirectory(),
                        usual.volumeName()))
                .build();
        plane.createSecrets(5);
        String kubeadm = plane.kubeadmText();
        EncryptionLifecycle lifecycle = Operators.on(plane);

        lifecycle.apply(Change.enable());

        assertThat(plane.kubeadmText())
                .contains("value: /etc/kubernetes/pki/encryption-providers.yaml")
                .doesNotContain("extraVolumes");
        assertThat(lifecycle.plan(Change.enable()).steps()).isEmpty();

        lifecycle.apply(Change.disable());

        assertThat(plane.kubeadmText()).isEqualTo(kubeadm);
    }

    private static Map<String, Map<NodePath, String>> files(FakeControlPlane plane) {
        return plane.members().stream()
                .collect(Collectors.toMap(
                        name -> name, name -> plane.member(name).files()));
    }

    private static KeyRef onlyReader(FakeControlPlane plane) {
        Map<String, Map<KeyRef, Integer>> stored = plane.storedUnder();
        Set<KeyRef> readers = stored.get("secrets").keySet();
        assertThat(readers).hasSize(1);
        return readers.iterator().next();
    }
}
