package dev.rekey.lifecycle;

import dev.rekey.spi.ApiServerStatus;
import dev.rekey.spi.ApiServerStatus.Loaded;
import java.util.Optional;

/** What keeps an apiserver from being proved: ready, with exactly one configuration loaded, and every KMS healthy. */
final class Readiness {
    private Readiness() {}

    /** In words for people; empty where it is proved. {@code expected} is a hash or {@link Mark#NONE}. */
    static Optional<String> problem(ApiServerStatus status, String expected) {
        if (!status.ready()) {
            return Optional.of(
                    "its apiserver is not ready" + (status.problem().isEmpty() ? "" : ": " + status.problem()));
        }
        if (!loaded(status.loaded()).equals(expected)) {
            return Optional.of(
                    expected.equals(Mark.NONE)
                            ? "its apiserver still has a configuration loaded"
                            : "its apiserver has not loaded the file that lies there");
        }
        if (!status.failedKmsChecks().isEmpty()) {
            return Optional.of("its KMS is not healthy: " + status.failedKmsChecks());
        }
        return Optional.empty();
    }

    private static String loaded(Loaded loaded) {
        return switch (loaded.kind()) {
            case UNKNOWN -> "unknown";
            case NONE -> Mark.NONE;
            case CONFIGURATION -> loaded.hex();
        };
    }
}
