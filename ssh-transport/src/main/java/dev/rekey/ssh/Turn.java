package dev.rekey.ssh;

import java.io.IOException;

/** An operation's right to one channel at a time, on a session that others use too. */
interface Turn {
    /**
     * Opens a channel. Where the host allows no more of them, others go first; a {@link HostFileException} where that does not
     * help, and then nothing has begun.
     */
    RemoteChannel open(Opening opening) throws IOException;

    /** Opens one channel, or is refused with a {@link ChannelRefusedException}. */
    interface Opening {
        /** Again after a refusal. */
        RemoteChannel open() throws IOException;
    }
}
