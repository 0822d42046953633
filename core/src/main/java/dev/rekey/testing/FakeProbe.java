package dev.rekey.testing;

import dev.rekey.NodeException;
import dev.rekey.config.Rendered;
import dev.rekey.spi.ApiServerProbe;
import dev.rekey.spi.ApiServerStatus;
import dev.rekey.spi.ApiServerStatus.Health;
import dev.rekey.spi.ApiServerStatus.Loaded;
import dev.rekey.spi.ClusterFacts;
import dev.rekey.spi.ClusterFacts.IdentityLease;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Says what the apiservers would say, and no more than they would. */
final class FakeProbe implements ApiServerProbe {
    private static final long MILLIS = 5;
    private static final long RENEWAL_MILLIS = 10_000;
    private static final long LEASE_KEPT_MILLIS = 3_600_000;

    private final World world;
    private final FakeOperator operator;

    FakeProbe(World world, FakeOperator operator) {
        this.world = world;
        this.operator = operator;
    }

    @Override
    public ApiServerStatus probe(String member) {
        return operator.look(MILLIS, () -> status(world.member(member)));
    }

    private ApiServerStatus status(FakeMember member) {
        if (member.suffers(Fault.APISERVER_UNREACHABLE)) {
            return ApiServerStatus.unreachable("no answer in time");
        }
        ApiServer process = member.kubelet().process();
        if (process == null || !process.listens()) {
            return ApiServerStatus.unreachable("connection refused");
        }
        boolean ready = process.ready();
        List<String> failedKms = List.copyOf(process.failedKms());
        String problem = ready ? "" : failedKms.isEmpty() ? "not ready: informer-sync" : "not ready: kms-providers";
        boolean tellsHash = world.server.capabilities().configurationHash();
        return new ApiServerStatus(
                ready ? Health.READY : Health.NOT_READY,
                problem,
                world.server.version().toString(),
                tellsHash ? identity(member.lease()) : "",
                tellsHash ? member.loaded() : Loaded.UNKNOWN,
                member.at(member.kubelet().lastStart()),
                failedKms);
    }

    @Override
    public ClusterFacts cluster() {
        return operator.look(MILLIS, () -> {
            if (world.anyAnswering().isEmpty()) {
                throw new NodeException("no apiserver answers, so nothing is known of the cluster as a whole;"
                        + " nothing was changed. Make the same call again when one does");
            }
            return new ClusterFacts(world.uid, world.etcd.revision(), leases(), endpoints());
        });
    }

    @Override
    public List<String> missingRights(List<String> rules) {
        return operator.look(MILLIS, () -> List.copyOf(world.missingRights));
    }

    /** Holds nothing. */
    @Override
    public void close() {}

    private List<IdentityLease> leases() {
        List<IdentityLease> leases = new ArrayList<>();
        for (FakeMember member : world.members.values()) {
            if (member.kubelet().lastServed() >= 0) {
                addLease(member.name(), member.at(0), member.kubelet().lastServed(), leases);
            }
        }
        for (World.ForeignLease foreign : world.leases) {
            addLease(foreign.host(), world.begin(), foreign.alive() ? world.time.now() : foreign.since(), leases);
        }
        return leases;
    }

    /** Renewed each 10 s until the apiserver ends, and collected an hour later. */
    private void addLease(String host, Instant zero, long lastServed, List<IdentityLease> leases) {
        if (world.time.now() - lastServed < LEASE_KEPT_MILLIS) {
            String name = FakeMember.leaseOf(host);
            long phase = Math.floorMod(host.hashCode(), RENEWAL_MILLIS);
            Instant renewed = zero.plusMillis(lastServed - Math.floorMod(lastServed - phase, RENEWAL_MILLIS));
            leases.add(new IdentityLease(name, identity(name), host, renewed));
        }
    }

    private List<String> endpoints() {
        return world.members.values().stream()
                .filter(FakeMember::ready)
                .map(FakeMember::address)
                .toList();
    }

    private static String identity(String lease) {
        return "sha256:" + Rendered.sha256(lease.getBytes(StandardCharsets.UTF_8));
    }
}
