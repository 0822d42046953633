package dev.rekey.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.manifest.NodePath;
import dev.rekey.sshd.Link;
import dev.rekey.sshd.Shell;
import dev.rekey.sshd.TestSshd;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sockets that the host dials. */
class SshTunnelIT {
    @AutoClose
    private static TestSshd host;

    private SshTransport transport;
    private ServerSocket echo;

    @BeforeAll
    static void start() {
        host = TestSshd.config().sudoer("ops", "/bin/dash").start();
    }

    @BeforeEach
    void connect() throws IOException {
        transport = host.as("ops").connect();
        echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread accepting = new Thread(this::serve, "echo");
        accepting.setDaemon(true);
        accepting.start();
    }

    @AfterEach
    void close() throws IOException {
        transport.close();
        echo.close();
    }

    private void serve() {
        while (!echo.isClosed()) {
            try {
                Socket socket = echo.accept();
                Thread thread = new Thread(
                        () -> {
                            try (socket) {
                                socket.getInputStream().transferTo(socket.getOutputStream());
                            } catch (IOException e) {
                                return;
                            }
                        },
                        "echo");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                return;
            }
        }
    }

    @Test
    void manySocketsAtOnce_carryTheirOwnBytes() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(12);
        try {
            List<Future<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                int seed = i;
                all.add(threads.submit(() -> carries(seed)));
            }
            for (Future<Boolean> each : all) {
                assertThat(each.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(transport.read(NodePath.of("/etc/passwd"))).isPresent();
    }

    private boolean carries(int seed) throws Exception {
        byte[] sent = new byte[1 << 20];
        new Random(seed).nextBytes(sent);
        try (Socket socket = transport.tunnel().createSocket()) {
            socket.setSoTimeout(20_000);
            socket.connect(new InetSocketAddress("127.0.0.1", echo.getLocalPort()), 5_000);
            Thread writer = new Thread(() -> {
                try {
                    OutputStream out = socket.getOutputStream();
                    out.write(sent);
                    socket.shutdownOutput();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            writer.start();
            byte[] back = socket.getInputStream().readAllBytes();
            writer.join();
            return Arrays.equals(sent, back);
        }
    }

    @Test
    void aSocket_keepsItsReadTimeout_andKnowsItsState() throws IOException {
        Socket socket = transport.tunnel().createSocket("localhost", echo.getLocalPort());
        assertThat(socket.isConnected()).isTrue();
        socket.setSoTimeout(200);
        assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        socket.getOutputStream().write("x".getBytes(StandardCharsets.US_ASCII));
        assertThat(socket.getInputStream().read()).isEqualTo('x');
        socket.close();
        assertThat(socket.isClosed()).isTrue();
        assertThatThrownBy(socket::getInputStream).isInstanceOf(SocketException.class);
    }

    @Test
    void tlsRunsOverIt(@TempDir Path directory) throws Exception {
        Path store = directory.resolve("store.p12");
        Shell.run(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=kubernetes",
                "-ext",
                "SAN=dns:kubernetes",
                "-storepass",
                "changeit",
                "-keystore",
                store.toString());
        KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
        KeyManagerFactory own = KeyManagerFactory.getInstance("SunX509");
        own.init(keys, "changeit".toCharArray());
        TrustManagerFactory trusted = TrustManagerFactory.getInstance("PKIX");
        trusted.init(keys);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
        try (ServerSocket server =
                context.getServerSocketFactory().createServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread answering = new Thread(() -> {
                try (Socket socket = server.accept()) {
                    socket.getOutputStream().write(socket.getInputStream().read() + 1);
                } catch (IOException e) {
                    return;
                }
            });
            answering.setDaemon(true);
            answering.start();
            Socket plain = transport.tunnel().createSocket("127.0.0.1", server.getLocalPort());
            try (SSLSocket secure = (SSLSocket)
                    context.getSocketFactory().createSocket(plain, "kubernetes", server.getLocalPort(), true)) {
                SSLParameters checked = secure.getSSLParameters();
                checked.setEndpointIdentificationAlgorithm("HTTPS");
                secure.setSSLParameters(checked);
                secure.setSoTimeout(10_000);
                secure.getOutputStream().write(41);
                assertThat(secure.getInputStream().read()).isEqualTo(42);
            }
            assertThat(plain.isClosed()).isTrue();
        }
    }

    @Test
    void nobodyThere_isAConnectException() throws IOException {
        int free = TestSshd.freePort();
        assertThatThrownBy(() -> transport.tunnel().createSocket("127.0.0.1", free))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("could not connect to 127.0.0.1:" + free);
    }

    @Test
    void nobodyAnswersTheHost_isATimeout_andFilesGoOn() throws IOException {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<Socket> waiting = new ArrayList<>();
            try {
                while (fill(full.getLocalPort(), waiting)) {
                    assertThat(waiting).hasSizeLessThan(20);
                }
                Socket socket = transport.tunnel().createSocket();
                assertThatThrownBy(() -> socket.connect(new InetSocketAddress("127.0.0.1", full.getLocalPort()), 1_000))
                        .isInstanceOf(SocketTimeoutException.class)
                        .hasMessageContaining("host ops@127.0.0.1:" + host.port())
                        .hasMessageContaining("127.0.0.1:" + full.getLocalPort());
                assertThat(transport.read(NodePath.of("/etc/passwd"))).isPresent();
            } finally {
                for (Socket each : waiting) {
                    each.close();
                }
            }
        }
    }

    /** The kernel answers nobody once nobody is accepted and the queue is full. */
    private static boolean fill(int port, List<Socket> waiting) throws IOException {
        Socket one = new Socket();
        waiting.add(one);
        try {
            one.connect(new InetSocketAddress("127.0.0.1", port), 500);
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    @Test
    void theHostItselfDoesNotAnswer_isATimeout() throws IOException {
        try (Link link = Link.to(host.port());
                SshTransport there = host.as("ops", link.port()).connect()) {
            link.freeze();
            Socket socket = there.tunnel().createSocket();
            assertThatThrownBy(() -> socket.connect(new InetSocketAddress("127.0.0.1", echo.getLocalPort()), 1_000))
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessageContaining("host ops@127.0.0.1:" + link.port())
                    .hasMessageContaining("127.0.0.1:" + echo.getLocalPort());
        }
    }

    @Test
    void aHostThatForbidsForwarding_isNamed() {
        try (TestSshd closed = TestSshd.config().line("AllowTcpForwarding no").start();
                SshTransport there = closed.as("root").connect()) {
            assertThatThrownBy(() -> there.tunnel().createSocket("127.0.0.1", echo.getLocalPort()))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("AllowTcpForwarding local");
        }
    }

    @Test
    void theTransportCloses_itsSocketsEnd() throws Exception {
        Socket socket = transport.tunnel().createSocket("127.0.0.1", echo.getLocalPort());
        Future<Integer> read = Executors.newSingleThreadExecutor(task -> {
                    Thread thread = new Thread(task);
                    thread.setDaemon(true);
                    return thread;
                })
                .submit(() -> socket.getInputStream().read());
        transport.close();
        assertThatThrownBy(read::get).cause().isInstanceOf(SocketException.class);
        assertThatThrownBy(() -> transport.tunnel().createSocket("127.0.0.1", 1))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("to 127.0.0.1:1:")
                .hasMessageContaining("is closed");
    }
}
