package dev.rekey.ssh;

import dev.rekey.spi.NodeTransport;
import dev.rekey.testing.ForwardingTransport;

/** A transport that many cases use and none closes: most of a short case's time is the login. */
final class SharedTransport extends ForwardingTransport {
    SharedTransport(NodeTransport shared) {
        super(shared);
    }

    @Override
    public void close() {
        // Whoever opened the shared one closes it.
    }
}
