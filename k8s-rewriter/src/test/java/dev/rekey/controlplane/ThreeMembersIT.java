package dev.rekey.controlplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Three real apiservers on one etcd. */
class ThreeMembersIT {
    private static final Map<String, byte[]> DATA = Map.of("word", "value".getBytes(UTF_8));

    @AutoClose
    private static RealControlPlane controlPlane;

    @BeforeAll
    static void startThreeMembers() {
        controlPlane = RealControlPlane.start(3);
    }

    @Test
    void aSecretMadeThroughOne_isReadThroughEach() {
        controlPlane.createSecret("default", "shared", DATA, false);

        for (ControlPlaneMember member : controlPlane.members()) {
            assertThat(controlPlane.readSecret(member.name(), "default", "shared"))
                    .as(member.name())
                    .hasValueSatisfying(data -> assertThat(data).containsOnly(Map.entry("word", DATA.get("word"))));
        }
    }

    @Test
    void eachMember_hasAnIdentityLeaseUnderItsName() {
        assumeTrue(controlPlane.identitiesAreSeparate(), "this user cannot give a process a host name of its own");
        String leases = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases"
                + "?labelSelector=apiserver.kubernetes.io%2Fidentity%3Dkube-apiserver";

        Eventually.within(Duration.ofSeconds(30), "three Leases", () -> {
            Set<String> hosts = new TreeSet<>();
            for (JsonElement lease : json(leases).getAsJsonArray("items")) {
                hosts.add(lease.getAsJsonObject()
                        .getAsJsonObject("metadata")
                        .getAsJsonObject("labels")
                        .get("kubernetes.io/hostname")
                        .getAsString());
            }
            return hosts.equals(Set.of("cp1", "cp2", "cp3"));
        });
    }

    @Test
    void eachMember_isAnEndpointOfTheService() {
        Eventually.within(Duration.ofSeconds(60), "three endpoints", () -> {
            Set<String> addresses = new TreeSet<>();
            for (JsonElement subset :
                    json("/api/v1/namespaces/default/endpoints/kubernetes").getAsJsonArray("subsets")) {
                for (JsonElement address : subset.getAsJsonObject().getAsJsonArray("addresses")) {
                    addresses.add(address.getAsJsonObject().get("ip").getAsString());
                }
            }
            return addresses.equals(Set.of("192.0.2.1", "192.0.2.2", "192.0.2.3"));
        });
    }

    @Test
    void aRestartedMember_comesBackWhileTheOthersServe() {
        controlPlane.member("cp2").host().stopApiServer();
        assertThat(controlPlane.member("cp2").api().isReady()).isFalse();
        assertThat(controlPlane.member("cp1").api().isReady()).isTrue();
        assertThat(controlPlane.member("cp3").api().isReady()).isTrue();

        controlPlane.member("cp2").host().startApiServer();

        controlPlane.waitReady("cp2");
        controlPlane.member("cp2").host().restart();
        controlPlane.waitReady("cp2");
    }

    @Test
    void aRestoredSnapshot_holdsWhatWasThereThen() {
        controlPlane.createSecret("default", "early", DATA, false);
        EtcdSnapshot snapshot = controlPlane.etcd().snapshot();
        controlPlane.createSecret("default", "late", DATA, false);
        controlPlane.deleteSecret("default", "early");

        controlPlane.restore(snapshot);

        for (ControlPlaneMember member : controlPlane.members()) {
            assertThat(member.api().readSecret("default", "early"))
                    .as(member.name())
                    .isPresent();
            assertThat(member.api().readSecret("default", "late"))
                    .as(member.name())
                    .isEmpty();
        }
    }

    @Test
    void bytesPutPastTheApiserver_areFoundAgain() {
        for (int number = 0; number < 250; number++) {
            controlPlane.etcd().put("/test/paged/" + number, new byte[] {(byte) number});
        }
        controlPlane.etcd().delete("/test/paged/7");

        Map<String, byte[]> found = controlPlane.etcd().range("/test/paged/");

        assertThat(found).hasSize(249).doesNotContainKey("/test/paged/7");
        assertThat(found.get("/test/paged/249")).containsExactly(249);
        assertThat(controlPlane.etcd().get("/test/paged/7")).isEmpty();
    }

    private static JsonObject json(String path) {
        return JsonParser.parseString(controlPlane.member("cp1").api().get(path).body())
                .getAsJsonObject();
    }
}
