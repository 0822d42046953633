package dev.rekey.sshd;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A TCP link to a server that can be made slow, frozen, or cut. */
public final class Link implements AutoCloseable {
    private final ServerSocket listener;
    private final InetAddress host;
    private volatile int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong bytesToServer = new AtomicLong();
    private final AtomicInteger lastQuestion = new AtomicInteger();
    private volatile RoundTrips roundTrips = new RoundTrips();
    private volatile boolean frozen;
    private volatile boolean mortal;
    private volatile long cutAfter = Long.MAX_VALUE;
    private volatile Duration delay = Duration.ZERO;
    private final Set<Socket> stranded = ConcurrentHashMap.newKeySet();
    private final AtomicLong bytesToClient = new AtomicLong();
    private volatile long stallAt = Long.MAX_VALUE;
    private volatile Duration stall = Duration.ZERO;

    private Link(ServerSocket listener, InetSocketAddress server) {
        this.listener = listener;
        this.host = server.getAddress();
        this.target = server.getPort();
    }

    /** From a port of 127.0.0.1 that was free to another one. */
    public static Link to(int port) {
        InetAddress here = InetAddress.getLoopbackAddress();
        return between(new InetSocketAddress(here, 0), new InetSocketAddress(here, port));
    }

    /** From one address of this machine to another one. */
    public static Link between(InetSocketAddress from, InetSocketAddress server) {
        try {
            Link link = new Link(new ServerSocket(from.getPort(), 200, from.getAddress()), server);
            daemon(link::accept);
            return link;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it listens. */
    public int port() {
        return listener.getLocalPort();
    }

    /** How often somebody connected. */
    public int connections() {
        return connections.get();
    }

    /** How many connections there are now. */
    public int open() {
        return sockets.size() / 2;
    }

    /** New connections lead to another port of the same address. */
    public void leadTo(int port) {
        target = port;
    }

    /** Bytes that went to the server. */
    public long bytesToServer() {
        return bytesToServer.get();
    }

    /** From now on nothing passes in either direction, and no end is told. */
    public void freeze() {
        frozen = true;
    }

    /** Everything passes again, what waited first. */
    public void thaw() {
        synchronized (this) {
            frozen = false;
            notifyAll();
        }
    }

    /** From now on nothing passes on the connections of now, as where a firewall forgot them; new ones are taken. */
    public void strand() {
        stranded.addAll(sockets);
    }

    /** Once so many more bytes went to the client, nothing goes there for a while, whatever was in the middle of its way. */
    public void stallAfter(long bytes, Duration pause) {
        stall = pause;
        stallAt = bytesToClient.get() + bytes;
    }

    /** Everything takes this long, one way, however much there is of it. */
    public void delay(Duration oneWay) {
        delay = oneWay;
    }

    /** From now on round trips count there. */
    public void countIn(RoundTrips some) {
        roundTrips = some;
    }

    /** All connections are cut once so many more bytes went to the server. */
    public void cutAfter(long bytes) {
        cutAfter = bytesToServer.get() + bytes;
    }

    /** As {@link #cutAfter}, and no new connection is taken afterwards. */
    public void dieAfter(long bytes) {
        mortal = true;
        cutAfter(bytes);
    }

    /** All connections end now; new ones are taken. */
    public void cut() {
        cutAfter = Long.MAX_VALUE;
        end(List.copyOf(sockets));
    }

    private void end(List<Socket> some) {
        some.forEach(Link::close);
        some.forEach(sockets::remove);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                // A connection that comes while it is being closed is still handed out.
                if (listener.isClosed()) {
                    client.close();
                    return;
                }
                connections.incrementAndGet();
                Socket server = new Socket(host, target);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                sockets.add(client);
                sockets.add(server);
                daemon(() -> pump(client, server, true));
                daemon(() -> pump(server, client, false));
            } catch (IOException e) {
                continue;
            }
        }
    }

    private void pump(Socket from, Socket to, boolean toServer) {
        byte[] buffer = new byte[16_384];
        try (from;
                to;
                Delay line = new Delay()) {
            InputStream in = from.getInputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                int question = toServer ? roundTrips.next() : lastQuestion.get();
                if (delay.isZero() && line.isEmpty()) {
                    pass(buffer, n, to, toServer, question);
                } else {
                    byte[] piece = Arrays.copyOf(buffer, n);
                    line.put(() -> passOrEnd(piece, from, to, toServer, question), delay);
                }
            }
        } catch (IOException e) {
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private void passOrEnd(byte[] piece, Socket from, Socket to, boolean toServer, int question)
            throws InterruptedException {
        try {
            pass(piece, piece.length, to, toServer, question);
        } catch (IOException e) {
            close(from);
            close(to);
        }
    }

    private void pass(byte[] buffer, int n, Socket to, boolean toServer, int question)
            throws IOException, InterruptedException {
        awaitThaw(to);
        if (!toServer) {
            roundTrips.answered(question);
            passToClient(buffer, n, to);
            return;
        }
        int pass = (int) Math.min(n, Math.max(0, cutAfter - bytesToServer.get()));
        // Counted first: an answer to them must not be seen before they are.
        bytesToServer.addAndGet(pass);
        lastQuestion.accumulateAndGet(question, Math::max);
        OutputStream out = to.getOutputStream();
        out.write(buffer, 0, pass);
        out.flush();
        if (pass < n) {
            // Those of now only: a client may connect again while this runs.
            List<Socket> now = List.copyOf(sockets);
            cutAfter = Long.MAX_VALUE;
            if (mortal) {
                listener.close();
            }
            // The server gets all that was sent before the end, as when a client is killed.
            to.shutdownOutput();
            Thread.sleep(50);
            end(now);
            throw new SocketException("cut");
        }
    }

    private void passToClient(byte[] buffer, int n, Socket to) throws IOException, InterruptedException {
        int first = (int) Math.min(n, Math.max(0, stallAt - bytesToClient.getAndAdd(n)));
        OutputStream out = to.getOutputStream();
        out.write(buffer, 0, first);
        out.flush();
        if (first < n) {
            stallAt = Long.MAX_VALUE;
            Thread.sleep(stall.toMillis());
            out.write(buffer, first, n - first);
            out.flush();
        }
    }

    private synchronized void awaitThaw(Socket to) throws InterruptedException {
        while (frozen || stranded.contains(to)) {
            wait(1_000);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            return;
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "link");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        stranded.clear();
        thaw();
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }
}
