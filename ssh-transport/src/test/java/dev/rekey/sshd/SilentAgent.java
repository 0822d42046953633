package dev.rekey.sshd;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** An ssh-agent that takes questions and never answers, or only that for its keys. */
public final class SilentAgent implements AutoCloseable {
    private static final int LIST_KEYS = 11;
    private static final int KEYS = 12;

    private final ServerSocketChannel listener;
    private final AtomicInteger questions = new AtomicInteger();
    private volatile byte[] key = {};

    private SilentAgent(ServerSocketChannel listener) {
        this.listener = listener;
    }

    /** Listens from now on. */
    public static SilentAgent at(Path socket) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket));
        SilentAgent agent = new SilentAgent(listener);
        daemon(agent::accept);
        return agent;
    }

    /** It lists this key, in the form of the SSH protocol, and signs nothing. */
    public SilentAgent listing(byte[] publicKey) {
        key = publicKey.clone();
        return this;
    }

    /** How many it was asked. */
    public int questions() {
        return questions.get();
    }

    private void accept() {
        while (listener.isOpen()) {
            try {
                SocketChannel client = listener.accept();
                daemon(() -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            DataInputStream in = new DataInputStream(Channels.newInputStream(client));
            while (true) {
                byte[] question = in.readNBytes(in.readInt());
                questions.incrementAndGet();
                if (question[0] == LIST_KEYS && key.length > 0) {
                    client.write(ByteBuffer.wrap(keys()));
                }
            }
        } catch (IOException e) {
            return;
        }
    }

    private byte[] keys() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(1 + 4 + 4 + key.length + 4);
        out.writeByte(KEYS);
        out.writeInt(1);
        out.writeInt(key.length);
        out.write(key);
        out.writeInt(0);
        return bytes.toByteArray();
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "silent agent");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
