package dev.rekey.lifecycle;

import dev.rekey.InvalidInputException;
import dev.rekey.RefusedException;
import dev.rekey.config.Rendered;
import dev.rekey.manifest.ApiServerManifest;
import dev.rekey.spi.ApiServerStatus;
import dev.rekey.spi.ClusterFacts.IdentityLease;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which apiservers live that are no member, from their identity Leases: only a renewTime that moves shows life, since the Lease of a
 * dead one stays for an hour (Kubernetes 1.26 and later).
 *
 * @param known identities that members report of themselves
 * @param anonymous members that report none: so many unknown Leases may be theirs
 * @param first the unknown Leases when first seen
 */
record LiveServers(Set<String> known, int anonymous, Map<String, IdentityLease> first) {

    static LiveServers firstSeen(Collection<ApiServerStatus> members, List<IdentityLease> leases) {
        Set<String> known = members.stream()
                .map(ApiServerStatus::identity)
                .filter(identity -> !identity.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
        Map<String, IdentityLease> unknown = new TreeMap<>();
        leases.stream()
                .filter(lease -> !known.contains(lease.identity()))
                .forEach(lease -> unknown.put(lease.name(), lease));
        return new LiveServers(known, members.size() - known.size(), unknown);
    }

    /** Whether every Lease can belong to a member, so that nothing has to be watched. */
    boolean allExplained() {
        return first.size() <= anonymous;
    }

    /** The hosts of strangers that have been seen to live between {@link #firstSeen} and {@code later}; empty as long as members may explain them. */
    List<String> strangers(List<IdentityLease> later) {
        List<String> moved = later.stream()
                .filter(lease -> !known.contains(lease.identity()))
                .filter(lease -> !first.containsKey(lease.name())
                        || !first.get(lease.name()).renewed().equals(lease.renewed()))
                .map(lease -> lease.host().isEmpty() ? lease.name() : lease.host())
                .sorted()
                .toList();
        return moved.size() <= anonymous ? List.of() : moved;
    }

    /**
     * Where there are no Leases (the feature gate APIServerIdentity is off): endpoints of {@code default/kubernetes} that no member
     * advertises. Empty where that does not tell: no endpoints either, or a manifest that leaves the address to the server.
     */
    static Optional<List<String>> byEndpoint(Collection<MemberObservation> members, List<String> endpoints) {
        Set<String> advertised = new TreeSet<>();
        for (MemberObservation member : members) {
            Optional<String> address = member.file(member.layout().manifest()).flatMap(LiveServers::advertised);
            if (address.isEmpty()) {
                return Optional.empty();
            }
            advertised.add(address.get());
        }
        if (endpoints.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(endpoints.stream()
                .filter(endpoint -> advertised.stream().noneMatch(address -> isAt(endpoint, address)))
                .toList());
    }

    private static boolean isAt(String endpoint, String address) {
        return endpoint.startsWith(address + ":") || endpoint.startsWith("[" + address + "]:");
    }

    private static Optional<String> advertised(Rendered manifest) {
        try {
            return ApiServerManifest.parse(new String(manifest.exposeBytes(), StandardCharsets.UTF_8))
                    .flag("advertise-address");
        } catch (InvalidInputException | RefusedException e) {
            return Optional.empty();
        }
    }
}
