package dev.rekey.ssh;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** One SFTP version 3 packet that came in. It is the other side's word: every length is checked. */
final class SftpReply {
    static final int VERSION = 2;
    static final int STATUS = 101;
    static final int HANDLE = 102;
    static final int DATA = 103;
    static final int NAME = 104;
    static final int ATTRS = 105;

    /** No server sends more than a chunk of data and its head; text that a shell printed reads as a far larger length. */
    private static final int LIMIT = 1 << 18;

    private final int type;
    private final ByteBuffer body;

    private SftpReply(int type, ByteBuffer body) {
        this.type = type;
        this.body = body;
    }

    static SftpReply readFrom(InputStream in) throws IOException {
        byte[] head = in.readNBytes(4);
        if (head.length == 0) {
            throw new EOFException("the connection or the SFTP server ended");
        }
        if (head.length < 4) {
            throw new NotSftpException(head);
        }
        int length = ByteBuffer.wrap(head).getInt();
        if (length < 1 || length > LIMIT) {
            throw new NotSftpException(head);
        }
        byte[] packet = in.readNBytes(length);
        if (packet.length < length) {
            throw new EOFException("the connection or the SFTP server ended in the middle of an answer");
        }
        return new SftpReply(packet[0] & 0xff, ByteBuffer.wrap(packet, 1, length - 1));
    }

    int type() {
        return type;
    }

    boolean hasRemaining() {
        return body.hasRemaining();
    }

    long uint32() throws IOException {
        require(4);
        return body.getInt() & 0xffffffffL;
    }

    long uint64() throws IOException {
        require(8);
        return body.getLong();
    }

    byte[] bytes() throws IOException {
        long length = uint32();
        require(length);
        byte[] bytes = new byte[(int) length];
        body.get(bytes);
        return bytes;
    }

    /** A name that is not UTF-8 comes with replacement characters. */
    String string() throws IOException {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    SftpAttributes attributes() throws IOException {
        long flags = uint32();
        long size = (flags & 1) != 0 ? uint64() : 0;
        int uid = -1;
        int gid = -1;
        if ((flags & 2) != 0) {
            uid = (int) uint32();
            gid = (int) uint32();
        }
        int mode = (flags & 4) != 0 ? (int) uint32() : -1;
        long modified = 0;
        if ((flags & 8) != 0) {
            uint32();
            modified = uint32();
        }
        if ((flags & 0x80000000L) != 0) {
            for (long count = uint32(); count > 0; count--) {
                bytes();
                bytes();
            }
        }
        return new SftpAttributes(size, uid, gid, mode, modified);
    }

    private void require(long length) throws IOException {
        if (length > body.remaining()) {
            throw new IOException("the SFTP server sent a malformed packet of type " + type);
        }
    }

    /** The bytes where a packet should begin are no packet's: a shell's start-up text, most likely. */
    static final class NotSftpException extends IOException {
        private static final long serialVersionUID = 1L;

        NotSftpException(byte[] head) {
            super("the host sent text that is no SFTP (it begins with '" + Text.printable(head, 8)
                    + "'): a shell that prints on start does that");
        }
    }
}
