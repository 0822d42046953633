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
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One connection to one host, perhaps through others. Safe for threads. */
final class SshSession implements Closeable {
    /** Longer than any operation, which ends by its own time: a slow link is not taken for one that refuses. */
    private static final int OPEN_MILLIS = 30_000;

    private static final int END_MILLIS = 300;

    /** How long a dying session may seem to live. */
    private static final int VERDICT_MILLIS = 1_000;

    private final Session session;
    private final Wire wire;
    private final @Nullable SshSession jump;
    private final Runnable release;
    private volatile boolean ending;

    /** Threads that wait for the answer to an opening, which JSch does not wake when the session dies. */
    private final Set<Thread> openers = new HashSet<>();

    /** @param release gives the jump host back, once */
    SshSession(Session session, Wire wire, @Nullable SshSession jump, Runnable release) {
        this.session = session;
        this.wire = wire;
        this.jump = jump;
        this.release = release;
        wire.tell(new Wire.Events() {
            @Override
            public void silent() {
                askWhetherItLives();
            }

            @Override
            public void ended() {
                wakeOpeners();
            }
        });
    }

    private void askWhetherItLives() {
        try {
            session.sendKeepAliveMsg();
        } catch (Exception e) { // As JSch declares it.
            System.getLogger("dev.rekey.ssh").log(System.Logger.Level.DEBUG, "the host could not be asked: {0}", e);
        }
    }

    private void wakeOpeners() {
        synchronized (openers) {
            openers.forEach(Thread::interrupt);
        }
    }

    boolean isAlive() {
        return session.isConnected() && !wire.broken();
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
            throw lost();
        }
        throw lost();
    }

    private void connect(Channel channel, int millis) throws IOException {
        synchronized (openers) {
            openers.add(Thread.currentThread());
        }
        try {
            if (!isAlive()) {
                throw lost();
            }
            channel.connect(millis);
        } catch (JSchException e) {
            throw why(channel, String.valueOf(e.getMessage()));
        } finally {
            synchronized (openers) {
                openers.remove(Thread.currentThread());
                // What woke this thread is told by what is thrown.
                Thread.interrupted();
            }
        }
    }

    /** JSch says the same of a refusal, of no answer, and of a wait that was broken off. */
    private IOException why(Channel channel, String text) {
        if (!isAlive()) {
            return lost();
        }
        boolean opened = !text.contains("not opened");
        boolean answered = opened ? !text.contains("timeout") : channel.isClosed();
        return answered
                ? new ChannelRefusedException(channel.getExitStatus(), text)
                : new IOException("it did not answer when a channel was to be opened");
    }

    private static IOException lost() {
        return new IOException("the connection was lost");
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

    /** JSch may wait for a lock that a stuck write holds: here, or in a connection below, which others may share. */
    private void bounded(Runnable end) {
        Thread thread = Workers.start(end);
        Workers.join(thread, END_MILLIS);
        if (!thread.isAlive()) {
            return;
        }
        Thread cut = Workers.start(wire::cut);
        Workers.join(thread, END_MILLIS);
        if (thread.isAlive()) {
            abortJump();
            Workers.join(thread, END_MILLIS);
        }
        Workers.join(cut, END_MILLIS);
    }

    @Override
    public void close() {
        close(() -> {});
    }

    /** @param first what is to be ended before, which may hang as this may */
    void close(Runnable first) {
        ending = true;
        bounded(() -> {
            first.run();
            wire.linger();
            session.disconnect();
            wire.cut();
        });
        wire.awaitEnd(END_MILLIS);
        release.run();
    }
}
