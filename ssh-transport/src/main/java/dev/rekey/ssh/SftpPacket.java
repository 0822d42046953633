package dev.rekey.ssh;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** One SFTP version 3 packet on its way out: big-endian numbers and length-prefixed strings. */
final class SftpPacket {
    static final int INIT = 1;
    static final int OPEN = 3;
    static final int CLOSE = 4;
    static final int READ = 5;
    static final int WRITE = 6;
    static final int LSTAT = 7;
    static final int FSETSTAT = 10;
    static final int OPENDIR = 11;
    static final int READDIR = 12;
    static final int REMOVE = 13;
    static final int MKDIR = 14;
    static final int RMDIR = 15;
    static final int STAT = 17;
    static final int RENAME = 18;
    static final int READLINK = 19;
    static final int EXTENDED = 200;

    private final ByteArrayOutputStream body = new ByteArrayOutputStream(64);

    private final int id;

    /** @param id of the request; of INIT, the version */
    SftpPacket(int type, int id) {
        this.id = id;
        body.write(type);
        uint32(id);
    }

    int id() {
        return id;
    }

    SftpPacket uint32(long value) {
        body.writeBytes(ByteBuffer.allocate(4).putInt((int) value).array());
        return this;
    }

    SftpPacket uint64(long value) {
        body.writeBytes(ByteBuffer.allocate(8).putLong(value).array());
        return this;
    }

    SftpPacket string(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return string(bytes, 0, bytes.length);
    }

    SftpPacket string(byte[] bytes, int offset, int length) {
        uint32(length);
        body.write(bytes, offset, length);
        return this;
    }

    /** With its length in front, as it goes over the wire. */
    byte[] toBytes() {
        byte[] bytes = body.toByteArray();
        return ByteBuffer.allocate(4 + bytes.length)
                .putInt(bytes.length)
                .put(bytes)
                .array();
    }
}
