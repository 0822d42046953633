package dev.rekey.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.RefusedException;
import dev.rekey.config.Rendered;
import dev.rekey.manifest.NodeLayout;
import dev.rekey.spi.ApiServerProbe;
import dev.rekey.spi.ApiServerStatus;
import dev.rekey.spi.ApiServerStatus.Health;
import dev.rekey.spi.ApiServerStatus.Loaded;
import dev.rekey.spi.ClusterFacts;
import dev.rekey.spi.ClusterFacts.IdentityLease;
import dev.rekey.testing.FakeControlPlane;
import dev.rekey.testing.FakeOperator;
import dev.rekey.testing.Fault;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class LiveServersTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant T1 = T0.plusSeconds(10);

    @Test
    void aLeaseThatMovesAndIsNoMembersOne_isAStranger() {
        LiveServers servers =
                LiveServers.firstSeen(List.of(member("id-1")), List.of(lease("a", "id-1", T0), lease("b", "id-2", T0)));
        assertThat(servers.allExplained()).isFalse();
        assertThat(servers.strangers(List.of(lease("a", "id-1", T1), lease("b", "id-2", T1))))
                .containsExactly("host-b");
    }

    @Test
    void aLeaseThatDoesNotMove_isADeadOne() {
        LiveServers servers =
                LiveServers.firstSeen(List.of(member("id-1")), List.of(lease("a", "id-1", T0), lease("b", "id-2", T0)));
        assertThat(servers.strangers(List.of(lease("a", "id-1", T1), lease("b", "id-2", T0))))
                .isEmpty();
    }

    @Test
    void membersThatTellNoIdentity_explainAsManyLeases() {
        LiveServers servers = LiveServers.firstSeen(
                List.of(member(""), member("")), List.of(lease("a", "id-1", T0), lease("b", "id-2", T0)));
        assertThat(servers.allExplained()).isTrue();
        LiveServers three = LiveServers.firstSeen(
                List.of(member(""), member("")),
                List.of(lease("a", "id-1", T0), lease("b", "id-2", T0), lease("c", "id-3", T0)));
        assertThat(three.allExplained()).isFalse();
        assertThat(three.strangers(List.of(lease("a", "id-1", T1), lease("b", "id-2", T1), lease("c", "id-3", T1))))
                .hasSize(3);
    }

    @Test
    void withoutLeases_anEndpointThatNoMemberAdvertisesIsAStranger() {
        MemberObservation member = observation("    - --advertise-address=10.0.0.1\n");
        assertThat(LiveServers.byEndpoint(List.of(member), List.of("10.0.0.1:6443", "10.0.0.11:6443")))
                .hasValue(List.of("10.0.0.11:6443"));
        assertThat(LiveServers.byEndpoint(List.of(member), List.of("10.0.0.1:6443")))
                .hasValue(List.of());
        assertThat(LiveServers.byEndpoint(List.of(member), List.of())).isEmpty();
        assertThat(LiveServers.byEndpoint(List.of(observation("")), List.of("10.0.0.1:6443", "10.0.0.11:6443")))
                .as("an address left to the server proves nothing")
                .isEmpty();
    }

    @Test
    void aLiveStranger_isRefusedBeforeAnythingChanges() {
        FakeControlPlane plane = States.plain(2);
        plane.addLease("cp9", true);
        int operations = plane.operations().size();
        Assertions.assertThatThrownBy(() -> Operators.on(plane).apply(Change.enable()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("cp9");
        assertThat(plane.operations().subList(operations, plane.operations().size()))
                .allMatch(operation -> operation.startsWith("sleep"));
    }

    @Test
    void withoutLeases_theEndpointOfAStrangerIsRefused_andThoseOfMembersAreNot() {
        FakeControlPlane plane = States.plain(2);
        assertThat(withoutLeases(plane, own -> own).plan(Change.enable()).isEmpty())
                .isFalse();
        Assertions.assertThatThrownBy(() -> withoutLeases(
                                plane,
                                own -> Stream.concat(own.stream(), Stream.of("10.99.0.9:6443"))
                                        .toList())
                        .plan(Change.enable()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("10.99.0.9:6443");
    }

    @Test
    void whereNeitherLeasesNorEndpointsTell_theMembersAreSaidToBeAsserted() {
        FakeControlPlane plane = States.plain(2);
        EncryptionLifecycle blind = withoutLeases(plane, own -> List.of());
        for (Report report : List.of(blind.apply(Change.enable()), blind.apply(Change.enable()))) {
            assertThat(report.describe()).contains(ClusterObservation.ASSERTED);
            assertThat(report.toMap()).containsEntry("membership", "asserted");
        }
        assertThat(blind.status().describe()).contains(ClusterObservation.ASSERTED);
        assertThat(blind.status().toMap()).containsEntry("membership", "asserted");

        for (EncryptionLifecycle seeing : List.of(Operators.on(plane), withoutLeases(plane, own -> own))) {
            Report report = seeing.apply(Change.rotate());
            assertThat(report.describe()).doesNotContain("asserted");
            assertThat(report.toMap()).containsEntry("membership", "proved");
            assertThat(seeing.status().describe()).doesNotContain("asserted");
            assertThat(seeing.status().toMap()).containsEntry("membership", "proved");
        }
    }

    @Test
    void leasesThatCannotBeWatchedToTheEnd_proveNothing() {
        FakeControlPlane plane = States.plain(2);
        plane.addLease("cp9", true);
        plane.onChange(change -> {
            if (change.startsWith("sleep")) {
                plane.members().forEach(name -> plane.member(name).always(Fault.APISERVER_UNREACHABLE));
            }
        });
        Assertions.assertThatThrownBy(() -> Operators.on(plane).plan(Change.enable()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("no apiserver answers");
    }

    @Test
    void theLeaseOfADeadStranger_stopsNothing() {
        FakeControlPlane plane = States.plain(2);
        plane.addLease("cp9", false);
        Operators.on(plane).apply(Change.enable());
        assertThat(Operators.on(plane).status().proof()).isEqualTo("settled");
    }

    /** A cluster whose feature gate APIServerIdentity is off. */
    private static EncryptionLifecycle withoutLeases(FakeControlPlane plane, UnaryOperator<List<String>> endpoints) {
        FakeOperator operator = plane.operator();
        ApiServerProbe probe = operator.probe();
        ApiServerProbe blind = new ApiServerProbe() {
            @Override
            public ApiServerStatus probe(String member) {
                return probe.probe(member);
            }

            @Override
            public ClusterFacts cluster() {
                ClusterFacts facts = probe.cluster();
                return new ClusterFacts(facts.uid(), facts.revision(), List.of(), endpoints.apply(facts.endpoints()));
            }

            @Override
            public List<String> missingRights(List<String> rules) {
                return probe.missingRights(rules);
            }

            @Override
            public void close() {
                probe.close();
            }
        };
        return Operators.with(plane, operator, blind);
    }

    private static MemberObservation observation(String flag) {
        String manifest =
                "apiVersion: v1\nkind: Pod\nmetadata:\n  name: kube-apiserver\n  namespace: kube-system\nspec:\n"
                        + "  containers:\n  - name: kube-apiserver\n    command:\n    - kube-apiserver\n" + flag;
        NodeLayout layout = NodeLayout.DEFAULT;
        return new MemberObservation(
                "cp1",
                layout,
                Map.of(layout.manifest(), Rendered.of(manifest)),
                Map.of(),
                List.of(),
                List.of(),
                member("id-1"));
    }

    private static ApiServerStatus member(String identity) {
        return new ApiServerStatus(Health.READY, "", "v1.36.3", identity, Loaded.NONE, T0, List.of());
    }

    private static IdentityLease lease(String name, String identity, Instant renewed) {
        return new IdentityLease(name, identity, "host-" + name, renewed);
    }
}
