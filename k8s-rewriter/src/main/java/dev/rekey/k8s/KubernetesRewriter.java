package dev.rekey.k8s;

import dev.rekey.spi.Pace;
import dev.rekey.spi.RewriteProgress;
import dev.rekey.spi.RewriteReport;
import dev.rekey.spi.SecretRewriter;
import java.time.Duration;
import java.util.List;

/** Each pass has threads of its own, so passes may run beside each other. */
final class KubernetesRewriter implements SecretRewriter {
    private final ApiServers servers;
    private final Pace pace;
    private final Duration tick;
    private volatile boolean closed;

    KubernetesRewriter(ApiServers servers, Pace pace, Duration tick) {
        this.servers = servers;
        this.pace = pace;
        this.tick = tick;
    }

    @Override
    public RewriteReport rewrite(List<String> rules, RewriteProgress progress) {
        if (closed) {
            throw new IllegalStateException("this rewriter is closed");
        }
        try (Pass pass = new Pass(servers, pace, tick, progress)) {
            return pass.run(List.copyOf(rules));
        }
    }

    /** The connections belong to the access that this comes from. */
    @Override
    public void close() {
        closed = true;
    }
}
