package dev.rekey.lifecycle;

import dev.rekey.ChangedMeanwhileException;
import dev.rekey.spi.ClusterAccess;
import dev.rekey.spi.KubeadmConfig;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Changes of kubeadm's ClusterConfiguration in the cluster, under the locks. */
final class KubeadmEdits {
    private static final String EMPTY_LINE = "\n";

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
     * back, since a server gives no new version to what is equal; an empty first line means nothing, and kubeadm writes none.
     */
    void outdateRequestsOfOthers() {
        Optional<KubeadmConfig.Document> found = read();
        locks.verify();
        if (found.isEmpty()) {
            return;
        }
        String text = found.get().text();
        if (text.startsWith(EMPTY_LINE)) {
            replace(found.get(), text.substring(1)); // Of a run that was stopped on the way.
            return;
        }
        replace(found.get(), EMPTY_LINE + text);
        read().filter(now -> now.text().equals(EMPTY_LINE + text)).ifPresent(now -> replace(now, text));
    }

    private Optional<KubeadmConfig.Document> read() {
        return Plugs.call("kubeadm's ConfigMap", () -> cluster.kubeadm().read());
    }

    private void replace(KubeadmConfig.Document read, String text) {
        Plugs.run("kubeadm's ConfigMap", () -> cluster.kubeadm().replace(read, text));
    }
}
