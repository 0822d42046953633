package dev.rekey.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** Edits, and checks in every test, unasked, what each edit promises. */
final class Laws {
    static final NodeLayout LAYOUT = NodeLayout.DEFAULT;
    static final EncryptionSettings SETTINGS = EncryptionSettings.of(LAYOUT, LAYOUT.managedPath());

    private Laws() {}

    /**
     * Enables on a manifest without encryption: only the lines of {@code diff} differ, twice is once, undoing gives back the
     * text byte for byte, and the result decodes to the same change made on the decoded pod.
     */
    static ApiServerManifest enabling(String before, String diff) {
        return enabling(before, SETTINGS, diff);
    }

    /** The same, and an annotation goes on it and off again, before and after the undo. */
    static void enablingAndMarking(String before, String diff) {
        ApiServerManifest after = enabling(before, diff);
        ApiServerManifest marked = after.withAnnotation("rekey.dev/restart", "1/2");
        assertThat(marked.withAnnotation("rekey.dev/restart", "1/2")).isSameAs(marked);
        assertThat(ApiServerManifest.parse(marked.text()).encryption()).isPresent();
        assertThat(marked.withoutAnnotation("rekey.dev/restart").text()).isEqualTo(after.text());
        assertThat(marked.withoutEncryption(LAYOUT)
                        .withoutAnnotation("rekey.dev/restart")
                        .text())
                .isEqualTo(before);
    }

    static ApiServerManifest enabling(String before, EncryptionSettings settings, String diff) {
        ApiServerManifest after = replacing(before, settings, diff);
        assertThat(PodModel.decode(after.text())).isEqualTo(PodModel.enabled(before, settings));
        assertThat(after.withoutEncryption(LAYOUT).text()).isEqualTo(before);
        return after;
    }

    /** The same for a manifest whose flags or mounts are replaced, which cannot be undone. */
    static ApiServerManifest replacing(String before, EncryptionSettings settings, String diff) {
        ApiServerManifest manifest = ApiServerManifest.parse(before);
        assertThat(manifest.text()).isEqualTo(before);
        ApiServerManifest after = manifest.withEncryption(settings);
        assertThat(LineDiff.of(before, after.text())).isEqualTo(diff);
        assertThat(after.withEncryption(settings)).isSameAs(after);
        ApiServerManifest again = ApiServerManifest.parse(after.text());
        assertThat(again.withEncryption(settings)).isSameAs(again);
        Encryption told = again.encryption().orElseThrow();
        assertThat(told.configurationPath())
                .isEqualTo(settings.configurationFile().value());
        assertThat(told.hostPath()).contains(settings.configurationFile());
        assertThat(told.automaticReload()).isEqualTo(settings.automaticReload());
        assertThat(told.mountedAsFile()).isFalse();
        ApiServerManifest undone = after.withoutEncryption(LAYOUT);
        assertThat(undone.encryption()).isEmpty();
        assertThat(undone.withoutEncryption(LAYOUT)).isSameAs(undone);
        return after;
    }

    /** The same for kubeadm. */
    static KubeadmClusterConfiguration enablingKubeadm(String before, String diff) {
        KubeadmClusterConfiguration after = replacingKubeadm(before, SETTINGS, diff);
        assertThat(after.withoutEncryption(LAYOUT).text()).isEqualTo(before);
        return after;
    }

    static KubeadmClusterConfiguration replacingKubeadm(String before, EncryptionSettings settings, String diff) {
        KubeadmClusterConfiguration configuration = KubeadmClusterConfiguration.parse(before);
        assertThat(configuration.text()).isEqualTo(before);
        KubeadmClusterConfiguration after = configuration.withEncryption(settings);
        assertThat(LineDiff.of(before, after.text())).isEqualTo(diff);
        assertThat(after.withEncryption(settings)).isSameAs(after);
        KubeadmClusterConfiguration again = KubeadmClusterConfiguration.parse(after.text());
        assertThat(again.withEncryption(settings)).isSameAs(again);
        assertThat(again.encryption().orElseThrow().hostPath()).contains(settings.configurationFile());
        KubeadmClusterConfiguration undone = after.withoutEncryption(LAYOUT);
        assertThat(undone.encryption()).isEmpty();
        assertThat(undone.withoutEncryption(LAYOUT)).isSameAs(undone);
        return after;
    }

    static String resource(String name) {
        try (InputStream in = Laws.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines that are added and taken away, without those that stay and without line ends. */
    static final class LineDiff {
        private LineDiff() {}

        static String of(String before, String after) {
            List<String> a = lines(before);
            List<String> b = lines(after);
            int[][] common = new int[a.size() + 1][b.size() + 1];
            for (int i = a.size() - 1; i >= 0; i--) {
                for (int j = b.size() - 1; j >= 0; j--) {
                    common[i][j] = a.get(i).equals(b.get(j))
                            ? common[i + 1][j + 1] + 1
                            : Math.max(common[i + 1][j], common[i][j + 1]);
                }
            }
            StringBuilder diff = new StringBuilder();
            int i = 0;
            int j = 0;
            while (i < a.size() || j < b.size()) {
                if (i < a.size() && j < b.size() && a.get(i).equals(b.get(j))) {
                    i++;
                    j++;
                } else if (i < a.size() && (j == b.size() || common[i + 1][j] >= common[i][j + 1])) {
                    diff.append('-').append(a.get(i++)).append('\n');
                } else {
                    diff.append('+').append(b.get(j++)).append('\n');
                }
            }
            return diff.toString();
        }

        private static List<String> lines(String text) {
            return List.of(text.split("\r\n|\n|\r")).stream().collect(Collectors.toList());
        }
    }
}
