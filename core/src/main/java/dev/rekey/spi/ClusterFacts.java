package dev.rekey.spi;

import java.io.Serializable;
import java.time.Instant;
import java.util.List;

/**
 * What the cluster says about itself as a whole.
 *
 * @param uid of the namespace kube-system: another one is another cluster
 * @param revision the resourceVersion of a list just made: etcd's revision, which goes back when etcd is restored
 * @param leases the identity Leases of kube-apiservers; a dead one stays for an hour
 * @param endpoints addresses of {@code default/kubernetes}, {@code ip:port}
 */
public record ClusterFacts(String uid, long revision, List<IdentityLease> leases, List<String> endpoints)
        implements Serializable {
    /** Copies the lists. */
    public ClusterFacts {
        leases = List.copyOf(leases);
        endpoints = List.copyOf(endpoints);
    }

    /**
     * A Lease that a kube-apiserver renews each 10 s while it lives.
     *
     * @param identity {@code sha256:<hex>} of the Lease's name, as the apiserver's metrics have it
     * @param host label {@code kubernetes.io/hostname}; empty where absent
     * @param renewed by the clock of that apiserver: only its moving proves life
     */
    public record IdentityLease(String name, String identity, String host, Instant renewed) implements Serializable {}
}
