package dev.rekey.lifecycle;

import dev.rekey.RekeyException;
import dev.rekey.spi.ApiServerProbe;
import dev.rekey.spi.ClusterAccess;
import dev.rekey.spi.KeyArchive;
import dev.rekey.spi.NodeTransport;
import dev.rekey.testing.FakeControlPlane;
import dev.rekey.testing.FakeOperator;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Lifecycles over a plane, as an operator's process would build them. */
final class Operators {
    /** As in life, but looking less often: each look is one more point at which to be killed, in the same state. */
    static final Timing FEWER_LOOKS = new Timing(
            Duration.ofSeconds(10),
            Timing.DEFAULT.reloadPoll(),
            Timing.DEFAULT.restart(),
            Timing.DEFAULT.settle(),
            Timing.DEFAULT.beat(),
            Timing.DEFAULT.trust(),
            Timing.DEFAULT.stale(),
            Timing.DEFAULT.operation(),
            Timing.DEFAULT.leaseMoves());

    private Operators() {}

    static EncryptionLifecycle on(FakeControlPlane plane) {
        return by(plane, plane.operator());
    }

    static EncryptionLifecycle by(FakeControlPlane plane, FakeOperator operator) {
        return with(plane, operator, operator.archive());
    }

    static EncryptionLifecycle with(FakeControlPlane plane, KeyArchive archive) {
        return with(plane, plane.operator(), archive);
    }

    static EncryptionLifecycle with(FakeControlPlane plane, FakeOperator operator, ApiServerProbe probe) {
        return with(plane, operator, operator.archive(), probe);
    }

    /** What the call failed with. */
    static Optional<RekeyException> attempt(EncryptionLifecycle lifecycle, Change change) {
        try {
            lifecycle.apply(change);
            return Optional.empty();
        } catch (RekeyException e) {
            return Optional.of(e);
        }
    }

    private static EncryptionLifecycle with(FakeControlPlane plane, FakeOperator operator, KeyArchive archive) {
        return with(plane, operator, archive, operator.probe());
    }

    private static EncryptionLifecycle with(
            FakeControlPlane plane, FakeOperator operator, KeyArchive archive, ApiServerProbe probe) {
        Map<String, NodeTransport> members = new TreeMap<>();
        plane.members().forEach(name -> members.put(name, operator.transport(name)));
        return EncryptionLifecycle.on(
                        members, new ClusterAccess(probe, operator.rewriter(), operator.kubeadm()), archive)
                .layout(plane.layout())
                .pace(operator.pace())
                .timing(FEWER_LOOKS)
                .build();
    }
}
