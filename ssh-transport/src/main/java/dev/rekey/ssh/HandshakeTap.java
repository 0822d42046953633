package dev.rekey.ssh;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Listens to the part of a handshake that is not encrypted yet, for the one thing that JSch shows to nobody: the certificate of
 * the host. JSch reads no byte ahead, so what was heard last is what it judges now.
 */
final class HandshakeTap {
    private static final int LIMIT = 1 << 18;

    private static final int NEW_KEYS = 21;

    /** Of all ways to exchange keys but one, where it is part of the way and {@link #GROUP_REPLY} the answer. */
    private static final int REPLY = 31;

    private static final int GROUP_REPLY = 33;

    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
    private boolean greeted;
    private boolean done;
    private @Nullable Certificate certificate;

    /** Of the last key that was shown. */
    synchronized Optional<Certificate> certificate() {
        return Optional.ofNullable(certificate);
    }

    synchronized void hear(byte[] bytes, int offset, int count) {
        if (done) {
            return;
        }
        heard.write(bytes, offset, count);
        byte[] all = heard.toByteArray();
        ByteBuffer in = ByteBuffer.wrap(all);
        int used = 0;
        while (!done && (greeted ? packet(in) : line(in))) {
            used = in.position();
        }
        heard.reset();
        heard.write(all, used, all.length - used);
        done |= heard.size() > LIMIT;
    }

    /** Others may come before the one that says the version. */
    private boolean line(ByteBuffer in) {
        int start = in.position();
        while (in.hasRemaining()) {
            if (in.get() == '\n') {
                ByteBuffer line = in.slice(start, in.position() - start);
                greeted = StandardCharsets.ISO_8859_1.decode(line).toString().startsWith("SSH-");
                return true;
            }
        }
        return false;
    }

    private boolean packet(ByteBuffer in) {
        if (in.remaining() < 4) {
            return false;
        }
        int length = in.getInt();
        if (length < 2 || length > LIMIT) {
            done = true;
            return false;
        }
        if (in.remaining() < length) {
            return false;
        }
        int end = in.position() + length;
        in.get(); // The length of the padding.
        int message = in.get();
        if (message == NEW_KEYS) {
            done = true;
        } else if (message == REPLY || message == GROUP_REPLY) {
            certificate = Certificate.next(in.slice(in.position(), end - in.position()))
                    .orElse(null);
        }
        in.position(end);
        return true;
    }
}
