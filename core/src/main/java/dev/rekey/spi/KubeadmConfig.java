package dev.rekey.spi;

import java.io.Serializable;
import java.util.Optional;

/**
 * kubeadm's ClusterConfiguration in the cluster: what the next {@code kubeadm upgrade} or {@code join} makes manifests from.
 * Safe for threads; each call ends within 30 s.
 */
public interface KubeadmConfig {
    /** For clusters that were not made with kubeadm. */
    KubeadmConfig NONE = new KubeadmConfig() {
        @Override
        public Optional<Document> read() {
            return Optional.empty();
        }

        @Override
        public void replace(Document read, String text) {
            throw new IllegalStateException("there is no ClusterConfiguration to replace");
        }
    };

    /** What stands there; empty where the cluster has none. */
    Optional<Document> read();

    /** Puts {@code text} where {@code read} stood; a {@link dev.rekey.ChangedMeanwhileException} where it is no longer that version. */
    void replace(Document read, String text);

    /** The text of ClusterConfiguration and the resourceVersion of the object that holds it. */
    record Document(String text, String resourceVersion) implements Serializable {}
}
