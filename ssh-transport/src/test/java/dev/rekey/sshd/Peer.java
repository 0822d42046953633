package dev.rekey.sshd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** A TCP server on a loopback port that does one thing with each connection, on a thread of its own. */
public final class Peer implements AutoCloseable {
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Boolean> done = new CompletableFuture<>();

    private Peer(ServerSocket listener) {
        this.listener = listener;
    }

    /** What is done with a connection. */
    public interface Talk {
        /** The socket is closed afterwards. */
        void with(Socket socket) throws IOException;
    }

    /** Listens at once. */
    public static Peer that(Talk talk) {
        try {
            Peer peer = new Peer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
            daemon(() -> peer.accept(talk));
            return peer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives back what it gets. */
    public static Peer echo() {
        return that(socket -> socket.getInputStream().transferTo(socket.getOutputStream()));
    }

    /** On 127.0.0.1. */
    public int port() {
        return listener.getLocalPort();
    }

    /** Whether the first connection to end was served to its end; false where it broke. */
    public CompletableFuture<Boolean> done() {
        return done;
    }

    private void accept(Talk talk) {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                sockets.add(socket);
                daemon(() -> serve(talk, socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Talk talk, Socket socket) {
        try (socket) {
            talk.with(socket);
            done.complete(true);
        } catch (IOException e) {
            done.complete(false);
        } finally {
            sockets.remove(socket);
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "peer");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
