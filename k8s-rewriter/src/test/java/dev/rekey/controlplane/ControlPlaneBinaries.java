package dev.rekey.controlplane;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * The two servers that the {@code *IT} tests run: those in the folder that {@code KUBEBUILDER_ASSETS} names, else built
 * once with Go and kept outside the source tree. Where neither can be had the tests are reported as skipped with the
 * reason, or fail with it where real servers are required (system property {@code rekey.requireRealServers=true}, or
 * environment variable {@code CI=true}).
 *
 * @param reloadPollCanBeSet whether this kube-apiserver is ours; any other looks at its configuration once a minute
 */
public record ControlPlaneBinaries(Path etcd, Path kubeApiServer, boolean reloadPollCanBeSet) {
    /** The environment variable that our kube-apiserver reads: a Go duration such as {@code 2s}. */
    static final String RELOAD_POLL_VARIABLE = "REKEY_TEST_RELOAD_POLL";

    private static final String ASSETS_VARIABLE = "KUBEBUILDER_ASSETS";
    private static @Nullable ControlPlaneBinaries found;
    private static @Nullable String missing;

    /** Skips the calling test, or fails it where real servers are required, if there are none. Builds at most once. */
    public static synchronized ControlPlaneBinaries require() {
        if (found == null && missing == null) {
            try {
                found = find();
            } catch (NoServersException e) {
                missing = e.getMessage();
            }
        }
        if (found != null) {
            return found;
        }
        String reason = "no real etcd and kube-apiserver for this test: " + missing;
        if (areRequired()) {
            throw new AssertionError(reason);
        }
        return Assumptions.abort(reason);
    }

    private static boolean areRequired() {
        return Boolean.getBoolean("rekey.requireRealServers") || "true".equals(System.getenv("CI"));
    }

    private static ControlPlaneBinaries find() throws NoServersException {
        String assets = System.getenv(ASSETS_VARIABLE);
        if (assets != null && !assets.isBlank()) {
            return in(Path.of(assets))
                    .orElseThrow(() -> new NoServersException(
                            ASSETS_VARIABLE + " is " + assets + ", which has no executable etcd and kube-apiserver"));
        }
        Path built = new GoBuild(GoBuild.defaultCache()).serversBuiltOnce();
        return in(built).orElseThrow(() -> new NoServersException("the build left nothing in " + built));
    }

    static Optional<ControlPlaneBinaries> in(Path folder) {
        Path etcd = folder.resolve("etcd");
        Path kubeApiServer = folder.resolve("kube-apiserver");
        if (!Files.isExecutable(etcd) || !Files.isExecutable(kubeApiServer)) {
            return Optional.empty();
        }
        return Optional.of(new ControlPlaneBinaries(
                etcd.toAbsolutePath(), kubeApiServer.toAbsolutePath(), mentions(kubeApiServer, RELOAD_POLL_VARIABLE)));
    }

    private static boolean mentions(Path file, String word) {
        byte[] buffer = new byte[1 << 20];
        int overlap = word.length() - 1;
        int kept = 0;
        try (InputStream in = Files.newInputStream(file)) {
            for (int read; (read = in.read(buffer, kept, buffer.length - kept)) >= 0; ) {
                int filled = kept + read;
                if (new String(buffer, 0, filled, StandardCharsets.ISO_8859_1).contains(word)) {
                    return true;
                }
                kept = Math.min(overlap, filled);
                System.arraycopy(buffer, filled - kept, buffer, 0, kept);
            }
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
