package dev.rekey.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.InvalidInputException;
import dev.rekey.manifest.NodePath;
import dev.rekey.spi.ApiServerStatus;
import dev.rekey.spi.ApiServerStatus.Health;
import dev.rekey.spi.LocalTransport;
import dev.rekey.spi.TunnelCapable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.SocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Apiservers that only their hosts reach: every connection is one of the member's tunnel. */
class TunnelTest {
    private static final URI SEEN_FROM_THE_HOST = URI.create("http://apiserver.known.to.the.host.only:6443");

    private final FakeApiServer one = new FakeApiServer();
    private final FakeApiServer two = new FakeApiServer();

    @TempDir
    private Path directory;

    @BeforeEach
    void answer() {
        one.always("GET", "/version", r -> Answers.json(200, "{'gitVersion':'v1.36.1'}"));
        two.always("GET", "/version", r -> Answers.json(200, "{'gitVersion':'v1.36.2'}"));
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
    }

    /** Leads to a server whatever is asked for, which it keeps. */
    private static class Recorded extends SocketFactory implements TunnelCapable {
        private final List<String> dialled = new CopyOnWriteArrayList<>();
        private final URI server;

        Recorded(FakeApiServer server) {
            this.server = server.url();
        }

        @Override
        public SocketFactory tunnel() {
            return this;
        }

        @Override
        public Socket createSocket() {
            return new Socket() {
                @Override
                public void connect(SocketAddress endpoint, int timeout) throws IOException {
                    InetSocketAddress asked = (InetSocketAddress) endpoint;
                    dialled.add(asked.getHostString() + ":" + asked.getPort());
                    super.connect(new InetSocketAddress(server.getHost(), server.getPort()), timeout);
                }
            };
        }

        @Override
        public Socket createSocket(String host, int port) {
            throw new AssertionError("connects without a time limit");
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
            throw new AssertionError("connects without a time limit");
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            throw new AssertionError("connects without a time limit");
        }

        @Override
        public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
            throw new AssertionError("connects without a time limit");
        }
    }

    private KubernetesAccess access() {
        return KubernetesAccess.fromKubeconfig(
                TestServers.kubeconfig(directory, URI.create("http://192.0.2.1:6443"), "token: t0"));
    }

    @Test
    void eachMemberIsAskedThroughItsOwnTunnel_byTheNameThatItsHostKnows() {
        Recorded first = new Recorded(one);
        Recorded second = new Recorded(two);
        try (KubernetesAccess access = access().member("cp1", SEEN_FROM_THE_HOST, first)
                .member("cp2", SEEN_FROM_THE_HOST, "kubernetes", second)) {
            assertThat(access.probe().probe("cp1").version()).isEqualTo("v1.36.1");
            assertThat(access.probe().probe("cp2").version()).isEqualTo("v1.36.2");
        }
        assertThat(first.dialled).isNotEmpty().containsOnly("apiserver.known.to.the.host.only:6443");
        assertThat(second.dialled).isNotEmpty().containsOnly("apiserver.known.to.the.host.only:6443");
    }

    @ParameterizedTest
    @CsvSource({"http://127.0.0.1:6443, 127.0.0.1:6443", "http://[fd00::1]:6443, fd00:0:0:0:0:0:0:1:6443"})
    void anAddress_goesToTheTunnelAsItIs(URI address, String dialled) {
        Recorded tunnel = new Recorded(one);
        try (KubernetesAccess access = access().member("cp1", address, tunnel)) {
            assertThat(access.probe().probe("cp1").version()).isEqualTo("v1.36.1");
        }
        assertThat(tunnel.dialled).containsOnly(dialled);
    }

    @Test
    void oneTunnelToOneAddressForTwoMembers_isRefused() {
        Recorded tunnel = new Recorded(one);
        try (KubernetesAccess access = access().member("cp1", SEEN_FROM_THE_HOST, tunnel)) {
            assertThatThrownBy(() -> access.member("cp2", SEEN_FROM_THE_HOST, tunnel))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("cp2");
        }
    }

    @Test
    void aTunnelThatIsRefused_isToldInTheTunnelsWords() {
        Recorded tunnel = new Recorded(one) {
            @Override
            public Socket createSocket() {
                return new Socket() {
                    @Override
                    public void connect(SocketAddress endpoint, int timeout) throws IOException {
                        throw new ConnectException("host ops@cp1 forbids forwarding: set AllowTcpForwarding local");
                    }
                };
            }
        };
        try (KubernetesAccess access = access().member("cp1", SEEN_FROM_THE_HOST, tunnel)) {
            ApiServerStatus status = access.probe().probe("cp1");
            assertThat(status.health()).isEqualTo(Health.UNREACHABLE);
            assertThat(status.problem())
                    .contains("cp1 at " + SEEN_FROM_THE_HOST + " through its tunnel")
                    .contains("AllowTcpForwarding local");
        }
    }

    @Test
    void theKubeconfigOfAMember_isReadThere() {
        Path file = TestServers.kubeconfig(directory, URI.create("http://192.0.2.1:6443"), "token: t0");
        try (LocalTransport transport = new LocalTransport();
                KubernetesAccess access = KubernetesAccess.fromKubeconfig(transport, NodePath.of(file.toString()))
                        .member("cp1", SEEN_FROM_THE_HOST, new Recorded(one))) {
            assertThat(access.probe().probe("cp1").version()).isEqualTo("v1.36.1");
        }
        assertThat(one.authorizations()).containsOnly("Bearer t0");
    }

    @ParameterizedTest
    @CsvSource({
        "tokenFile: id, tokenFile",
        "'client-certificate: a.crt, client-key: a.key', client-certificate",
        "'exec: {command: /bin/true, apiVersion: client.authentication.k8s.io/v1}', exec"
    })
    void aKubeconfigOfAMemberThatNamesFilesOrACommand_isRefused(String user, String field) {
        Path file = TestServers.kubeconfig(directory, URI.create("http://192.0.2.1:6443"), user);
        TestServers.write(directory.resolve("id"), "t0");
        try (LocalTransport transport = new LocalTransport()) {
            assertThatThrownBy(() -> KubernetesAccess.fromKubeconfig(transport, NodePath.of(file.toString())))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining(file + " of a member")
                    .hasMessageContaining(field + ", which is not here");
        }
    }

    @Test
    void noKubeconfigOnAMember_isSaid() {
        try (LocalTransport transport = new LocalTransport()) {
            assertThatThrownBy(() -> KubernetesAccess.fromKubeconfig(transport, NodePath.of(directory + "/absent")))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("there is no such file");
        }
    }
}
