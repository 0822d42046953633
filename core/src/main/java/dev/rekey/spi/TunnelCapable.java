package dev.rekey.spi;

import javax.net.SocketFactory;

/** What a {@link NodeTransport} may also be: a way to servers that only its member reaches, such as the member's apiserver. */
public interface TunnelCapable {

    /**
     * Makes sockets whose host and port are dialled by the member, names resolved there. Safe for threads. Its sockets end with
     * the transport; one that the member refuses to dial is an {@link java.io.IOException} that says why.
     */
    SocketFactory tunnel();
}
