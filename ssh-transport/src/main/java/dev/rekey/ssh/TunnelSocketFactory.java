package dev.rekey.ssh;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import javax.net.SocketFactory;

/** Sockets that a host connects. */
final class TunnelSocketFactory extends SocketFactory {
    private final ChannelSocket.Dialer dialer;

    TunnelSocketFactory(ChannelSocket.Dialer dialer) {
        this.dialer = dialer;
    }

    @Override
    public Socket createSocket() throws IOException {
        return new ChannelSocket(dialer);
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        Socket socket = createSocket();
        socket.connect(InetSocketAddress.createUnresolved(host, port));
        return socket;
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return createSocket(host, port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return createSocket(host.getHostAddress(), port);
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
            throws IOException {
        return createSocket(address, port);
    }

    /** What a client of sockets is ready for: a time that ran out is told apart from a refusal, since it may be worth another try. */
    static IOException failed(String where, String target, Attempt attempt, Throwable e) {
        int reason = e instanceof ChannelRefusedException refused ? refused.reason() : 0;
        if (reason == ChannelRefusedException.PROHIBITED) {
            return new ConnectException("host " + where + " forbids forwarding to " + target + ": set "
                    + ChannelRefusedException.ALLOW_FORWARDING);
        }
        if (e instanceof ChannelRefusedException) {
            return new ConnectException("host " + where + " could not connect to " + target);
        }
        if (attempt.late()) {
            return new SocketTimeoutException("host " + where + " did not connect to " + target + " in time");
        }
        return new ConnectException(
                "host " + where + " could not be asked to connect to " + target + ": " + e.getMessage());
    }
}
