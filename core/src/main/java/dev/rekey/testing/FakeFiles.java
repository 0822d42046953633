package dev.rekey.testing;

import dev.rekey.config.Rendered;
import dev.rekey.manifest.NodePath;
import dev.rekey.spi.FileStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The file system of a member: files, directories, and links that nobody follows. */
final class FakeFiles {
    private final TreeMap<String, Node> nodes = new TreeMap<>();
    private final Set<String> pathless = new HashSet<>();
    private final Supplier<Instant> clock;
    private long version;

    FakeFiles(Supplier<Instant> clock) {
        this.clock = clock;
        nodes.put("/", directory(0, 0, 0755));
    }

    /** Moves with every change. */
    long version() {
        return version;
    }

    @Nullable
    Node at(NodePath path) {
        return nodes.get(path.value());
    }

    /** Parents must be there. */
    void write(NodePath path, byte[] content, int uid, int gid, int mode) {
        if (nodes.put(path.value(), new Node(FileStatus.Type.FILE, content, uid, gid, mode, clock.get())) == null) {
            touch(path.parent());
        }
        version++;
    }

    void makeDirectories(NodePath path, int uid, int gid, int mode) {
        if (nodes.containsKey(path.value())) {
            return;
        }
        makeDirectories(path.parent(), uid, gid, mode);
        nodes.put(path.value(), directory(uid, gid, mode));
        touch(path.parent());
        version++;
    }

    /** An empty file whose name may be in no path. */
    void entry(NodePath directory, String name) {
        String path = directory.value() + "/" + name;
        nodes.put(path, new Node(FileStatus.Type.FILE, new byte[0], 0, 0, 0600, clock.get()));
        if (directory.entry(name).isEmpty()) {
            pathless.add(path);
        }
        touch(directory);
        version++;
    }

    void link(NodePath path) {
        nodes.put(path.value(), new Node(FileStatus.Type.LINK, new byte[0], 0, 0, 0777, clock.get()));
        touch(path.parent());
        version++;
    }

    void setMode(NodePath path, int mode) {
        nodes.computeIfPresent(
                path.value(), (same, old) -> new Node(old.type, old.content, old.uid, old.gid, mode, old.modified));
        version++;
    }

    void remove(NodePath path) {
        if (nodes.remove(path.value()) != null) {
            touch(path.parent());
            version++;
        }
    }

    /** Names in a directory, sorted. */
    List<String> names(NodePath directory) {
        String prefix = directory.value().equals("/") ? "/" : directory.value() + "/";
        List<String> names = new ArrayList<>();
        for (String path : nodes.tailMap(prefix, false).keySet()) {
            if (!path.startsWith(prefix)) {
                break;
            }
            if (path.indexOf('/', prefix.length()) < 0) {
                names.add(path.substring(prefix.length()));
            }
        }
        return names;
    }

    /** All that a path leads to. */
    SortedMap<NodePath, Node> all() {
        SortedMap<NodePath, Node> all = new TreeMap<>();
        nodes.forEach((path, node) -> {
            if (!pathless.contains(path)) {
                all.put(new NodePath(path), node);
            }
        });
        return all;
    }

    private void touch(NodePath directory) {
        nodes.computeIfPresent(directory.value(), (path, old) -> directory(old.uid, old.gid, old.mode));
    }

    private Node directory(int uid, int gid, int mode) {
        return new Node(FileStatus.Type.DIRECTORY, new byte[0], uid, gid, mode, clock.get());
    }

    /** Never changed in place: a new node is a new inode. */
    static final class Node {
        private final FileStatus.Type type;
        private final byte[] content;
        private final int uid;
        private final int gid;
        private final int mode;
        private final Instant modified;
        private @Nullable String sha256;

        private Node(FileStatus.Type type, byte[] content, int uid, int gid, int mode, Instant modified) {
            this.type = type;
            this.content = content;
            this.uid = uid;
            this.gid = gid;
            this.mode = mode;
            this.modified = modified;
        }

        boolean isFile() {
            return type == FileStatus.Type.FILE;
        }

        boolean isDirectory() {
            return type == FileStatus.Type.DIRECTORY;
        }

        boolean writableByOthers() {
            return (mode & 022) != 0;
        }

        /** Not to be changed. */
        byte[] content() {
            return content;
        }

        String sha256() {
            String known = sha256;
            if (known == null) {
                known = Rendered.sha256(content);
                sha256 = known;
            }
            return known;
        }

        FileStatus status() {
            return new FileStatus(type, uid, gid, mode, content.length, modified);
        }
    }
}
