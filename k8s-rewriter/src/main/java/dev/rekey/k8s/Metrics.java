package dev.rekey.k8s;

import dev.rekey.spi.ApiServerStatus.Loaded;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The few lines that matter of an apiserver's metrics, which are megabytes. The names were read in the source and on a running
 * 1.36: {@code last_config_info} is there since 1.34, from the start on, with exactly one series, and only where a configuration is loaded.
 */
final class Metrics {
    private static final String LOADED = "apiserver_encryption_config_controller_last_config_info{";
    private static final String STARTED = "process_start_time_seconds ";
    private static final Pattern HASH = Pattern.compile("[{,]hash=\"([^\"]*)\"");
    private static final Pattern IDENTITY = Pattern.compile("[{,]apiserver_id_hash=\"(sha256:[0-9a-f]{64})\"");
    private static final Pattern SHA256 = Pattern.compile("sha256:([0-9a-f]{64})");

    private final Set<String> hashes = new LinkedHashSet<>();
    private final Set<String> identities = new LinkedHashSet<>();
    private @Nullable Instant started;
    private boolean ofApiServer;
    private boolean someDisabled;

    private Metrics() {}

    static Metrics read(Reader text) throws IOException {
        Metrics metrics = new Metrics();
        BufferedReader lines = new BufferedReader(text);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (!line.startsWith("#")) {
                metrics.sample(line);
            }
        }
        return metrics;
    }

    private void sample(String line) {
        ofApiServer |= line.startsWith("apiserver_request_");
        if (line.startsWith(LOADED) && line.endsWith(" 1")) {
            Matcher hash = HASH.matcher(line);
            hashes.add(hash.find() ? hash.group(1) : "");
        }
        if (line.contains("apiserver_id_hash=\"")) {
            Matcher identity = IDENTITY.matcher(line);
            if (identity.find()) {
                identities.add(identity.group(1));
            }
        }
        if (line.startsWith(STARTED)) {
            started = instant(line.substring(STARTED.length()).strip());
        }
        someDisabled |= line.startsWith("disabled_metrics_total ") && !line.endsWith(" 0");
    }

    private static @Nullable Instant instant(String seconds) {
        try {
            return Instant.ofEpochMilli(Math.round(Double.parseDouble(seconds) * 1000));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** Absence proves that nothing is loaded only on a server that would say so, has said all, and has no metric switched off. */
    Loaded loaded(boolean saysSo) {
        if (hashes.size() == 1) {
            Matcher hex = SHA256.matcher(hashes.iterator().next());
            return hex.matches() ? Loaded.hash(hex.group(1)) : Loaded.UNKNOWN;
        }
        return hashes.isEmpty() && saysSo && ofApiServer && !someDisabled ? Loaded.NONE : Loaded.UNKNOWN;
    }

    /** Empty where no metric carries it, as on a server that has loaded nothing. */
    String identity() {
        return identities.size() == 1 ? identities.iterator().next() : "";
    }

    @Nullable
    Instant started() {
        return started;
    }
}
