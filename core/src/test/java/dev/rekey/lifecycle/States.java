package dev.rekey.lifecycle;

import dev.rekey.config.Key;
import dev.rekey.config.KeyMaterial;
import dev.rekey.config.ManagedSettings;
import dev.rekey.manifest.ApiServerManifest;
import dev.rekey.manifest.EncryptionSettings;
import dev.rekey.manifest.NodePath;
import dev.rekey.testing.FakeControlPlane;
import dev.rekey.testing.FakeMember;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Clusters in each column of the table, as a person, another tool or a stopped run may have left them. */
final class States {
    static final Key K1 = key("kubeone-1-aaaaaa", 1);
    static final Key K2 = key("kubeone-2-bbbbbb", 2);
    static final NodePath FOREIGN = NodePath.of("/etc/kubernetes/other/enc.yaml");

    private States() {}

    static FakeControlPlane plain(int members) {
        FakeControlPlane plane = FakeControlPlane.withMembers(members);
        plane.createSecrets(10);
        return plane;
    }

    /** As KubeOne leaves it: one key, no mark, no automatic reload. */
    static FakeControlPlane managedByOthers(int members) {
        FakeControlPlane plane = FakeControlPlane.withMembers(members);
        for (String name : plane.members()) {
            FakeMember member = plane.member(name);
            member.put(plane.layout().managedPath(), keyed(K1));
            member.put(
                    plane.layout().manifest(),
                    ApiServerManifest.parse(
                                    member.file(plane.layout().manifest()).orElseThrow())
                            .withEncryption(EncryptionSettings.of(
                                            plane.layout(), plane.layout().managedPath())
                                    .withoutAutomaticReload())
                            .text());
        }
        plane.passTime(Duration.ofMinutes(3));
        plane.createSecrets(10);
        return plane;
    }

    static FakeControlPlane managed(int members) {
        FakeControlPlane plane = plain(members);
        Operators.on(plane).apply(Change.enable());
        return plane;
    }

    /** Every member's flag at {@code path}, every file {@code text}. */
    static FakeControlPlane with(int members, NodePath path, String text) {
        FakeControlPlane plane = FakeControlPlane.withMembers(members);
        plane.members().forEach(name -> install(plane, name, path, text));
        plane.passTime(Duration.ofMinutes(3));
        plane.createSecrets(10);
        return plane;
    }

    static void install(FakeControlPlane plane, String name, NodePath path, String text) {
        FakeMember member = plane.member(name);
        member.put(path, text);
        String manifest = member.file(plane.layout().manifest()).orElseThrow();
        member.put(
                plane.layout().manifest(),
                ApiServerManifest.parse(manifest)
                        .withEncryption(new EncryptionSettings(
                                path,
                                path.equals(FOREIGN)
                                        ? "other-conf"
                                        : plane.layout().volumeName(),
                                true,
                                List.of()))
                        .text());
    }

    static String keyed(Key... keys) {
        return text(ManagedSettings.DEFAULT, keys);
    }

    static String text(ManagedSettings settings, Key... keys) {
        return new String(settings.configuration(List.of(keys)).render().exposeBytes(), StandardCharsets.UTF_8);
    }

    /** {@code identity} in front: what enable introduces and what disable promotes. */
    static String plainFirst(Key key) {
        return keyed(key)
                .replace("  providers:\n", "  providers:\n  - identity: {}\n")
                .replaceFirst("  - identity: \\{}\n$", "");
    }

    static Key key(String name, int seed) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) seed);
        return new Key(name, KeyMaterial.of(bytes));
    }
}
