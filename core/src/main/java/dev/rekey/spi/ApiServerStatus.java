package dev.rekey.spi;

import java.io.Serializable;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One apiserver, as it answered.
 *
 * @param problem why it did not answer or is not ready, in a few words; empty where it is ready
 * @param version as {@code v1.36.3}; empty where it did not answer
 * @param identity the {@code apiserver_id_hash} that it reports, {@code sha256:<hex>} of its identity Lease's name; empty where unknown
 * @param started its process's start by its own clock; null where unknown
 * @param failedKmsChecks names of KMS health checks that fail
 */
public record ApiServerStatus(
        Health health,
        String problem,
        String version,
        String identity,
        Loaded loaded,
        @Nullable Instant started,
        List<String> failedKmsChecks)
        implements Serializable {

    /** Copies the list. */
    public ApiServerStatus {
        failedKmsChecks = List.copyOf(failedKmsChecks);
    }

    /** No answer at all. */
    public static ApiServerStatus unreachable(String problem) {
        return new ApiServerStatus(Health.UNREACHABLE, problem, "", "", Loaded.UNKNOWN, null, List.of());
    }

    /** Whether it answers, and serves. */
    public boolean ready() {
        return health == Health.READY;
    }

    /** By the apiserver's own {@code /readyz}. */
    public enum Health {
        /** It serves. */
        READY,
        /** It answers, but does not serve yet or no more. */
        NOT_READY,
        /** It does not answer. */
        UNREACHABLE
    }

    /**
     * What the apiserver says it has in memory.
     *
     * @param hex the SHA-256 of the file that was loaded, 64 hexadecimal digits; empty unless a configuration is loaded
     */
    public record Loaded(Kind kind, String hex) implements Serializable {
        /** It did not say: it does not answer, or is older than Kubernetes 1.34. */
        public static final Loaded UNKNOWN = new Loaded(Kind.UNKNOWN, "");

        /** It runs without a configuration. */
        public static final Loaded NONE = new Loaded(Kind.NONE, "");

        /** The configuration whose file had this SHA-256. */
        public static Loaded hash(String sha256) {
            return new Loaded(Kind.CONFIGURATION, sha256);
        }

        /** Which of the three. */
        public enum Kind {
            /** See {@link Loaded#UNKNOWN}. */
            UNKNOWN,
            /** See {@link Loaded#NONE}. */
            NONE,
            /** See {@link Loaded#hash}. */
            CONFIGURATION
        }
    }
}
