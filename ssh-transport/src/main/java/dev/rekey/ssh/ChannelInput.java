package dev.rekey.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;

/**
 * What comes in on a channel, between the thread of the session, which all channels share, and a reader. JSch's own pipe dies
 * with the thread that read from it first, and has no time limit.
 */
final class ChannelInput extends InputStream {
    /** A reader that lets this much lie holds up the whole session, for a while. */
    private static final int LIMIT = 4 << 20;

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final OutputStream sink = new Sink();
    private byte[] buffer = new byte[8_192];
    private int start;
    private int end;
    private boolean ended;
    private boolean closed;
    private long timeoutMillis;

    /** Where the session writes to; closing it is the end of the stream. */
    OutputStream sink() {
        return sink;
    }

    /** 0 = no limit. */
    synchronized void timeout(int millis) {
        timeoutMillis = millis;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public synchronized int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        while (start == end && !ended && !closed) {
            long left = timeoutMillis == 0 ? TimeUnit.SECONDS.toNanos(60) : until - System.nanoTime();
            if (left <= 0) {
                throw new SocketTimeoutException("nothing came within " + timeoutMillis + " ms");
            }
            await(left);
        }
        if (closed) {
            throw new IOException("closed");
        }
        if (start == end) {
            return -1;
        }
        int count = Math.min(length, end - start);
        System.arraycopy(buffer, start, bytes, offset, count);
        start += count;
        notifyAll();
        return count;
    }

    @Override
    public synchronized int available() {
        return closed ? 0 : end - start;
    }

    @Override
    public synchronized void close() {
        closed = true;
        buffer = new byte[0];
        start = 0;
        end = 0;
        notifyAll();
    }

    synchronized void end() {
        ended = true;
        notifyAll();
    }

    private synchronized void accept(byte[] bytes, int offset, int length) throws IOException {
        long until = System.nanoTime() + PATIENCE_NANOS;
        while (end - start > LIMIT && !closed) {
            long left = until - System.nanoTime();
            if (left <= 0) {
                close();
                break;
            }
            await(left);
        }
        if (closed || ended) {
            throw new IOException("nobody reads this channel any more");
        }
        if (end + length > buffer.length) {
            byte[] next = end - start + length > buffer.length ? new byte[2 * (end - start + length)] : buffer;
            System.arraycopy(buffer, start, next, 0, end - start);
            buffer = next;
            end -= start;
            start = 0;
        }
        System.arraycopy(bytes, offset, buffer, end, length);
        end += length;
        notifyAll();
    }

    @SuppressWarnings("WaitNotInLoop") // Its callers loop.
    private void await(long nanos) throws IOException {
        try {
            wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted");
        }
    }

    private final class Sink extends OutputStream {
        @Override
        public void write(int value) throws IOException {
            accept(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            accept(bytes, offset, length);
        }

        @Override
        public void close() {
            end();
        }
    }
}
