package dev.rekey.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * Connects each connection that comes in at one socket to another one. Two of them carry connections out of a network name space,
 * since a socket that is a file can be reached from every one.
 */
final class Relay implements AutoCloseable {
    private final ServerSocketChannel from;
    private final SocketAddress to;

    private Relay(ServerSocketChannel from, SocketAddress to) {
        this.from = from;
        this.to = to;
    }

    static Relay start(SocketAddress from, SocketAddress to) {
        try {
            ServerSocketChannel listener = from instanceof UnixDomainSocketAddress
                    ? ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                    : ServerSocketChannel.open();
            listener.bind(from);
            Relay relay = new Relay(listener, to);
            daemon(relay::accept);
            return relay;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs until standard input ends; each of {@code ways} is {@code address:port=socket}. */
    public static void main(String... ways) throws IOException {
        for (String way : ways) {
            String[] parts = way.split("[:=]", 3);
            start(new InetSocketAddress(parts[0], Integer.parseInt(parts[1])), UnixDomainSocketAddress.of(parts[2]));
        }
        System.out.println("ready");
        while (System.in.read() >= 0) {
            continue;
        }
    }

    private void accept() {
        while (from.isOpen()) {
            try {
                SocketChannel client = from.accept();
                try {
                    SocketChannel server = SocketChannel.open(to);
                    daemon(() -> pump(client, server));
                    daemon(() -> pump(server, client));
                } catch (IOException e) {
                    client.close();
                }
            } catch (IOException e) {
                continue;
            }
        }
    }

    private static void pump(SocketChannel from, SocketChannel to) {
        ByteBuffer buffer = ByteBuffer.allocate(32_768);
        try (from;
                to) {
            while (from.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
                buffer.clear();
            }
        } catch (IOException e) {
            return;
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            from.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
