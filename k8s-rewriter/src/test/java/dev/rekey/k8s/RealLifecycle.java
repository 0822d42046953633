package dev.rekey.k8s;

import dev.rekey.controlplane.ControlPlaneMember;
import dev.rekey.controlplane.RealControlPlane;
import dev.rekey.lifecycle.EncryptionLifecycle;
import dev.rekey.lifecycle.Timing;
import dev.rekey.manifest.NodeLayout;
import dev.rekey.manifest.NodePath;
import dev.rekey.spi.ClusterAccess;
import dev.rekey.spi.KeyArchive;
import dev.rekey.spi.LocalTransport;
import dev.rekey.spi.NodeTransport;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** A lifecycle over the real control plane of the tests, each member under its own root. */
final class RealLifecycle implements AutoCloseable {
    /** For apiservers that poll each 2 s and take a second or three to start. */
    static final Timing FAST = new Timing(
            Duration.ofMillis(300),
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(3),
            Duration.ofSeconds(2),
            Duration.ofSeconds(20),
            Duration.ofSeconds(8),
            Duration.ofSeconds(2),
            Duration.ofSeconds(15));

    private final KubernetesAccess access;
    private final EncryptionLifecycle lifecycle;

    RealLifecycle(RealControlPlane plane, KeyArchive archive, Timing timing) {
        KubernetesAccess cluster = KubernetesAccess.fromKubeconfig(plane.kubeconfig());
        Map<String, NodeTransport> nodes = new TreeMap<>();
        for (ControlPlaneMember member : plane.members()) {
            cluster = cluster.member(member.name(), URI.create(member.apiServerUrl()));
            nodes.put(member.name(), new LocalTransport());
        }
        access = cluster;
        EncryptionLifecycle.Builder builder = EncryptionLifecycle.on(
                        nodes, new ClusterAccess(access.probe(), access.rewriter(), access.kubeadm()), archive)
                .timing(timing);
        for (ControlPlaneMember member : plane.members()) {
            builder.layout(
                    member.name(),
                    NodeLayout.DEFAULT.under(NodePath.of(member.root().toString())));
        }
        lifecycle = builder.build();
    }

    EncryptionLifecycle lifecycle() {
        return lifecycle;
    }

    @Override
    public void close() {
        access.close();
    }
}
