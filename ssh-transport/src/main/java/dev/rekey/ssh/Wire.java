package dev.rekey.ssh;

import com.jcraft.jsch.SocketFactory;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The socket under one session. JSch's disconnect waits for a lock that a stuck write holds, so cutting the socket itself is the
 * only way that always works; and with no linger time nothing that was sent too late is delivered later by the kernel.
 *
 * <p>It also watches over the silence of a link: JSch does that with a read timeout which, in the middle of a packet, makes it lose
 * what it has read, and with that a healthy session.
 */
final class Wire implements SocketFactory {
    /** After so many silent times between two questions the link is taken for dead. */
    private static final int SILENCES = 3;

    private final @Nullable SshSession jump;
    private final Attempt attempt;
    private final int keepAliveMillis;
    private final HandshakeTap tap;
    private final AtomicInteger reads = new AtomicInteger();
    private volatile Events events = Events.NONE;
    private volatile @Nullable Socket socket;
    private volatile @Nullable Thread reader;
    private volatile @Nullable Thread asking;
    private volatile boolean cut;
    private volatile boolean closedByHost;
    private volatile boolean broken;

    /** @param attempt the call that makes the session, which ends long before the session does */
    Wire(@Nullable SshSession jump, Attempt attempt, Duration keepAlive, HandshakeTap tap) {
        this.jump = jump;
        this.attempt = attempt;
        this.tap = tap;
        this.keepAliveMillis = (int) keepAlive.toMillis();
    }

    /** What a session wants to know. */
    interface Events {
        Events NONE = new Events() {
            @Override
            public void silent() {}

            @Override
            public void ended() {}
        };

        /** Nothing came for a while: time to ask whether the host is there. On a thread of its own, since asking may hang. */
        void silent();

        /** Nothing more will come. Called once or more, and must not wait. */
        void ended();
    }

    void tell(Events to) {
        events = to;
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        Waiting before = attempt.waiting();
        try {
            Socket made = jump == null ? dial(host, port) : dialThrough(jump, host, port);
            if (cut) {
                made.close();
            }
            return made;
        } finally {
            attempt.enter(before);
        }
    }

    private Socket dialThrough(SshSession through, String host, int port) throws IOException {
        attempt.enter(Waiting.tcp(host, port));
        attempt.requireGoingOn();
        Socket made = new ChannelSocket(through::dial);
        socket = made;
        made.connect(InetSocketAddress.createUnresolved(host, port), attempt.remainingMillis());
        return made;
    }

    /** Every address of the name in turn, as a host with IPv4 and IPv6 may answer on one of them only. */
    private Socket dial(String host, int port) throws IOException {
        attempt.enter(Waiting.name(host));
        InetAddress[] addresses = InetAddress.getAllByName(host);
        attempt.enter(Waiting.tcp(host, port));
        return dial(addresses, port);
    }

    /** One that says nothing leaves its share of the time to each of the others. */
    Socket dial(InetAddress[] addresses, int port) throws IOException {
        IOException failure = null;
        int left = addresses.length;
        for (InetAddress address : addresses) {
            attempt.requireGoingOn();
            int share = Math.max(1, attempt.remainingMillis() / left--);
            Socket candidate = new Socket();
            socket = candidate;
            try {
                candidate.setSoLinger(true, 0);
                if (cut) {
                    throw new IOException("cut");
                }
                candidate.connect(new InetSocketAddress(address, port), share);
                return candidate;
            } catch (IOException e) {
                candidate.close();
                failure = e;
            }
        }
        throw failure == null ? new IOException("no address") : failure;
    }

    @Override
    public InputStream getInputStream(Socket from) throws IOException {
        return new Watched(from, Thread.currentThread());
    }

    @Override
    public OutputStream getOutputStream(Socket from) throws IOException {
        return from.getOutputStream();
    }

    /** Whether the other side closed it. */
    boolean closedByHost() {
        return closedByHost;
    }

    /** Whether nothing more can come: known here before JSch has ended its channels and calls the session dead. */
    boolean broken() {
        return broken;
    }

    private void end() {
        broken = true;
        events.ended();
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
        end();
    }

    /** Waits for the session's own threads, which JSch starts and never waits for. */
    void awaitEnd(long millis) {
        for (Thread thread : new Thread[] {reader, asking}) {
            if (thread != null && thread != Thread.currentThread()) {
                Workers.join(thread, millis);
            }
        }
    }

    /** For the thread that shakes hands, reads end with the call; for the session's own they end when the host is silent. */
    private final class Watched extends FilterInputStream {
        private final Socket from;
        private final Thread maker;

        Watched(Socket from, Thread maker) throws IOException {
            super(from.getInputStream());
            this.from = from;
            this.maker = maker;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            reader = Thread.currentThread();
            reads.incrementAndGet();
            boolean made = false;
            try {
                int count =
                        reader == maker ? readInTime(bytes, offset, length) : readUnlessSilent(bytes, offset, length);
                made = count >= 0;
                closedByHost |= !made;
                if (made) {
                    tap.hear(bytes, offset, count);
                }
                return count;
            } finally {
                if (!made) {
                    end();
                }
            }
        }

        private int readInTime(byte[] bytes, int offset, int length) throws IOException {
            from.setSoTimeout(attempt.remainingMillis());
            return super.read(bytes, offset, length);
        }

        private int readUnlessSilent(byte[] bytes, int offset, int length) throws IOException {
            from.setSoTimeout(keepAliveMillis);
            for (int silences = 1; ; silences++) {
                try {
                    return super.read(bytes, offset, length);
                } catch (SocketTimeoutException e) {
                    if (silences == SILENCES) {
                        throw new IOException("the host went silent");
                    }
                    ask();
                }
            }
        }

        private void ask() {
            Thread last = asking;
            if (last == null || !last.isAlive()) {
                asking = Workers.start(events::silent);
            }
        }

        @Override
        public void close() throws IOException {
            super.close();
            end();
        }
    }
}
