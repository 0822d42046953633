package dev.rekey.ssh;

import com.jcraft.jsch.Channel;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** A command or subsystem on the host: three streams and an exit status. */
final class RemoteChannel implements Closeable {
    private final Channel channel;
    private final ChannelInput in;
    private final OutputStream out;
    private final Errors errors;

    RemoteChannel(Channel channel, ChannelInput in, OutputStream out, Errors errors) {
        this.channel = channel;
        this.in = in;
        this.out = out;
        this.errors = errors;
    }

    ChannelInput in() {
        return in;
    }

    OutputStream out() {
        return out;
    }

    /** The first bytes of what came on standard error, so far. */
    String errors() {
        return errors.text();
    }

    /** -1 where the host did not tell, as when the connection was lost or a signal ended the command. */
    int exitStatus() {
        return channel.getExitStatus();
    }

    /** Waits a little for the close that comes behind the end of the output and brings the exit status. */
    int awaitExitStatus(long millis) throws IOException {
        long until = System.nanoTime() + millis * 1_000_000;
        while (!channel.isClosed() && System.nanoTime() < until) {
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted");
            }
        }
        return channel.getExitStatus();
    }

    /** What {@code work} makes of this channel, which is closed if it makes nothing. */
    <T> T orClose(Work<T> work) throws IOException {
        boolean made = false;
        try {
            T result = work.run();
            made = true;
            return result;
        } finally {
            if (!made) {
                close();
            }
        }
    }

    /** Something done on a channel. */
    interface Work<T> {
        /** Once. */
        T run() throws IOException;
    }

    @Override
    public void close() {
        in.close();
        channel.disconnect();
    }

    /** Keeps the first bytes and lets the rest go: a host may say any amount. */
    static final class Errors extends OutputStream {
        private static final int LIMIT = 8_192;

        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

        @Override
        public synchronized void write(int value) {
            if (kept.size() < LIMIT) {
                kept.write(value);
            }
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            kept.write(bytes, offset, Math.min(length, LIMIT - kept.size()));
        }

        synchronized String text() {
            return kept.toString(StandardCharsets.UTF_8);
        }
    }
}
