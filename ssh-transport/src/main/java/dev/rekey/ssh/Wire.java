package dev.rekey.ssh;

import com.jcraft.jsch.SocketFactory;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The socket under one session. JSch's disconnect waits for a lock that a stuck write holds, so cutting the socket itself is the
 * only way that always works; and with no linger time nothing that was sent too late is delivered later by the kernel.
 */
final class Wire implements SocketFactory {
    private final @Nullable SshSession jump;
    private final Attempt attempt;
    private final HandshakeTap tap;
    private volatile @Nullable Socket socket;
    private volatile boolean cut;
    private volatile @Nullable Thread reader;
    private final AtomicInteger reads = new AtomicInteger();
    private volatile boolean ended;

    Wire(@Nullable SshSession jump, Attempt attempt, HandshakeTap tap) {
        this.jump = jump;
        this.attempt = attempt;
        this.tap = tap;
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        Socket made = jump == null ? dial(host, port) : dialThrough(jump, host, port);
        if (cut) {
            made.close();
        }
        return made;
    }

    private Socket dialThrough(SshSession through, String host, int port) throws IOException {
        Socket made = new ChannelSocket(through::dial);
        socket = made;
        made.connect(InetSocketAddress.createUnresolved(host, port), attempt.remainingMillis());
        return made;
    }

    /** Every address of the name in turn, as a host with IPv4 and IPv6 may answer on one of them only. */
    private Socket dial(String host, int port) throws IOException {
        IOException failure = null;
        for (InetAddress address : InetAddress.getAllByName(host)) {
            Socket candidate = new Socket();
            socket = candidate;
            try {
                candidate.setSoLinger(true, 0);
                candidate.connect(new InetSocketAddress(address, port), attempt.remainingMillis());
                return candidate;
            } catch (IOException e) {
                candidate.close();
                failure = e;
                if (cut || attempt.expired()) {
                    break;
                }
            }
        }
        throw failure == null ? new IOException("no address") : failure;
    }

    @Override
    public InputStream getInputStream(Socket from) throws IOException {
        return new FilterInputStream(from.getInputStream()) {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                reader = Thread.currentThread();
                reads.incrementAndGet();
                int count = super.read(bytes, offset, length);
                if (count < 0) {
                    ended = true;
                } else {
                    tap.hear(bytes, offset, count);
                }
                return count;
            }
        };
    }

    @Override
    public OutputStream getOutputStream(Socket from) throws IOException {
        return from.getOutputStream();
    }

    /** Whether the other side closed it. */
    boolean ended() {
        return ended;
    }

    /** How often the session has turned to what comes next. */
    int reads() {
        return reads.get();
    }

    /** What is on its way may arrive: for an orderly end only. */
    void linger() {
        try {
            Socket open = socket;
            if (open != null) {
                open.setSoLinger(false, 0);
            }
        } catch (IOException e) {
            // It is closed already.
            cut = true;
        }
    }

    /** Frees whoever reads or writes here; never waits for a direct socket. */
    void cut() {
        cut = true;
        try {
            Socket open = socket;
            if (open != null) {
                open.close();
            }
        } catch (IOException e) {
            // Closed is closed.
            cut = true;
        }
    }

    /** As {@link #cut}, where that may already be waiting: a direct socket is closed, one through a jump host is left to it. */
    void abandon() {
        if (jump == null) {
            cut();
        }
    }

    /** Waits for the session's own thread, which JSch starts and never waits for. */
    void awaitEnd(long millis) {
        Thread thread = reader;
        if (thread == null || thread == Thread.currentThread()) {
            return;
        }
        try {
            thread.join(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
