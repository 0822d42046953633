package dev.rekey.testing;

import dev.rekey.ChangedMeanwhileException;
import dev.rekey.NodeException;
import dev.rekey.manifest.NodePath;
import dev.rekey.spi.FileAttributes;
import dev.rekey.spi.FileStatus;
import dev.rekey.spi.Guard;
import dev.rekey.spi.NodeTransport;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A member's file system as the operator sees it. */
final class FakeTransport implements NodeTransport {
    private static final long MILLIS = 5;
    private static final String NO_FILE = "is a directory or a link";
    private static final int LONGEST_NAME = 255;
    private static final long SLOW_MILLIS = 25_000;

    private final World world;
    private final FakeOperator operator;
    private final FakeMember member;
    private boolean closed;

    FakeTransport(World world, FakeOperator operator, FakeMember member) {
        this.world = world;
        this.operator = operator;
        this.member = member;
    }

    @Override
    public Optional<byte[]> read(NodePath path) {
        return operator.look(MILLIS, () -> {
            connect(path);
            FakeFiles.Node node = member.tree().at(path);
            if (node != null && !node.isFile()) {
                throw refused(path, NO_FILE);
            }
            return node == null ? Optional.empty() : Optional.of(node.content().clone());
        });
    }

    @Override
    public void writeAtomically(NodePath path, byte[] content, FileAttributes attributes, List<Guard> guards) {
        byte[] copy = content.clone();
        operator.change(
                "write " + member.name() + ":" + path,
                () -> {
                    connect(path);
                    loseBefore(path);
                    if (path.name().getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
                        throw refused(path, "has a name that is too long");
                    }
                    prepare(path, attributes);
                    check(path, guards);
                    FakeFiles.Node old = member.tree().at(path);
                    if (old != null && !old.isFile()) {
                        throw refused(path, NO_FILE);
                    }
                    member.tree().write(path, copy, attributes.uid(), attributes.gid(), attributes.mode());
                    member.kubelet().written(path);
                    loseAfter(path);
                    return path;
                },
                () -> {
                    prepare(path, attributes);
                    NodePath dotfile = path.parent().resolve(".rekey-" + path.name() + "-" + world.time.now());
                    member.tree().write(dotfile, copy, attributes.uid(), attributes.gid(), attributes.mode());
                });
    }

    @Override
    public void delete(NodePath path, List<Guard> guards) {
        operator.change(
                "delete " + member.name() + ":" + path,
                () -> {
                    connect(path);
                    loseBefore(path);
                    checkParents(path);
                    check(path, guards);
                    if (!member.tree().names(path).isEmpty()) {
                        throw refused(path, "is a directory that is not empty");
                    }
                    remove(path);
                    loseAfter(path);
                    return path;
                },
                () -> moveAway(path));
    }

    /** What a delete leaves that is killed before the moved file is removed. */
    private void moveAway(NodePath path) {
        FakeFiles.Node file = member.tree().at(path);
        if (file != null && file.isFile() && !path.name().startsWith(TEMPORARY_PREFIX)) {
            NodePath directory = path.parent().resolve(TEMPORARY_PREFIX + path.name() + "-" + world.time.now());
            FileStatus status = file.status();
            member.tree().makeDirectories(directory, status.uid(), status.gid(), 0700);
            NodePath away = directory.resolve(TEMPORARY_PREFIX + "away");
            member.tree().write(away, file.content(), status.uid(), status.gid(), status.mode());
            remove(path);
        }
    }

    private void remove(NodePath path) {
        if (member.tree().at(path) != null) {
            member.tree().remove(path);
            member.kubelet().removed(path);
        }
    }

    @Override
    public Optional<FileStatus> stat(NodePath path) {
        return operator.look(MILLIS, () -> {
            connect(path);
            FakeFiles.Node node = member.tree().at(path);
            return node == null ? Optional.empty() : Optional.of(node.status());
        });
    }

    @Override
    public List<String> list(NodePath directory) {
        return operator.look(MILLIS, () -> {
            connect(directory);
            FakeFiles.Node node = member.tree().at(directory);
            if (node != null && !node.isDirectory()) {
                throw refused(directory, "is not a directory");
            }
            return member.tree().names(directory);
        });
    }

    @Override
    public void close() {
        synchronized (world) {
            closed = true;
        }
    }

    private void connect(NodePath path) {
        if (closed) {
            throw new IllegalStateException("this transport was closed");
        }
        if (member.suffers(Fault.TRANSPORT_SLOW)) {
            world.time.advance(SLOW_MILLIS);
        }
        if (member.suffers(Fault.TRANSPORT_DOWN)) {
            throw new NodeException(
                    member.name() + ":" + path + ": the member cannot be reached; nothing was done there."
                            + " Make the same call again when it can be");
        }
    }

    private void loseBefore(NodePath path) {
        if (member.suffers(Fault.CONNECTION_LOST_BEFORE_WRITE)) {
            throw lost(path);
        }
    }

    private void loseAfter(NodePath path) {
        if (member.suffers(Fault.CONNECTION_LOST_AFTER_WRITE)) {
            throw lost(path);
        }
    }

    /** The caller cannot tell the two apart. */
    private NodeException lost(NodePath path) {
        return new NodeException(
                member.name() + ":" + path + ": the connection was lost; whether the change took place is not"
                        + " known. Make the same call again");
    }

    private void prepare(NodePath path, FileAttributes attributes) {
        checkParents(path);
        NodePath parent = path.parent();
        member.tree().makeDirectories(parent, attributes.uid(), attributes.gid(), attributes.directoryMode());
        FakeFiles.Node directory = member.tree().at(parent);
        if (directory != null && directory.writableByOthers()) {
            throw refused(parent, "is a directory that others may write");
        }
    }

    private void checkParents(NodePath path) {
        for (NodePath above = path.parent(); !above.value().equals("/"); above = above.parent()) {
            FakeFiles.@Nullable Node node = member.tree().at(above);
            if (node != null && !node.isDirectory()) {
                throw refused(above, "is not a directory");
            }
        }
    }

    private void check(NodePath path, List<Guard> guards) {
        for (Guard guard : guards) {
            FakeFiles.Node node = member.tree().at(guard.path());
            if (node != null && !node.isFile()) {
                throw refused(guard.path(), NO_FILE);
            }
            String found = node == null ? "" : node.sha256();
            if (!guard.sha256().equals(found)) {
                throw new ChangedMeanwhileException(member.name() + ":" + guard.path() + ": "
                        + (found.isEmpty() ? "there is no such file" : "the file is another one") + "; " + path
                        + " was left as it was. Make the same call again");
            }
        }
    }

    private NodeException refused(NodePath path, String what) {
        return new NodeException(member.name() + ":" + path + " " + what
                + "; nothing was changed. Put that right and make the same call again");
    }
}
