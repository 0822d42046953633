package dev.rekey.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.config.Reader;
import dev.rekey.controlplane.BackgroundClient;
import dev.rekey.controlplane.ControlPlaneMember;
import dev.rekey.controlplane.RealControlPlane;
import dev.rekey.lifecycle.Change;
import dev.rekey.lifecycle.EncryptionLifecycle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Enable, rotate and disable on real kube-apiservers and a real etcd, while a client works. */
class WholeLifeIT {
    private static final int SECRETS = 500;

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void enableRotateDisableWhileAClientWorks(int members) throws Exception {
        try (RealControlPlane plane = RealControlPlane.start(members)) {
            Map<String, byte[]> secrets = seed(plane);
            Map<String, String> manifests = manifests(plane);
            List<Reader.OfKey> archived = Collections.synchronizedList(new ArrayList<>());
            try (BackgroundClient client = BackgroundClient.start(plane, secrets, 1);
                    RealLifecycle real = new RealLifecycle(plane, archived::addAll, RealLifecycle.FAST)) {
                EncryptionLifecycle lifecycle = real.lifecycle();

                lifecycle.apply(Change.enable());
                String first = onlyKey(plane);
                assertThat(lifecycle.plan(Change.enable()).steps()).isEmpty();
                assertThat(lifecycle.status().drift()).isEmpty();

                lifecycle.apply(Change.rotate());
                String second = onlyKey(plane);
                assertThat(second).isNotEqualTo(first);
                assertThat(filesThatHold(plane, first)).isEmpty();
                assertThat(archived).extracting(key -> key.key().name()).contains(first, second);
                assertThat(lifecycle.plan(Change.rotateAwayFrom(first)).steps()).isEmpty();

                lifecycle.apply(Change.disable());
                assertThat(plane.rawSecrets().values())
                        .noneMatch(value -> text(value).startsWith("k8s:enc:"));
                assertThat(manifests(plane)).isEqualTo(manifests);
                assertThat(leftovers(plane)).isEmpty();
                assertThat(lifecycle.plan(Change.disable()).steps()).isEmpty();

                assertThat(client.reads()).as("reads of the client").isGreaterThan(100);
                assertThat(client.unreadable()).isEmpty();
                if (members > 1) {
                    assertThat(client.lost()).isEmpty();
                }
            }
        }
    }

    /** A fifth immutable, some of 100 KiB. */
    private static Map<String, byte[]> seed(RealControlPlane plane) {
        Map<String, byte[]> secrets = new TreeMap<>();
        Random random = new Random(7);
        for (int i = 0; i < SECRETS; i++) {
            byte[] value = new byte[i % 50 == 0 ? 100 * 1024 : 40];
            random.nextBytes(value);
            plane.createSecret("default", "seeded-" + i, Map.of("v", value), i % 5 == 0);
            secrets.put("seeded-" + i, value);
        }
        return secrets;
    }

    private static String onlyKey(RealControlPlane plane) {
        Set<String> readers = new TreeSet<>();
        plane.rawSecrets().values().forEach(value -> readers.add(reader(text(value))));
        assertThat(readers).hasSize(1);
        String reader = readers.iterator().next();
        assertThat(reader).startsWith("k8s:enc:aescbc:v1:rekey-");
        return reader.substring("k8s:enc:aescbc:v1:".length());
    }

    private static String reader(String value) {
        return value.startsWith("k8s:enc:")
                ? value.substring(0, value.indexOf(':', "k8s:enc:aescbc:v1:".length()))
                : "plain";
    }

    private static Map<String, String> manifests(RealControlPlane plane) throws IOException {
        Map<String, String> manifests = new TreeMap<>();
        for (ControlPlaneMember member : plane.members()) {
            manifests.put(member.name(), Files.readString(member.manifestPath()));
        }
        return manifests;
    }

    private static List<Path> filesThatHold(RealControlPlane plane, String text) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path file : files(plane)) {
            if (Files.readString(file, StandardCharsets.ISO_8859_1).contains(text)) {
                found.add(file);
            }
        }
        return found;
    }

    private static List<Path> leftovers(RealControlPlane plane) throws IOException {
        return files(plane).stream()
                .filter(file -> file.toString().contains("encryption-providers")
                        || file.toString().contains("/kubernetes/rekey")
                        || file.getFileName().toString().startsWith(".rekey-"))
                .toList();
    }

    private static List<Path> files(RealControlPlane plane) throws IOException {
        List<Path> files = new ArrayList<>();
        for (ControlPlaneMember member : plane.members()) {
            try (Stream<Path> below = Files.walk(member.root().resolve("etc"))) {
                below.filter(Files::isRegularFile).forEach(files::add);
            }
        }
        return files;
    }

    private static String text(byte[] value) {
        return new String(value, 0, Math.min(value.length, 200), StandardCharsets.ISO_8859_1);
    }
}
