package dev.rekey.testing;

import dev.rekey.config.Key;
import dev.rekey.config.KeyMaterial;
import dev.rekey.config.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Files of the tests in this package. A key's bytes are its name, padded, so that the same name is the same key. */
final class Situations {
    static final String RELOADS = "    - --encryption-provider-config-automatic-reload=true\n";

    private Situations() {}

    static Reader.OfKey aescbc(String name) {
        return new Reader.OfKey("aescbc", new Key(name, KeyMaterial.of(bytes(name))));
    }

    /** Secrets under these, in this order: {@code identity}, else the name of an aescbc key. */
    static String secrets(String... readers) {
        return rule("secrets", readers);
    }

    static String rule(String resource, String... readers) {
        return "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n"
                + entry(resource, readers);
    }

    static String entry(String resource, String... readers) {
        List<String> lines = new ArrayList<>(List.of("- resources:", "  - '" + resource + "'", "  providers:"));
        for (String reader : readers) {
            if (reader.equals("identity")) {
                lines.add("  - identity: {}");
            } else {
                lines.add("  - aescbc:");
                lines.add("      keys:");
                lines.add("      - name: " + reader);
                lines.add("        secret: " + secret(reader));
            }
        }
        return String.join("\n", lines) + "\n";
    }

    static String secret(String name) {
        return Base64.getEncoder().encodeToString(bytes(name));
    }

    private static byte[] bytes(String name) {
        return (name + "................................").substring(0, 32).getBytes(StandardCharsets.UTF_8);
    }

    /** The member's manifest with the flags and the mount of the directory. */
    static String encrypting(FakeControlPlane plane, FakeMember member) {
        String directory = plane.layout().configurationDirectory().value();
        return mounting(plane, member, directory, "DirectoryOrCreate");
    }

    static String mounting(FakeControlPlane plane, FakeMember member, String path, String type) {
        return member.file(plane.layout().manifest())
                .orElseThrow()
                .replace(
                        "    - --allow-privileged=true\n",
                        "    - --allow-privileged=true\n    - --encryption-provider-config="
                                + plane.layout().managedPath() + "\n" + RELOADS)
                .replace(
                        "    volumeMounts:\n",
                        "    volumeMounts:\n    - mountPath: " + path + "\n      name: enc\n      readOnly: true\n")
                .replace(
                        "  volumes:\n",
                        "  volumes:\n  - hostPath:\n      path: " + path + "\n      type: " + type
                                + "\n    name: enc\n");
    }

    /** Three members that have run with {@code configuration} for long. */
    static FakeControlPlane running(String configuration) {
        return running(3, configuration);
    }

    static FakeControlPlane running(int members, String configuration) {
        FakeControlPlane plane = FakeControlPlane.withMembers(members);
        for (String name : plane.members()) {
            FakeMember member = plane.member(name);
            member.put(plane.layout().managedPath(), configuration);
            member.put(plane.layout().manifest(), encrypting(plane, member));
        }
        plane.passTime(java.time.Duration.ofSeconds(10));
        return plane;
    }

    static void put(FakeControlPlane plane, String member, String configuration) {
        plane.member(member).put(plane.layout().managedPath(), configuration);
    }
}
