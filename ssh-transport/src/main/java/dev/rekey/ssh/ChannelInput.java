package dev.rekey.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What comes in on a channel, between the thread of the session, which all channels share, and a reader. JSch's own pipe dies
 * with the thread that read from it first, has no time limit, and stops the whole session when nobody reads.
 *
 * <p>The session never waits here. JSch opens a channel's window again as soon as it has handed the bytes on, and no public
 * method of it holds that back or says it later, so the window cannot slow the other side down to the pace of a reader. Bytes
 * are kept instead, up to a limit; beyond it this channel ends, and its reader is told so after all that was kept.
 */
final class ChannelInput extends InputStream {
    /** Far more than one answer of an apiserver, and never so much that a few such channels fill a small heap. */
    static final int LIMIT = (int) Math.min(64 << 20, Runtime.getRuntime().maxMemory() / 8);

    /** JSch's largest packet on such a channel. */
    private static final int CHUNK = 16_384;

    private final int limit;
    private final Deque<byte[]> chunks = new ArrayDeque<>();
    private int start;
    private int end = CHUNK;
    private int held;
    private @Nullable Ending ending;
    private boolean closed;
    private long timeoutMillis;

    ChannelInput() {
        this(LIMIT);
    }

    /** @param limit bytes that may lie unread */
    ChannelInput(int limit) {
        this.limit = limit;
    }

    /** How the stream came to its end. */
    interface Ending {
        /** The other side said that no more comes. */
        Ending CLEAN = () -> {};

        /** Throws what the reader is told instead of the end. */
        void tell() throws IOException;
    }

    /** Where the session writes to; closing it is the end of the stream. */
    OutputStream sink() {
        return sink(() -> Ending.CLEAN);
    }

    /** @param howItEnds asked on the session's thread, when it closes the sink */
    OutputStream sink(Supplier<Ending> howItEnds) {
        return new Sink(howItEnds);
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
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        Ending how;
        synchronized (this) {
            how = awaitBytes();
            if (how == null) {
                return take(bytes, offset, length);
            }
        }
        how.tell();
        return -1;
    }

    /** Null where there are bytes. */
    private @Nullable Ending awaitBytes() throws IOException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        while (held == 0 && ending == null && !closed) {
            long left = timeoutMillis == 0 ? TimeUnit.SECONDS.toNanos(60) : until - System.nanoTime();
            if (left <= 0) {
                throw new SocketTimeoutException("nothing came within " + timeoutMillis + " ms");
            }
            await(left);
        }
        if (closed) {
            throw new SocketException("Socket closed");
        }
        return held > 0 ? null : ending;
    }

    private int take(byte[] bytes, int offset, int length) {
        int count = Math.min(length, (chunks.size() == 1 ? end : CHUNK) - start);
        System.arraycopy(chunks.getFirst(), start, bytes, offset, count);
        start += count;
        held -= count;
        if (start == CHUNK || held == 0) {
            chunks.removeFirst();
            start = 0;
        }
        if (held == 0) {
            end = CHUNK;
        }
        return count;
    }

    @Override
    public synchronized int available() {
        return held;
    }

    @Override
    public synchronized void close() {
        closed = true;
        forget();
    }

    private void forget() {
        chunks.clear();
        start = 0;
        end = CHUNK;
        held = 0;
        notifyAll();
    }

    /** The reader wants no more: what is here and what still comes is dropped. */
    synchronized void end() {
        ending = Ending.CLEAN;
        forget();
    }

    private synchronized void end(Ending how) {
        if (ending == null) {
            ending = how;
        }
        notifyAll();
    }

    /** Throws why no more comes, where that is not the other side's word. */
    void requireNoLoss() throws IOException {
        Ending how;
        synchronized (this) {
            how = ending;
        }
        if (how != null) {
            how.tell();
        }
    }

    private synchronized void accept(byte[] bytes, int offset, int length) throws IOException {
        if (closed || ending != null) {
            return;
        }
        if (length > limit - held) {
            String behind = "this channel was ended, since its reader had left " + held + " bytes lying";
            ending = () -> {
                throw new SocketException(behind);
            };
            notifyAll();
            // Has JSch close this channel, and no other.
            throw new IOException(behind);
        }
        int done = 0;
        while (done < length) {
            if (end == CHUNK) {
                chunks.addLast(new byte[CHUNK]);
                end = 0;
            }
            int count = Math.min(length - done, CHUNK - end);
            System.arraycopy(bytes, offset + done, chunks.getLast(), end, count);
            end += count;
            done += count;
        }
        held += length;
        notifyAll();
    }

    @SuppressWarnings("WaitNotInLoop") // Its caller loops.
    private void await(long nanos) throws IOException {
        try {
            wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted");
        }
    }

    private final class Sink extends OutputStream {
        private final Supplier<Ending> howItEnds;

        Sink(Supplier<Ending> howItEnds) {
            this.howItEnds = howItEnds;
        }

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
            end(howItEnds.get());
        }
    }
}
