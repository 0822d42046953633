package dev.rekey.ssh;

import dev.rekey.manifest.NodePath;
import dev.rekey.spi.FileStatus;
import dev.rekey.ssh.HostFileException.Reason;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The steps of a host without a host, each announced before it takes place, and a change again before its answer. */
final class MemoryFiles implements HostFiles {
    final TreeMap<NodePath, Entry> entries = new TreeMap<>();
    final List<String> steps = new ArrayList<>();
    private final Before before;

    MemoryFiles(Before before) {
        this.before = before;
        entries.put(NodePath.of("/"), new Entry(FileStatus.Type.DIRECTORY, new byte[0], 0, 0, 0755));
    }

    /** Runs before a step, and may end it; with {@code name + " done"} once it took place. */
    interface Before {
        void step(String name, NodePath path) throws IOException;
    }

    record Entry(FileStatus.Type type, byte[] content, int uid, int gid, int mode) {
        FileStatus status() {
            return new FileStatus(type, uid, gid, mode, content.length, Instant.EPOCH);
        }
    }

    void put(NodePath path, byte[] content) {
        entries.put(path, new Entry(FileStatus.Type.FILE, content, 0, 0, 0600));
    }

    private void step(String name, NodePath path) throws IOException {
        steps.add(name + " " + path.value().replaceAll("\\.rekey-[0-9a-f]{16}", ".rekey-*"));
        before.step(name, path);
    }

    private Entry present(NodePath path) throws HostFileException {
        Entry entry = entries.get(path);
        if (entry == null) {
            throw new HostFileException(Reason.ABSENT, "there is no such file");
        }
        return entry;
    }

    private void requireAbsent(NodePath path) throws HostFileException {
        if (entries.containsKey(path)) {
            throw new HostFileException(Reason.EXISTS, path + " is there already");
        }
        present(path.parent());
    }

    @Override
    public Optional<FileStatus> stat(NodePath path) throws IOException {
        step("stat", path);
        return Optional.ofNullable(entries.get(path)).map(Entry::status);
    }

    @Override
    public List<Optional<FileStatus>> look(List<NodePath> paths, List<NodePath> followed) throws IOException {
        step("look", paths.isEmpty() ? followed.get(0) : paths.get(0));
        return Stream.concat(paths.stream(), followed.stream())
                .map(path -> Optional.ofNullable(entries.get(path)).map(Entry::status))
                .toList();
    }

    @Override
    public Optional<byte[]> read(NodePath path, FileStatus shown) throws IOException {
        step("read", path);
        return Optional.ofNullable(entries.get(path)).map(Entry::content);
    }

    @Override
    public List<String> list(NodePath directory) throws IOException {
        step("list", directory);
        return entries.keySet().stream()
                .filter(path -> path.parent().equals(directory) && !path.equals(directory))
                .map(NodePath::name)
                .toList();
    }

    @Override
    public void makeDirectory(NodePath path, int uid, int gid, int mode) throws IOException {
        step("makeDirectory", path);
        requireAbsent(path);
        entries.put(path, new Entry(FileStatus.Type.DIRECTORY, new byte[0], uid, gid, mode));
        before.step("makeDirectory done", path);
    }

    @Override
    public void makePrivateDirectory(NodePath path) throws IOException {
        makeDirectory(path, 0, 0, 0700);
    }

    @Override
    public void create(NodePath path, byte[] content, int uid, int gid, int mode) throws IOException {
        step("create", path);
        requireAbsent(path);
        entries.put(path, new Entry(FileStatus.Type.FILE, content, uid, gid, mode));
        before.step("create done", path);
    }

    @Override
    public void renameDirectory(NodePath from, NodePath to) throws IOException {
        step("renameDirectory", to);
        requireAbsent(to);
        entries.put(to, present(from));
        entries.remove(from);
        before.step("renameDirectory done", to);
    }

    @Override
    public void rename(NodePath from, NodePath to) throws IOException {
        step("rename", to);
        present(to.parent());
        entries.put(to, present(from));
        entries.remove(from);
        before.step("rename done", to);
    }

    @Override
    public void link(NodePath from, NodePath to) throws IOException {
        step("link", to);
        requireAbsent(to);
        entries.put(to, present(from));
        before.step("link done", to);
    }

    @Override
    public void removeFile(NodePath path) throws IOException {
        step("removeFile", path);
        present(path);
        entries.remove(path);
        before.step("removeFile done", path);
    }

    @Override
    public void removeDirectory(NodePath path) throws IOException {
        step("removeDirectory", path);
        present(path);
        if (entries.keySet().stream().anyMatch(each -> !each.equals(path) && each.isIn(path))) {
            throw new HostFileException(Reason.NOT_EMPTY, "the directory is not empty");
        }
        entries.remove(path);
        before.step("removeDirectory done", path);
    }

    @Override
    public void sync(NodePath directory) throws IOException {
        step("sync", directory);
        present(directory);
        before.step("sync done", directory);
    }

    @Override
    public boolean keepsChannel() {
        return true;
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
