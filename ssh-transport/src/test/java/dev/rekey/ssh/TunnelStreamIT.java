package dev.rekey.ssh;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.manifest.NodePath;
import dev.rekey.sshd.Link;
import dev.rekey.sshd.Peer;
import dev.rekey.sshd.TestSshd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bytes through a tunnel: none is lost on a slow reader, none is missed unnoticed where the link breaks. */
@Timeout(120)
class TunnelStreamIT {
    private static final int MUCH = 12 << 20;
    private static final NodePath PASSWD = NodePath.of("/etc/passwd");

    @AutoClose
    private static TestSshd host;

    @BeforeAll
    static void start() {
        host = TestSshd.config().sudoer("ops", "/bin/dash").start();
    }

    /** With less time than a session that waits for a reader has. */
    private static SshTransport through(int port) {
        return host.as("ops", port).operationTimeout(Duration.ofSeconds(6)).connect();
    }

    private static Socket open(SshTransport transport, Peer peer) throws IOException {
        Socket socket = transport.tunnel().createSocket("127.0.0.1", peer.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static byte[] noise() {
        byte[] bytes = new byte[MUCH];
        new Random(4).nextBytes(bytes);
        return bytes;
    }

    private static byte[] sha256(InputStream in) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] some = new byte[1_000];
        for (int n = in.read(some); n >= 0; n = in.read(some)) {
            digest.update(some, 0, n);
        }
        return digest.digest();
    }

    @Test
    void nobodyReadsASocket_othersGoOn_andItsReaderStillGetsEveryByte() throws Exception {
        byte[] sent = noise();
        byte[] expected = MessageDigest.getInstance("SHA-256").digest(sent);
        try (SshTransport transport = through(host.port());
                Peer source = Peer.that(socket -> socket.getOutputStream().write(sent));
                Peer echo = Peer.echo()) {
            List<Socket> idle = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                idle.add(open(transport, source));
            }
            assertThat(source.done().get(20, SECONDS)).isTrue();
            for (int i = 0; i < 20; i++) {
                assertThat(transport.read(PASSWD)).isPresent();
            }
            try (Socket other = open(transport, echo)) {
                other.getOutputStream().write('x');
                assertThat(other.getInputStream().read()).isEqualTo('x');
            }
            for (Socket socket : idle) {
                assertThat(sha256(socket.getInputStream())).isEqualTo(expected);
                socket.close();
            }
            assertThat(transport.read(PASSWD)).isPresent();
        }
    }

    @Test
    void aReaderFallsBehindTheLimit_itsSocketAloneEnds_andSaysSo() throws Exception {
        byte[] piece = new byte[1 << 20];
        try (SshTransport transport = through(host.port());
                Peer endless = Peer.that(socket -> {
                    while (true) {
                        socket.getOutputStream().write(piece);
                    }
                });
                Socket idle = open(transport, endless)) {
            assertThat(endless.done().get(60, SECONDS)).isFalse();
            assertThat(transport.read(PASSWD)).isPresent();
            int kept = 0;
            InputStream in = idle.getInputStream();
            while (kept < ChannelInput.LIMIT - (1 << 20)) {
                kept += in.readNBytes(1 << 16).length;
            }
            assertThatThrownBy(in::readAllBytes)
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("bytes lying");
            assertThatThrownBy(() -> idle.getOutputStream().write(1)).isInstanceOf(SocketException.class);
            assertThat(transport.read(PASSWD)).isPresent();
        }
    }

    @Test
    void weEndOurSide_theOtherSideStillAnswers() throws Exception {
        try (SshTransport transport = through(host.port());
                Peer counter = Peer.that(socket -> {
                    int count = socket.getInputStream().readAllBytes().length;
                    socket.getOutputStream().write(("got " + count).getBytes(StandardCharsets.US_ASCII));
                });
                Socket socket = open(transport, counter)) {
            socket.getOutputStream().write(new byte[300_000]);
            socket.shutdownOutput();
            assertThat(socket.isOutputShutdown()).isTrue();
            assertThat(socket.getInputStream().readAllBytes()).asString().isEqualTo("got 300000");
            assertThatThrownBy(() -> socket.getOutputStream().write(1)).isInstanceOf(SocketException.class);
            assertThatThrownBy(socket::shutdownOutput).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void theOtherSideEndsItsOwn_weStillWrite() throws Exception {
        CompletableFuture<Integer> got = new CompletableFuture<>();
        try (SshTransport transport = through(host.port());
                Peer sink = Peer.that(socket -> {
                    socket.getOutputStream().write('x');
                    socket.shutdownOutput();
                    got.complete(socket.getInputStream().readAllBytes().length);
                });
                Socket socket = open(transport, sink)) {
            assertThat(socket.getInputStream().readAllBytes()).asString().isEqualTo("x");
            for (int i = 0; i < 50; i++) {
                socket.getOutputStream().write(new byte[10_000]);
            }
            socket.shutdownOutput();
            assertThat(got.get(20, SECONDS)).isEqualTo(500_000);
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void weWantNoMore_theRestIsDropped_andWeStillWrite() throws Exception {
        CompletableFuture<Integer> got = new CompletableFuture<>();
        try (SshTransport transport = through(host.port());
                Peer talker = Peer.that(socket -> {
                    socket.getOutputStream().write(new byte[1 << 20]);
                    got.complete(socket.getInputStream().readAllBytes().length);
                });
                Socket socket = open(transport, talker)) {
            InputStream in = socket.getInputStream();
            socket.shutdownInput();
            assertThat(in.read()).isEqualTo(-1);
            socket.getOutputStream().write(new byte[1_000]);
            socket.shutdownOutput();
            assertThat(got.get(20, SECONDS)).isEqualTo(1_000);
        }
    }

    @Test
    void theLinkIsCut_readersAndWritersAreToldSo() throws Exception {
        try (Link link = Link.to(host.port());
                SshTransport transport = through(link.port());
                Peer echo = Peer.echo();
                Socket socket = open(transport, echo)) {
            socket.getOutputStream().write("whole".getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            assertThat(in.readNBytes(5)).asString().isEqualTo("whole");
            CompletableFuture<Throwable> waiting = failure(in::read);
            link.cut();
            assertThat(waiting.get(20, SECONDS))
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("the SSH connection to ops@127.0.0.1 was lost");
            assertThatThrownBy(in::read).isInstanceOf(SocketException.class).hasMessageContaining("was lost");
            assertThatThrownBy(() -> socket.getOutputStream().write(1))
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("was lost");
            assertThatThrownBy(socket::shutdownOutput).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void theLinkFreezes_readersAreToldSo() throws Exception {
        try (Link link = Link.to(host.port());
                SshTransport transport = through(link.port());
                Peer echo = Peer.echo();
                Socket socket = open(transport, echo)) {
            link.freeze();
            assertThatThrownBy(() -> socket.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("was lost");
        }
    }

    @Test
    void theLinkIsCut_behindACompleteAnswer_theAnswerStaysComplete() throws Exception {
        CompletableFuture<Boolean> cut = new CompletableFuture<>();
        try (Link link = Link.to(host.port());
                SshTransport transport = through(link.port());
                Peer answering = Peer.that(socket -> {
                    socket.getOutputStream().write("answer".getBytes(StandardCharsets.US_ASCII));
                    socket.shutdownOutput();
                    cut.join();
                });
                Socket socket = open(transport, answering)) {
            InputStream in = socket.getInputStream();
            assertThat(in.readAllBytes()).asString().isEqualTo("answer");
            link.cut();
            cut.complete(true);
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @Test
    void theLinkIsCut_inTheMiddle_whatCameIsRead_andThenTheLossIsTold() throws Exception {
        try (Link link = Link.to(host.port());
                SshTransport transport = through(link.port());
                Peer endless = Peer.that(socket -> {
                    while (true) {
                        socket.getOutputStream().write(new byte[1_000]);
                    }
                });
                Socket socket = open(transport, endless)) {
            InputStream in = socket.getInputStream();
            ByteArrayOutputStream read = new ByteArrayOutputStream();
            read.write(in.readNBytes(100_000));
            link.cut();
            assertThatThrownBy(() -> in.transferTo(read))
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("was lost");
            assertThat(read.size()).isGreaterThanOrEqualTo(100_000);
        }
    }

    @Test
    void theJumpHostIsLost_socketsThroughItAreToldSo() throws Exception {
        try (TestSshd jump = TestSshd.config().start();
                Link link = Link.to(jump.port());
                SshTransport transport =
                        host.as("ops").jump(jump.as("root", link.port())).connect();
                Peer echo = Peer.echo();
                Socket socket = open(transport, echo)) {
            link.cut();
            assertThatThrownBy(() -> socket.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("was lost");
        }
    }

    private interface Reading {
        int read() throws IOException;
    }

    private static CompletableFuture<Throwable> failure(Reading reading) {
        CompletableFuture<Throwable> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                result.completeExceptionally(new AssertionError("no failure, but " + reading.read()));
            } catch (IOException e) {
                result.complete(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return result;
    }
}
