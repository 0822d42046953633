package dev.rekey.ssh;

import dev.rekey.InvalidInputException;
import dev.rekey.NodeException;
import dev.rekey.RekeyException;
import dev.rekey.StoppedException;
import dev.rekey.manifest.NodePath;
import dev.rekey.spi.FileAttributes;
import dev.rekey.spi.FileStatus;
import dev.rekey.spi.Guard;
import dev.rekey.spi.NodeTransport;
import dev.rekey.spi.TunnelCapable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.SocketFactory;

/**
 * The files of a member over SSH, as root or through {@code sudo -n}.
 *
 * <pre>{@code
 * try (SshTransport member = SshTransport.to("10.0.0.1").user("root").privateKey(Path.of("id_ed25519"))
 *         .knownHosts(Path.of("known_hosts")).connect()) {
 *     member.read(NodePath.of("/etc/kubernetes/manifests/kube-apiserver.yaml"));
 * }
 * }</pre>
 *
 * <p>Host keys are always checked. One session serves all operations, from any number of threads. Where the connection is lost,
 * one new one is made for what can safely be repeated: reading, a write or deletion that had not come to the step that others see, and
 * what makes that step durable.
 *
 * <p>An operation that runs out of its time cuts the session, so that nothing of it is sent late; tunnels and other operations on that
 * session end with it.
 */
public final class SshTransport implements NodeTransport, TunnelCapable {
    private final Hop hop;
    private final Duration operationTimeout;
    private final Workers workers;
    private final Connection connection;
    private final Leftovers leftovers = new Leftovers();

    SshTransport(Hop hop, Duration operationTimeout, Workers workers, Connection connection) {
        this.hop = hop;
        this.operationTimeout = operationTimeout;
        this.workers = workers;
        this.connection = connection;
    }

    /** Begins with the name or address of a host, as the file of known hosts has it. Nothing is dialled yet. */
    public static SshConnector to(CharSequence host) {
        return new SshConnector(host.toString());
    }

    @Override
    public Optional<byte[]> read(NodePath path) {
        return ask(path, "reading", files -> files.read(path));
    }

    @Override
    public Optional<FileStatus> stat(NodePath path) {
        return ask(path, "looking at", files -> files.stat(path));
    }

    @Override
    public List<String> list(NodePath directory) {
        return ask(directory, "listing", files -> files.list(directory));
    }

    @Override
    public void writeAtomically(NodePath path, byte[] content, FileAttributes attributes, List<Guard> guards) {
        if (content.length > HostFiles.LIMIT) {
            throw new InvalidInputException(path + ": " + content.length
                    + " bytes are more than the 10 MiB that are read" + " back. Nothing was changed. Write less");
        }
        if (((attributes.mode() | attributes.directoryMode()) & ~0777) != 0) {
            throw new InvalidInputException(path + ": a mode has other bits than the nine of permissions. Nothing was"
                    + " changed. Write it in octal, as 0600");
        }
        byte[] copy = content.clone();
        List<Guard> checked = List.copyOf(guards);
        change(
                path,
                "writing",
                Guard.holds(path, copy),
                (files, commit) -> files.write(path, copy, attributes, checked, commit));
    }

    @Override
    public void delete(NodePath path, List<Guard> guards) {
        List<Guard> checked = List.copyOf(guards);
        change(path, "deleting", Guard.absent(path), (files, commit) -> files.delete(path, checked, commit));
    }

    /**
     * {@inheritDoc}
     *
     * <p>The host's sshd must allow it: {@code AllowTcpForwarding local}, or {@code yes}. A refused connection is a {@link
     * java.net.ConnectException}, one that does not come about in time (20 s unless given) a {@link
     * java.net.SocketTimeoutException}, a lost SSH connection a {@link java.net.SocketException} and never an end of stream. What
     * nobody reads is kept in memory, at most 64 MiB or an eighth of the heap a socket; one with more is ended with an error.
     */
    @Override
    public SocketFactory tunnel() {
        return new TunnelSocketFactory((host, port, millis) -> {
            Attempt attempt = new Attempt(Duration.ofMillis(millis));
            try {
                return workers.run(attempt, () -> {
                    SshSession session = connection.session(attempt);
                    attempt.sparesConnection();
                    return inTime(attempt, session.dial(host, port, attempt.remainingMillis()));
                });
            } catch (StoppedException e) {
                throw new InterruptedIOException(e.getMessage());
            } catch (IOException | RekeyException | IllegalStateException e) {
                // Whoever uses sockets is ready for their own kinds of failure only.
                throw TunnelSocketFactory.failed(hop.where(), host + ":" + port, attempt, e);
            }
        });
    }

    /** A channel that opened when nobody waits for it any more would stay open for as long as the session. */
    private static ChannelSocket.DirectChannel inTime(Attempt attempt, ChannelSocket.DirectChannel made)
            throws IOException {
        if (attempt.expired()) {
            made.channel().disconnect();
            throw new IOException("it did not answer in time");
        }
        return made;
    }

    private interface Question<T> {
        T ask(FileOperations files) throws IOException;
    }

    private interface Change {
        void make(FileOperations files, Commit commit) throws IOException;
    }

    private <T> T ask(NodePath path, String doing, Question<T> question) {
        Attempt attempt = new Attempt(operationTimeout);
        try {
            return workers.run(
                    attempt, () -> connection.use(attempt, files -> question.ask(operations(files)), () -> true));
        } catch (IOException e) {
            throw Complaint.of(hop.where(), path, doing, e, Complaint.NOTHING_CHANGED);
        }
    }

    /** @param made what stands at the path when it is done */
    private void change(NodePath path, String doing, Guard made, Change change) {
        Attempt attempt = new Attempt(operationTimeout);
        Commit commit = new Commit(attempt);
        try {
            workers.run(
                    attempt,
                    () -> connection.use(
                            attempt,
                            files -> {
                                if (commit.stage() == Commit.Stage.BEFORE) {
                                    change.make(operations(files), commit);
                                } else {
                                    operations(files).settle(made, commit);
                                }
                                return true;
                            },
                            () -> commit.stage() != Commit.Stage.BEGUN));
        } catch (IOException e) {
            throw Complaint.of(hop.where(), path, doing, e, Complaint.whatStands(commit, e));
        } catch (NodeException e) {
            throw Complaint.withTraces(e, commit);
        }
    }

    private FileOperations operations(HostFiles files) {
        return new FileOperations(hop.where(), files, leftovers);
    }

    /** The first connection, so that what is wrong is told before anything depends on it. */
    SshTransport open(Duration limit) {
        Attempt attempt = new Attempt(limit);
        boolean opened = false;
        try {
            workers.run(attempt, () -> {
                connection.open(attempt);
                return true;
            });
            opened = true;
            return this;
        } catch (IOException e) {
            String advice = e instanceof EndedException ended
                    ? ended.advice()
                    : "Check address, port and firewall, and look at sshd's log there; then make the same call again";
            throw new NodeException("host " + hop.where() + ": it cannot be reached: " + e.getMessage()
                    + ". Nothing was changed. " + advice);
        } finally {
            if (!opened) {
                close();
            }
        }
    }

    /**
     * Within about a second, from any thread: operations under way end with a {@link NodeException} that says so and what stands,
     * sockets of the tunnel end, and no thread of this transport lives on, also where an agent or a host does not answer. The one
     * exception is a thread inside a callback for a passphrase, or inside a lookup of a host's name, which nobody else can end: it was
     * interrupted, is a daemon, and does nothing more for the transport when it comes back.
     */
    @Override
    public void close() {
        workers.close();
        connection.close();
        workers.awaitEnd();
    }

    @Override
    public String toString() {
        return "SshTransport[" + hop.where() + "]";
    }
}
