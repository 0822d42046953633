package dev.rekey.ssh;

import com.jcraft.jsch.Channel;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import org.jspecify.annotations.Nullable;

/** A socket whose bytes go through a channel. Its read timeout works, on which keep-alive and TLS above it rely. */
final class ChannelSocket extends Socket {
    private static final int CONNECT_MILLIS = 20_000;

    private final Dialer dialer;
    private volatile @Nullable DirectChannel open;
    private volatile String host = "";
    private volatile int port;
    private volatile boolean closed;
    private volatile boolean outputShut;
    private volatile boolean inputShut;
    private volatile int timeout;

    ChannelSocket(Dialer dialer) throws SocketException {
        super((SocketImpl) null);
        this.dialer = dialer;
    }

    /** Has a host connect. */
    interface Dialer {
        /** Within {@code millis}; an {@link IOException} says why not. */
        DirectChannel dial(String host, int port, int millis) throws IOException;
    }

    /** The channel of a connection that a host made. */
    record DirectChannel(Channel channel, ChannelInput in, OutputStream out) {}

    @Override
    public void connect(SocketAddress endpoint, int millis) throws IOException {
        requireOpen();
        if (open != null) {
            throw new SocketException("already connected");
        }
        if (!(endpoint instanceof InetSocketAddress address)) {
            throw new SocketException("a tunnel leads to a host and port only");
        }
        host = address.getHostString();
        port = address.getPort();
        DirectChannel made = dialer.dial(host, port, millis == 0 ? CONNECT_MILLIS : millis);
        made.in().timeout(timeout);
        open = made;
        if (closed) {
            made.channel().disconnect();
            throw new SocketException("Socket is closed");
        }
    }

    @Override
    public void connect(SocketAddress endpoint) throws IOException {
        connect(endpoint, 0);
    }

    private DirectChannel channel() throws SocketException {
        requireOpen();
        DirectChannel channel = open;
        if (channel == null) {
            throw new SocketException("Socket is not connected");
        }
        return channel;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new FilterInputStream(channel().in()) {
            @Override
            public void close() {
                ChannelSocket.this.close();
            }
        };
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        DirectChannel channel = channel();
        return new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                write(new byte[] {(byte) value}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                send(channel, bytes, offset, length);
            }

            @Override
            public void close() {
                ChannelSocket.this.close();
            }
        };
    }

    /** A socket holds nothing back, so callers need not flush. */
    private void send(DirectChannel channel, byte[] bytes, int offset, int length) throws IOException {
        synchronized (channel.out()) {
            requireWritable(channel);
            try {
                channel.out().write(bytes, offset, length);
                channel.out().flush();
            } catch (IOException e) {
                requireWritable(channel);
                throw e;
            }
            // JSch drops without a word what is written to a channel that has just been closed.
            requireWritable(channel);
        }
    }

    private void requireWritable(DirectChannel channel) throws IOException {
        requireOpen();
        if (outputShut) {
            throw new SocketException("Socket output is shutdown");
        }
        if (!channel.channel().isConnected()) {
            channel.in().requireNoLoss();
            throw new SocketException("the connection to " + host + ":" + port + " was closed by the other side");
        }
    }

    private void requireOpen() throws SocketException {
        if (closed) {
            throw new SocketException("Socket is closed");
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        DirectChannel channel = open;
        if (channel != null) {
            channel.in().close();
            channel.channel().disconnect();
        }
    }

    @Override
    public void shutdownOutput() throws IOException {
        DirectChannel channel = channel();
        synchronized (channel.out()) {
            requireWritable(channel);
            outputShut = true;
            channel.out().close();
        }
    }

    @Override
    public void shutdownInput() throws IOException {
        channel().in().end();
        inputShut = true;
    }

    @Override
    public synchronized void setSoTimeout(int millis) throws SocketException {
        requireOpen();
        timeout = millis;
        DirectChannel channel = open;
        if (channel != null) {
            channel.in().timeout(millis);
        }
    }

    @Override
    public synchronized int getSoTimeout() {
        return timeout;
    }

    @Override
    public void bind(SocketAddress address) throws IOException {
        throw new SocketException("a socket through a tunnel cannot be bound");
    }

    @Override
    public boolean isConnected() {
        return open != null;
    }

    @Override
    public boolean isBound() {
        return open != null;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public boolean isInputShutdown() {
        return inputShut;
    }

    @Override
    public boolean isOutputShutdown() {
        return outputShut;
    }

    /** Never resolved here: the name means what the host takes it for. */
    @Override
    public @Nullable SocketAddress getRemoteSocketAddress() {
        return open == null ? null : InetSocketAddress.createUnresolved(host, port);
    }

    @Override
    public @Nullable InetAddress getInetAddress() {
        return open == null ? null : InetAddress.getLoopbackAddress();
    }

    @Override
    public int getPort() {
        return port;
    }

    @Override
    public InetAddress getLocalAddress() {
        return InetAddress.getLoopbackAddress();
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    @Override
    public int getLocalPort() {
        return 0;
    }

    @Override
    public void setTcpNoDelay(boolean on) throws SocketException {
        requireOpen();
    }

    @Override
    public boolean getTcpNoDelay() {
        return true;
    }

    @Override
    public void setSoLinger(boolean on, int seconds) throws SocketException {
        requireOpen();
    }

    @Override
    public void setKeepAlive(boolean on) throws SocketException {
        requireOpen();
    }

    @Override
    public String toString() {
        return "ChannelSocket[" + host + ":" + port + (closed ? ", closed" : "") + "]";
    }
}
