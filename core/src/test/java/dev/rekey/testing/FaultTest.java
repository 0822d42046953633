package dev.rekey.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.NodeException;
import dev.rekey.manifest.NodePath;
import dev.rekey.spi.ApiServerStatus.Health;
import dev.rekey.spi.KubeadmConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultTest {
    private final FakeControlPlane plane = FakeControlPlane.withMembers(3);

    @Test
    void aSlowTransportAnswersAfter25SecondsOnce() {
        plane.member("cp1").once(Fault.TRANSPORT_SLOW);
        plane.transport("cp1").read(NodePath.of("/etc/hosts"));
        assertThat(plane.elapsed()).isBetween(Duration.ofSeconds(25), Duration.ofSeconds(26));

        plane.transport("cp1").read(NodePath.of("/etc/hosts"));

        assertThat(plane.elapsed()).isLessThan(Duration.ofSeconds(26));
    }

    @Test
    void anUnreachableApiserverServesItsOtherClientsAndTheRewriterGoesRoundIt() {
        List<FakeObject> secrets = plane.createSecrets(3);
        plane.member("cp2").always(Fault.APISERVER_UNREACHABLE);

        assertThat(plane.probe().probe("cp2").health()).isEqualTo(Health.UNREACHABLE);
        assertThat(plane.member("cp2").read(secrets.get(0)).ok()).isTrue();
        assertThat(plane.rewriter()
                        .rewrite(List.of("secrets"), (resource, counts) -> {})
                        .counts()
                        .current())
                .isEqualTo(3);
    }

    @Test
    void kubeadmsConfigurationIsReplacedAlthoughTheAnswerIsLost() {
        plane.members().forEach(member -> plane.member(member).once(Fault.KUBEADM_ANSWER_LOST));
        KubeadmConfig.Document read = plane.kubeadm().read().orElseThrow();

        assertThatThrownBy(() -> plane.kubeadm().replace(read, "mine")).isInstanceOf(NodeException.class);

        assertThat(plane.kubeadmText()).isEqualTo("mine");
    }

    @Test
    void aFaultCanBeSetFromAWatcherForWhatComesNext() {
        plane.onChange(change -> {
            if (change.equals("sleep PT1S")) {
                plane.member("cp1").once(Fault.TRANSPORT_DOWN);
            }
        });
        plane.pace().sleep(Duration.ofSeconds(1));

        assertThatThrownBy(() -> plane.transport("cp1").list(NodePath.of("/etc")))
                .isInstanceOf(NodeException.class);
        assertThat(plane.transport("cp1").list(NodePath.of("/etc"))).containsExactly("kubernetes", "ssl");
    }

    @Test
    void watchersSeeWhatComesWithTime() {
        List<String> seen = new ArrayList<>();
        plane.onChange(change -> seen.add(plane.elapsed() + " " + change));
        plane.member("cp3").once(Fault.APISERVER_DOES_NOT_START);

        plane.member("cp3").restart();
        plane.passTime(Duration.ofMinutes(1));

        assertThat(seen)
                .containsExactly(
                        "PT0S cp3 did not start its apiserver",
                        "PT10S cp3 started its apiserver",
                        "PT15S cp3 is ready");
    }
}
