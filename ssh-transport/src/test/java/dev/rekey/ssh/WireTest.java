package dev.rekey.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A name with several addresses. */
@Timeout(30)
class WireTest {
    private static final InetAddress SILENT = address(2);
    private static final InetAddress GOOD = address(1);

    private static InetAddress address(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Until the kernel lets what comes wait without an answer, as a firewall does. */
    private static List<Socket> fill(int port) throws IOException {
        List<Socket> waiting = new ArrayList<>();
        while (true) {
            Socket next = new Socket();
            waiting.add(next);
            try {
                next.connect(new InetSocketAddress(SILENT, port), 300);
            } catch (SocketTimeoutException e) {
                return waiting;
            }
        }
    }

    @Test
    void theFirstAddressSaysNothing_theSecondIsTriedInTime() throws IOException {
        List<Socket> waiting = new ArrayList<>();
        try (ServerSocket good = new ServerSocket(0, 5, GOOD);
                ServerSocket silent = new ServerSocket(good.getLocalPort(), 1, SILENT)) {
            waiting.addAll(fill(silent.getLocalPort()));
            Attempt attempt = new Attempt(Duration.ofSeconds(4));
            Wire wire = new Wire(null, attempt, Duration.ofSeconds(4), new HandshakeTap());
            try (Socket made = wire.dial(new InetAddress[] {SILENT, GOOD}, good.getLocalPort())) {
                assertThat(made.getInetAddress()).isEqualTo(GOOD);
            }
        } finally {
            for (Socket each : waiting) {
                each.close();
            }
        }
    }
}
