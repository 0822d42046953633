package dev.rekey.lifecycle;

import dev.rekey.manifest.NodeLayout;
import dev.rekey.spi.ClusterFacts;
import dev.rekey.spi.KubeadmConfig;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Everything that a plan depends on, as it was read.
 *
 * @param layout that most members share, and that kubeadm's ClusterConfiguration takes
 * @param facts of the cluster; empty where no apiserver answered
 * @param strangers apiservers that were seen to live and are no member, by host or Lease name
 * @param membersAsserted whether neither Leases nor endpoints tell which apiservers live: that the members are all of them is what
 *     the caller says
 * @param kubeadm ClusterConfiguration, where the cluster has one
 */
public record ClusterObservation(
        NodeLayout layout,
        Map<String, MemberObservation> members,
        Optional<ClusterFacts> facts,
        List<String> strangers,
        boolean membersAsserted,
        Optional<KubeadmConfig.Document> kubeadm) {

    static final String ASSERTED =
            "that no other apiserver lives is asserted and not proved: neither identity Leases nor the"
                    + " endpoints of default/kubernetes tell";

    /** The word for JSON. */
    static String membership(boolean asserted) {
        return asserted ? "asserted" : "proved";
    }

    /** Copies the collections. */
    public ClusterObservation {
        members = Collections.unmodifiableMap(new TreeMap<>(members));
        strangers = List.copyOf(strangers);
    }
}
