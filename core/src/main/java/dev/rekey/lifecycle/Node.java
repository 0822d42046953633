package dev.rekey.lifecycle;

import dev.rekey.NodeException;
import dev.rekey.config.Rendered;
import dev.rekey.manifest.NodeLayout;
import dev.rekey.manifest.NodePath;
import dev.rekey.spi.FileAttributes;
import dev.rekey.spi.FileStatus;
import dev.rekey.spi.Guard;
import dev.rekey.spi.NodeTransport;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** A member's files, through its transport; whatever a transport throws comes out as an exception of Rekey's that names the member. */
record Node(String name, NodeLayout layout, NodeTransport transport) {

    Optional<Rendered> read(NodePath path) {
        return call(() -> transport.read(path)).map(Rendered::of);
    }

    Optional<FileStatus> stat(NodePath path) {
        return call(() -> transport.stat(path));
    }

    List<String> list(NodePath directory) {
        return call(() -> transport.list(directory));
    }

    void write(NodePath path, Rendered content, FileAttributes attributes, Guard... guards) {
        run(() -> transport.writeAtomically(path, content.exposeBytes(), attributes, List.of(guards)));
    }

    void delete(NodePath path, Guard... guards) {
        run(() -> transport.delete(path, List.of(guards)));
    }

    /** Removes what {@link #leftovers} found; a directory with what was moved into it. */
    void sweep(NodePath leftover, Guard... guards) {
        if (isDirectory(leftover)) {
            list(leftover).stream()
                    .flatMap(name -> leftover.entry(name).stream())
                    .forEach(moved -> delete(moved, guards));
        }
        delete(leftover, guards);
    }

    /** Removes a directory if nothing is in it. */
    void deleteIfEmpty(NodePath directory, Guard... guards) {
        if (isDirectory(directory) && list(directory).isEmpty()) {
            delete(directory, guards);
        }
    }

    private boolean isDirectory(NodePath path) {
        return stat(path)
                .filter(status -> status.type() == FileStatus.Type.DIRECTORY)
                .isPresent();
    }

    /** Temporary entries of Rekey in the directories that it writes to, and beside those of them that are not there yet. */
    List<NodePath> leftovers() {
        NodePath manifests = layout.manifest().parent();
        Set<NodePath> found = new LinkedHashSet<>(temporary(manifests, list(manifests)));
        Set<NodePath> beside = new LinkedHashSet<>();
        for (NodePath directory : List.of(layout.configurationDirectory(), layout.stateDirectory())) {
            List<String> names = list(directory);
            found.addAll(temporary(directory, names));
            // A directory is made under a temporary name too, and may have been left under it.
            if (names.isEmpty()) {
                beside.add(directory.parent());
            }
        }
        beside.forEach(parent -> found.addAll(temporary(parent, list(parent))));
        return List.copyOf(found);
    }

    private static List<NodePath> temporary(NodePath directory, List<String> names) {
        return names.stream()
                .filter(name -> name.startsWith(NodeTransport.TEMPORARY_PREFIX))
                .flatMap(name -> directory.entry(name).stream())
                .toList();
    }

    private <T> T call(Supplier<T> operation) {
        return Plugs.call("the transport of member " + name, () -> {
            try {
                return operation.get();
            } catch (NodeException e) {
                // A transport knows its host, and not what the caller calls it.
                throw new NodeException("member " + name + ": " + e.getMessage());
            }
        });
    }

    private void run(Runnable operation) {
        call(() -> {
            operation.run();
            return true;
        });
    }
}
