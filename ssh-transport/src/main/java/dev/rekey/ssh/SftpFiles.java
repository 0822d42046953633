package dev.rekey.ssh;

import dev.rekey.manifest.NodePath;
import dev.rekey.spi.FileStatus;
import dev.rekey.ssh.HostFileException.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The steps over OpenSSH's sftp-server: no shell, no path that is taken for a pattern, nothing on a command line. */
final class SftpFiles implements HostFiles {
    private static final int SIZE_FLAG_NONE = 0;
    private static final int OWNER_AND_MODE = 2 | 4;
    private static final int MODE_ONLY = 4;

    private final SftpClient sftp;
    private final Runnable end;

    /** @param end ends what carries the client */
    SftpFiles(SftpClient sftp, Runnable end) {
        this.sftp = sftp;
        this.end = end;
    }

    @Override
    public Optional<FileStatus> stat(NodePath path) throws IOException {
        try {
            return Optional.of(sftp.attributes(sftp.request(SftpPacket.LSTAT).string(path.value()))
                    .toStatus());
        } catch (SftpStatusException e) {
            if (e.status() == SftpStatusException.NO_SUCH_FILE) {
                return Optional.empty();
            }
            throw refusal(e, path);
        }
    }

    @Override
    public List<Optional<FileStatus>> look(List<NodePath> paths, List<NodePath> followed) throws IOException {
        List<SftpPacket> packets = new ArrayList<>();
        for (NodePath path : paths) {
            packets.add(sftp.request(SftpPacket.LSTAT).string(path.value()));
        }
        for (NodePath path : followed) {
            packets.add(sftp.request(SftpPacket.STAT).string(path.value()));
        }
        try {
            List<Optional<FileStatus>> all = new ArrayList<>();
            for (Optional<SftpAttributes> found : sftp.attributes(packets)) {
                all.add(
                        found.isEmpty()
                                ? Optional.empty()
                                : Optional.of(found.get().toStatus()));
            }
            return all;
        } catch (SftpStatusException e) {
            throw refusal(e, paths.isEmpty() ? followed.get(0) : paths.get(0));
        }
    }

    @Override
    public Optional<byte[]> read(NodePath path, FileStatus shown) throws IOException {
        byte @Nullable [] handle = null;
        try {
            handle = open(path, SftpClient.FOR_READING);
            return Optional.of(sftp.readAll(handle, shown.size(), LIMIT));
        } catch (SftpStatusException e) {
            if (handle == null && e.status() == SftpStatusException.NO_SUCH_FILE) {
                return Optional.empty();
            }
            throw refusal(e, path);
        } finally {
            closeQuietly(handle);
        }
    }

    @Override
    public List<String> list(NodePath directory) throws IOException {
        byte @Nullable [] handle = null;
        try {
            handle = sftp.handle(sftp.request(SftpPacket.OPENDIR).string(directory.value()));
            List<String> all = new ArrayList<>();
            while (true) {
                List<String> names = sftp.names(sftp.request(SftpPacket.READDIR).string(handle, 0, handle.length));
                if (names.isEmpty()) {
                    break;
                }
                all.addAll(names);
            }
            all.removeAll(List.of(".", ".."));
            return all;
        } catch (SftpStatusException e) {
            throw refusal(e, directory);
        } finally {
            closeQuietly(handle);
        }
    }

    @Override
    public void makeDirectory(NodePath path, int uid, int gid, int mode) throws IOException {
        try {
            make(path, mode & 0700);
            finish(open(path, SftpClient.FOR_READING), uid, gid, mode);
        } catch (SftpStatusException e) {
            throw refusal(e, path);
        }
    }

    @Override
    public void makePrivateDirectory(NodePath path) throws IOException {
        try {
            make(path, 0700);
        } catch (SftpStatusException e) {
            throw refusal(e, path);
        }
    }

    private void make(NodePath directory, int mode) throws IOException {
        sftp.done(sftp.request(SftpPacket.MKDIR)
                .string(directory.value())
                .uint32(MODE_ONLY)
                .uint32(mode));
    }

    @Override
    public void create(NodePath path, byte[] content, int uid, int gid, int mode) throws IOException {
        byte @Nullable [] handle = null;
        try {
            handle = sftp.handle(sftp.request(SftpPacket.OPEN)
                    .string(path.value())
                    .uint32(SftpClient.FOR_WRITING | SftpClient.CREATE | SftpClient.EXCLUSIVE)
                    .uint32(MODE_ONLY)
                    .uint32(mode & 0600));
            sftp.writeAll(handle, content);
            byte[] open = handle;
            handle = null;
            finish(open, uid, gid, mode);
        } catch (SftpStatusException e) {
            throw refusal(e, path);
        } finally {
            closeQuietly(handle);
        }
        FileStatus made = stat(path).orElseThrow(() -> new HostFileException(Reason.OTHER, "the new file is gone"));
        if (made.size() != content.length || made.uid() != uid || made.gid() != gid || made.mode() != mode) {
            throw new HostFileException(
                    Reason.OTHER,
                    "the new file has " + made.size() + " bytes, owner " + made.uid() + ":" + made.gid() + " and mode 0"
                            + Integer.toOctalString(made.mode()) + " instead of what was asked for");
        }
    }

    @Override
    public void renameDirectory(NodePath from, NodePath to) throws IOException {
        try {
            // Not the extension: this one refuses what is there, and the other would replace an empty directory.
            sftp.done(sftp.request(SftpPacket.RENAME).string(from.value()).string(to.value()));
        } catch (SftpStatusException e) {
            throw stat(to).isPresent() ? exists(to) : refusal(e, to);
        }
    }

    @Override
    public void rename(NodePath from, NodePath to) throws IOException {
        extended(SftpClient.POSIX_RENAME, from, to);
    }

    @Override
    public void link(NodePath from, NodePath to) throws IOException {
        try {
            extended(SftpClient.HARD_LINK, from, to);
        } catch (HostFileException e) {
            // The server has one number for all: only looking tells.
            throw stat(to).isPresent() ? exists(to) : e;
        }
    }

    @Override
    public void removeFile(NodePath path) throws IOException {
        try {
            sftp.done(sftp.request(SftpPacket.REMOVE).string(path.value()));
        } catch (SftpStatusException e) {
            throw refusal(e, path);
        }
    }

    @Override
    public void removeDirectory(NodePath path) throws IOException {
        try {
            sftp.done(sftp.request(SftpPacket.RMDIR).string(path.value()));
        } catch (SftpStatusException e) {
            HostFileException refusal = refusal(e, path);
            if (refusal.reason() == Reason.OTHER && !list(path).isEmpty()) {
                throw new HostFileException(Reason.NOT_EMPTY, "the directory is not empty");
            }
            throw refusal;
        }
    }

    @Override
    public void sync(NodePath directory) throws IOException {
        try {
            syncAndClose(open(directory, SftpClient.FOR_READING));
        } catch (SftpStatusException e) {
            throw refusal(e, directory);
        }
    }

    /** Where a symbolic link leads; empty where the server cannot tell. */
    String readLink(String path) throws IOException {
        try {
            List<String> names = sftp.names(sftp.request(SftpPacket.READLINK).string(path));
            return names.isEmpty() ? "" : names.get(0);
        } catch (SftpStatusException e) {
            return "";
        }
    }

    private byte[] open(NodePath path, int flags) throws IOException {
        return sftp.handle(
                sftp.request(SftpPacket.OPEN).string(path.value()).uint32(flags).uint32(SIZE_FLAG_NONE));
    }

    private void extended(String request, NodePath from, NodePath to) throws IOException {
        try {
            sftp.done(sftp.extended(request).string(from.value()).string(to.value()));
        } catch (SftpStatusException e) {
            throw refusal(e, to);
        }
    }

    /** Closes the handle in any case: one that was forgotten would stay open as long as the kept channel. */
    private void finish(byte[] handle, int uid, int gid, int mode) throws IOException {
        try {
            sftp.done(sftp.request(SftpPacket.FSETSTAT)
                    .string(handle, 0, handle.length)
                    .uint32(OWNER_AND_MODE)
                    .uint32(uid)
                    .uint32(gid)
                    .uint32(mode));
        } catch (SftpStatusException e) {
            closeQuietly(handle);
            throw e;
        }
        syncAndClose(handle);
    }

    private void syncAndClose(byte[] handle) throws IOException {
        try {
            sftp.done(sftp.extended(SftpClient.SYNC).string(handle, 0, handle.length));
        } catch (SftpStatusException e) {
            closeQuietly(handle);
            throw e;
        }
        sftp.done(sftp.request(SftpPacket.CLOSE).string(handle, 0, handle.length));
    }

    private void closeQuietly(byte @Nullable [] handle) throws IOException {
        if (handle != null) {
            try {
                sftp.done(sftp.request(SftpPacket.CLOSE).string(handle, 0, handle.length));
            } catch (SftpStatusException e) {
                // A handle that was only read, or whose file is given up.
                return;
            }
        }
    }

    private static HostFileException exists(NodePath path) {
        return new HostFileException(Reason.EXISTS, path + " is there already");
    }

    private HostFileException refusal(SftpStatusException e, NodePath path) throws IOException {
        return SftpRefusal.of(sftp, e, path);
    }

    @Override
    public boolean keepsChannel() {
        return true;
    }

    @Override
    public void close() {
        end.run();
    }
}
