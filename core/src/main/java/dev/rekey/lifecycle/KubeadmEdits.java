package dev.rekey.lifecycle;

import dev.rekey.ChangedMeanwhileException;
import dev.rekey.spi.ClusterAccess;
import dev.rekey.spi.KubeadmConfig;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Changes of kubeadm's ClusterConfiguration in the cluster, under the locks. */
final class KubeadmEdits {
    private final Locks locks;
    private final ClusterAccess cluster;

    KubeadmEdits(Locks locks, ClusterAccess cluster) {
        this.locks = locks;
        this.cluster = cluster;
    }

    void edit(UnaryOperator<String> edit) {
        KubeadmConfig.Document document = read().orElseThrow(
                        () -> new ChangedMeanwhileException("kubeadm's ClusterConfiguration is gone from the cluster."
                                + " What stands is as the last event says; make the same call again"));
        String edited = edit.apply(document.text());
        // After reading: what another run writes from here on makes this version an old one.
        locks.verify();
        if (!edited.equals(document.text())) {
            replace(document, edited);
        }
    }

    /**
     * To be told after a take-over, before the observation that a plan is made from: the run whose lock was taken may stand still,
     * for however long, between its last look at the locks and its request, which from here on is one for an old version. There and
     * back, since a server gives no new version to what is equal; an empty first line means nothing.
     */
    void outdateRequestsOfOthers() {
        Optional<KubeadmConfig.Document> found = read();
        locks.verify();
        if (found.isPresent()) {
            String text = found.get().text();
            String other = "\n" + text;
            replace(found.get(), other);
            read().filter(now -> now.text().equals(other)).ifPresent(now -> replace(now, text));
        }
    }

    private Optional<KubeadmConfig.Document> read() {
        return Plugs.call("kubeadm's ConfigMap", () -> cluster.kubeadm().read());
    }

    private void replace(KubeadmConfig.Document read, String text) {
        Plugs.run("kubeadm's ConfigMap", () -> cluster.kubeadm().replace(read, text));
    }
}
