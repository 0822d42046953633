package dev.rekey.ssh;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * SFTP version 3 over two streams, as OpenSSH's server speaks it. Own, since JSch's has no exclusive create and no sync, and
 * takes paths for patterns. For one thread at a time.
 */
final class SftpClient {
    static final String POSIX_RENAME = "posix-rename@openssh.com";
    static final String HARD_LINK = "hardlink@openssh.com";
    static final String SYNC = "fsync@openssh.com";
    static final String FILE_SYSTEM = "statvfs@openssh.com";

    static final int FOR_READING = 1;
    static final int FOR_WRITING = 2;
    static final int CREATE = 8;
    static final int EXCLUSIVE = 32;

    private static final int OK = 0;
    private static final int END_OF_FILE = 1;
    private static final int CHUNK = 32_768;

    /** Requests under way at once: a 10 MiB file crosses a link of 200 ms in a few seconds. */
    private static final int WINDOW = 32;

    private final InputStream in;
    private final OutputStream out;
    private final Map<String, String> extensions = new HashMap<>();
    private final Deque<Integer> expected = new ArrayDeque<>();
    private int lastId;

    /** Shakes hands at once. */
    SftpClient(InputStream in, OutputStream out) throws IOException {
        this.in = in;
        this.out = out;
        out.write(new SftpPacket(SftpPacket.INIT, 3).toBytes());
        out.flush();
        SftpReply version = SftpReply.readFrom(in);
        if (version.type() != SftpReply.VERSION) {
            throw new IOException("the SFTP server began with a packet of type " + version.type());
        }
        version.uint32();
        while (version.hasRemaining()) {
            extensions.put(version.string(), version.string());
        }
    }

    boolean offers(String extension) {
        return extensions.containsKey(extension);
    }

    /** A packet with a fresh id. */
    SftpPacket request(int type) {
        return new SftpPacket(type, ++lastId);
    }

    SftpPacket extended(String name) {
        return request(SftpPacket.EXTENDED).string(name);
    }

    /** For an answer that is a status. */
    void done(SftpPacket packet) throws IOException {
        send(packet);
        receive(SftpReply.STATUS);
    }

    byte[] handle(SftpPacket packet) throws IOException {
        send(packet);
        return receive(SftpReply.HANDLE).bytes();
    }

    SftpAttributes attributes(SftpPacket packet) throws IOException {
        send(packet);
        return receive(SftpReply.ATTRS).attributes();
    }

    /** Of packets sent all at once, in their order; empty where there is no such file. */
    List<Optional<SftpAttributes>> attributes(List<SftpPacket> packets) throws IOException {
        for (SftpPacket packet : packets) {
            send(packet);
        }
        List<Optional<SftpAttributes>> all = new ArrayList<>();
        for (int i = 0; i < packets.size(); i++) {
            try {
                all.add(Optional.of(receiveOne(SftpReply.ATTRS).attributes()));
            } catch (SftpStatusException e) {
                if (e.status() != SftpStatusException.NO_SUCH_FILE) {
                    drain();
                    throw e;
                }
                all.add(Optional.empty());
            }
        }
        return all;
    }

    /** An answer of an extension, behind its head. */
    SftpReply extendedReply(SftpPacket packet) throws IOException {
        send(packet);
        return receive(201);
    }

    /** Names of an answer of type NAME; an end of the listing is an empty list. */
    List<String> names(SftpPacket packet) throws IOException {
        send(packet);
        SftpReply reply = next();
        if (reply.type() == SftpReply.STATUS) {
            SftpStatusException status = status(reply);
            if (status != null && status.status() != END_OF_FILE) {
                throw status;
            }
            return List.of();
        }
        if (reply.type() != SftpReply.NAME) {
            throw unexpected(reply);
        }
        List<String> names = new ArrayList<>();
        for (long count = reply.uint32(); count > 0; count--) {
            names.add(reply.string());
            reply.string();
            reply.attributes();
        }
        return names;
    }

    void writeAll(byte[] handle, byte[] content) throws IOException {
        int sent = 0;
        int answered = 0;
        while (answered < content.length) {
            while (sent < content.length && expected.size() < WINDOW) {
                int length = Math.min(CHUNK, content.length - sent);
                send(request(SftpPacket.WRITE)
                        .string(handle, 0, handle.length)
                        .uint64(sent)
                        .string(content, sent, length));
                sent += length;
            }
            receive(SftpReply.STATUS);
            answered += CHUNK;
        }
    }

    /** Up to the end of the file, or to more than {@code limit}. {@code size} is what the file is believed to have. */
    byte[] readAll(byte[] handle, long size, int limit) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream((int) Math.min(size, limit) + 1);
        Deque<Integer> lengths = new ArrayDeque<>();
        long target = Math.min(size, limit + 1L);
        long asked = 0;
        do {
            // The last one asks for what lies behind the end, where nothing should be.
            while (asked <= target && expected.size() < WINDOW) {
                int length = asked < target ? (int) Math.min(CHUNK, target - asked) : CHUNK;
                sendRead(handle, asked, length);
                lengths.add(length);
                asked = asked < target ? asked + length : target + 1;
            }
            byte[] data = data();
            if (data.length == 0) {
                drain();
                return content.toByteArray();
            }
            content.writeBytes(data);
            if (data.length != lengths.remove()) {
                break;
            }
        } while (!lengths.isEmpty());
        // Shorter or longer than believed: one after the other, from where we are.
        drain();
        while (content.size() <= limit) {
            sendRead(handle, content.size(), CHUNK);
            byte[] data = data();
            if (data.length == 0) {
                break;
            }
            content.writeBytes(data);
        }
        return content.toByteArray();
    }

    private void sendRead(byte[] handle, long offset, int length) throws IOException {
        send(request(SftpPacket.READ)
                .string(handle, 0, handle.length)
                .uint64(offset)
                .uint32(length));
    }

    /** Empty at the end of the file. */
    private byte[] data() throws IOException {
        SftpReply reply = next();
        if (reply.type() == SftpReply.DATA) {
            return reply.bytes();
        }
        if (reply.type() != SftpReply.STATUS) {
            throw unexpected(reply);
        }
        SftpStatusException status = status(reply);
        if (status != null && status.status() != END_OF_FILE) {
            drain();
            throw status;
        }
        return new byte[0];
    }

    private void drain() throws IOException {
        while (!expected.isEmpty()) {
            next();
        }
    }

    private void send(SftpPacket packet) throws IOException {
        expected.add(packet.id());
        out.write(packet.toBytes());
        out.flush();
    }

    /** OpenSSH answers in order, and is the only server whose extensions we take. */
    private SftpReply next() throws IOException {
        SftpReply reply = SftpReply.readFrom(in);
        Integer id = expected.poll();
        if (id == null || reply.uint32() != (id & 0xffffffffL)) {
            throw new IOException("the SFTP server answered out of order");
        }
        return reply;
    }

    private SftpReply receive(int type) throws IOException {
        try {
            return receiveOne(type);
        } catch (SftpStatusException e) {
            drain();
            throw e;
        }
    }

    /** Leaves the answers behind it alone. */
    private SftpReply receiveOne(int type) throws IOException {
        SftpReply reply = next();
        if (reply.type() != SftpReply.STATUS && reply.type() == type) {
            return reply;
        }
        if (reply.type() == SftpReply.STATUS) {
            SftpStatusException failure = status(reply);
            if (failure != null) {
                throw failure;
            }
            if (type == SftpReply.STATUS) {
                return reply;
            }
        }
        throw unexpected(reply);
    }

    private static @Nullable SftpStatusException status(SftpReply reply) throws IOException {
        int status = (int) reply.uint32();
        return status == OK ? null : new SftpStatusException(status, reply.hasRemaining() ? reply.string() : "");
    }

    private static IOException unexpected(SftpReply reply) {
        return new IOException("the SFTP server answered with a packet of type " + reply.type());
    }
}
