package dev.rekey.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.rekey.RefusedException;
import dev.rekey.RekeyException;
import dev.rekey.spi.ApiServerProbe;
import dev.rekey.spi.ClusterAccess;
import dev.rekey.spi.KeyArchive;
import dev.rekey.spi.NodeTransport;
import dev.rekey.testing.FakeControlPlane;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Plugs that break their contract: what they throw may hold anything, and a pipeline's closure throws an Error. */
class BrokenPlugsTest {
    private static final String SECRET = "c2VjcmV0LWtleS1ieXRlcw==";

    @Test
    void whatATransportThrowsAgainstItsContract_comesOutWithoutItsText() {
        FakeControlPlane plane = FakeControlPlane.withMembers(1);
        NodeTransport transport = mock(NodeTransport.class);
        when(transport.read(any())).thenThrow(new IllegalStateException(SECRET));
        assertThatThrownBy(() -> lifecycle(plane, transport, plane.probe(), plane.archive())
                        .apply(Change.enable()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("cp1")
                .hasMessageContaining("IllegalStateException")
                .hasMessageContaining("@NonCPS")
                .satisfies(BrokenPlugsTest::holdsNoSecret);
    }

    @Test
    void anErrorOfAProbe_isNoEndOfTheWorld() {
        FakeControlPlane plane = FakeControlPlane.withMembers(1);
        ApiServerProbe probe = mock(ApiServerProbe.class);
        when(probe.probe(any())).thenThrow(new AssertionError(SECRET));
        assertThatThrownBy(() -> lifecycle(plane, plane.transport("cp1"), probe, plane.archive())
                        .apply(Change.enable()))
                .isInstanceOf(RekeyException.class)
                .satisfies(BrokenPlugsTest::holdsNoSecret);
    }

    @Test
    void anArchiveThatFails_letsNoKeyReachAMember() {
        FakeControlPlane plane = States.plain(3);
        KeyArchive archive = keys -> {
            throw new IllegalStateException(SECRET);
        };
        assertThatThrownBy(() -> Operators.with(plane, archive).apply(Change.enable()))
                .isInstanceOf(RekeyException.class)
                .satisfies(BrokenPlugsTest::holdsNoSecret);
        plane.members()
                .forEach(name -> assertThat(plane.member(name).files().keySet())
                        .noneMatch(path -> path.value().contains("encryption")
                                || path.value().contains("rekey")));
    }

    private static void holdsNoSecret(Throwable thrown) {
        assertThat(new IllegalStateException(SECRET).toString()).as("control").contains(SECRET);
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            assertThat(cause.toString()).doesNotContain(SECRET);
        }
    }

    private static EncryptionLifecycle lifecycle(
            FakeControlPlane plane, NodeTransport transport, ApiServerProbe probe, KeyArchive archive) {
        return EncryptionLifecycle.on(
                        Map.of("cp1", transport), new ClusterAccess(probe, plane.rewriter(), plane.kubeadm()), archive)
                .pace(plane.pace())
                .build();
    }
}
