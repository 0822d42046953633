package dev.rekey.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Run with {@code -Drekey.writeDocs=true} to have the tables written anew. */
class ShapesTableTest {
    private static final Path DOCS = Path.of("..", "docs", "manifests.md");

    @Test
    void theDocsHaveEveryShapeThatTheTestsTry_andItsVerdict() throws IOException {
        String docs = Files.readString(DOCS);
        String expected = docs;
        expected = with(
                expected,
                "edited",
                ShapesTable.of(
                        text -> {},
                        ManifestShapesTest.class,
                        ManifestSurroundingsTest.class,
                        JsonManifestTest.class,
                        ManifestFlagsTest.class,
                        ManifestMountsTest.class,
                        KmsMountsTest.class));
        expected = with(
                expected,
                "refused",
                ShapesTable.of(ShapesTableTest::edit, ManifestRefusalsTest.class, HostileManifestTest.class));
        expected = with(
                expected,
                "kubeadm",
                ShapesTable.of(
                        text -> edit(KubeadmClusterConfiguration.parse(text)),
                        KubeadmClusterConfigurationTest.class,
                        KubeadmMountsTest.class));
        expected = with(
                expected,
                "kubeadm files",
                ShapesTable.of(text -> edit(KubeadmFile.parse(text).clusterConfiguration()), KubeadmFileTest.class));
        expected = with(expected, "others", ShapesTable.of(text -> {}, OtherManifestsTest.class));
        if (Boolean.getBoolean("rekey.writeDocs")) {
            Files.writeString(DOCS, expected);
        }
        assertThat(Files.readString(DOCS)).isEqualTo(expected);
    }

    private static void edit(String text) {
        ApiServerManifest.parse(text)
                .withEncryption(Laws.SETTINGS)
                .withAnnotation("rekey.dev/restart", "1")
                .withoutEncryption(Laws.LAYOUT);
    }

    private static void edit(KubeadmClusterConfiguration configuration) {
        configuration.withEncryption(Laws.SETTINGS).withoutEncryption(Laws.LAYOUT);
    }

    private static String with(String docs, String name, String table) {
        String begin = "<!-- " + name + " -->\n";
        String end = "<!-- end of " + name + " -->\n";
        int from = docs.indexOf(begin);
        int to = docs.indexOf(end);
        assertThat(from).as(begin).isNotNegative();
        assertThat(to).as(end).isGreaterThan(from);
        return docs.substring(0, from + begin.length()) + "\n" + table + "\n" + docs.substring(to);
    }
}
