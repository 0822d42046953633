package dev.rekey.ssh;

import com.jcraft.jsch.Channel;
import com.jcraft.jsch.ChannelDirectTCPIP;
import com.jcraft.jsch.ChannelExec;
import com.jcraft.jsch.ChannelSubsystem;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/** One connection to one host, perhaps through others. Safe for threads. */
final class SshSession implements Closeable {
    /** Opening a channel is one round trip and, for a command, one fork. */
    private static final int OPEN_MILLIS = 10_000;

    private static final int END_MILLIS = 1_000;

    /** How long a dying session may seem to live. */
    private static final int VERDICT_MILLIS = 1_000;

    private final Session session;
    private final Wire wire;
    private final @Nullable SshSession jump;
    private final Runnable release;
    private volatile boolean ending;

    /** @param release gives the jump host back, once */
    SshSession(Session session, Wire wire, @Nullable SshSession jump, Runnable release) {
        this.session = session;
        this.wire = wire;
        this.jump = jump;
        this.release = release;
    }

    boolean isAlive() {
        return session.isConnected();
    }

    /** Returns once it is dead, or alive after all. */
    void awaitDeath(long millis) throws IOException {
        long until = System.nanoTime() + millis * 1_000_000;
        while (isAlive() && System.nanoTime() < until) {
            pause();
        }
    }

    RemoteChannel exec(String command) throws IOException {
        ChannelExec channel = (ChannelExec) open("exec");
        channel.setCommand(command);
        RemoteChannel.Errors errors = new RemoteChannel.Errors();
        channel.setErrStream(errors);
        return start(channel, errors);
    }

    RemoteChannel subsystem(String name) throws IOException {
        ChannelSubsystem channel = (ChannelSubsystem) open("subsystem");
        channel.setSubsystem(name);
        channel.setWantReply(true);
        RemoteChannel.Errors errors = new RemoteChannel.Errors();
        channel.setErrStream(errors);
        return start(channel, errors);
    }

    private RemoteChannel start(Channel channel, RemoteChannel.Errors errors) throws IOException {
        ChannelInput in = new ChannelInput();
        channel.setOutputStream(in.sink());
        RemoteChannel made = new RemoteChannel(channel, in, channel.getOutputStream(), errors);
        connect(channel, OPEN_MILLIS);
        return made;
    }

    /** A connection that the host makes, to {@code host} as it resolves it. */
    ChannelSocket.DirectChannel dial(String host, int port, int millis) throws IOException {
        ChannelDirectTCPIP channel = (ChannelDirectTCPIP) open("direct-tcpip");
        channel.setHost(host);
        channel.setPort(port);
        channel.setOrgIPAddress("127.0.0.1");
        channel.setOrgPort(0);
        ChannelInput in = new ChannelInput();
        channel.setOutputStream(in.sink(() -> howItEnds(channel)));
        ChannelSocket.DirectChannel made = new ChannelSocket.DirectChannel(channel, in, channel.getOutputStream());
        connect(channel, millis);
        return made;
    }

    /** JSch ends a channel in the same way when the other side closes it and when the connection dies under it. */
    private ChannelInput.Ending howItEnds(Channel channel) {
        if (!channel.isClosed()) {
            return ChannelInput.Ending.CLEAN;
        }
        int reads = wire.reads();
        return () -> {
            if (!goesOn(reads)) {
                throw new SocketException(
                        "the SSH connection to " + session.getUserName() + "@" + session.getHost() + " was lost");
            }
        };
    }

    /** Only the thread of a session that lives on reads from the wire again. */
    private boolean goesOn(int readsBefore) throws IOException {
        long until = System.nanoTime() + VERDICT_MILLIS * 1_000_000L;
        while (!ending && isAlive() && System.nanoTime() < until) {
            if (wire.reads() != readsBefore) {
                return true;
            }
            pause();
        }
        return false;
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted");
        }
    }

    private Channel open(String type) throws IOException {
        try {
            Channel channel = session.openChannel(type);
            // JSch's way to say that the session died just now.
            if (channel != null) {
                return channel;
            }
        } catch (JSchException e) {
            throw new IOException("the connection was lost");
        }
        throw new IOException("the connection was lost");
    }

    private void connect(Channel channel, int millis) throws IOException {
        try {
            channel.connect(millis);
        } catch (JSchException e) {
            if (!session.isConnected()) {
                throw new IOException("the connection was lost");
            }
            throw new ChannelRefusedException(channel.getExitStatus(), String.valueOf(e.getMessage()));
        }
    }

    /** Frees every thread that waits for this connection. */
    void abort() {
        ending = true;
        wire.cut();
        session.disconnect();
    }

    /** Where cutting this connection did not help, since the one below it is stuck. */
    void abortJump() {
        if (jump != null) {
            jump.abort();
            jump.abortJump();
        }
    }

    /** As {@link #abort}, from a thread that must not hang. */
    void abortBounded() {
        bounded(this::abort);
    }

    /** JSch may wait for a lock that a stuck write holds, here or in a connection below: then these are cut too. */
    private void bounded(Runnable end) {
        Thread thread = new Thread(end, "rekey-ssh end");
        thread.setDaemon(true);
        thread.start();
        try {
            thread.join(END_MILLIS);
            if (thread.isAlive()) {
                wire.abandon();
                abortJump();
                thread.join(END_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        ending = true;
        bounded(() -> {
            wire.linger();
            session.disconnect();
            wire.cut();
        });
        wire.awaitEnd(2_000);
        release.run();
    }
}
