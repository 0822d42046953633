package dev.rekey.spi;

import dev.rekey.RefusedException;
import dev.rekey.manifest.NodePath;
import java.nio.file.FileSystems;
import java.util.List;
import java.util.Optional;

/**
 * The files of this very machine, for a process that runs on the member, as root or as a user who owns what it writes.
 *
 * <p>Beyond what {@link NodeTransport} asks: a directory is refused where it, or one above it, is writable by group or others
 * (one above may be root's and sticky, as {@code /tmp} is); the directory itself may be no symbolic link, one above it may
 * ({@code /var/run} often is). Access control lists are not looked at. Owners are set only where they differ, so that no root is
 * needed for files of the caller's own.
 *
 * <p>A new file gets the SELinux label that the policy gives to a file made in that directory by this process; a label that
 * was set by hand ({@code chcon}) on the file it replaces is not carried over, since Java cannot read it.
 *
 * <p>A thread's interrupt is neither lost nor does it break an operation. Nothing can end a call to a file system that hangs;
 * but a write whose preparation took more than 30 s is given up before its rename, so that a lock that it trusted is not stale.
 */
public final class LocalTransport implements NodeTransport {

    /** Refuses a machine whose files have no numeric owners and permission bits. */
    public LocalTransport() {
        if (!FileSystems.getDefault().supportedFileAttributeViews().contains("unix")) {
            throw new RefusedException(
                    "this machine's files have no numeric owners and permission bits, so it is no member"
                            + " of a control plane. Nothing was changed. Reach the member through another transport");
        }
    }

    @Override
    public Optional<byte[]> read(NodePath path) {
        return LocalFiles.read(path);
    }

    @Override
    public void writeAtomically(NodePath path, byte[] content, FileAttributes attributes, List<Guard> guards) {
        new LocalWrite(path, content, attributes, guards).run();
    }

    @Override
    public void delete(NodePath path, List<Guard> guards) {
        new LocalDelete(path, guards).run();
    }

    @Override
    public Optional<FileStatus> stat(NodePath path) {
        return LocalFiles.stat(path);
    }

    @Override
    public List<String> list(NodePath directory) {
        return LocalDirectories.list(directory);
    }

    /** Nothing is held between calls. */
    @Override
    public void close() {}
}
