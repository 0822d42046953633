package dev.rekey.lifecycle;

import dev.rekey.NodeException;
import dev.rekey.NotProvedException;
import dev.rekey.config.Rendered;
import dev.rekey.manifest.NodePath;
import dev.rekey.spi.ApiServerStatus;
import dev.rekey.spi.FileAttributes;
import dev.rekey.spi.Guard;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Edits of a manifest, which restart the apiserver: one member at a time, proved before the next. Where it does not become ready,
 * our own edit is put back, and only if the file still is what was written.
 */
final class Restarts {
    private final Standing standing;
    private final Locks locks;
    private final Waiting waiting;

    Restarts(Standing standing, Locks locks, Waiting waiting) {
        this.standing = standing;
        this.locks = locks;
        this.waiting = waiting;
    }

    /** {@code written} is told once the file is there; then the apiserver is waited for. */
    void edit(Node node, UnaryOperator<String> change, Runnable written) {
        NodePath path = node.layout().manifest();
        Rendered before = node.read(path)
                .orElseThrow(() -> new NodeException("member " + node.name() + ": the manifest " + path
                        + " is gone; put it back," + " then make the same call again"));
        String text = new String(before.exposeBytes(), StandardCharsets.UTF_8);
        String edited = change.apply(text);
        ApiServerStatus running = waiting.status(node.name());
        if (edited.equals(text)) {
            written.run();
            waiting.untilReady(standing, node.name());
            return;
        }
        Rendered after = Rendered.of(edited);
        write(node, path, before, after);
        standing.wrote(node.name(), path, after);
        written.run();
        if (!waiting.untilRestarted(standing, node.name(), running)) {
            putBack(node, path, before, after);
        }
    }

    private void putBack(Node node, NodePath path, Rendered before, Rendered after) {
        Optional<Rendered> there = node.read(path);
        String found = "member " + node.name() + ": its apiserver did not become ready after " + path + " was edited. ";
        if (!there.equals(Optional.of(after))) {
            throw new NotProvedException(
                    found + "Somebody has changed the manifest since, so it was left as it is. Look at the"
                            + " apiserver's log on that host, then make the same call again");
        }
        write(node, path, after, before);
        standing.wrote(node.name(), path, before);
        boolean up = waiting.untilUp(node.name());
        throw new NotProvedException(found + "The edit was put back, and the apiserver is "
                + (up ? "ready again" : "still not ready: kubelet may wait up to 5 minutes before it starts it again")
                + "; configuration files were left. Look at the apiserver's log on that host (and whether kubelet runs), then make"
                + " the same call again");
    }

    private void write(Node node, NodePath path, Rendered there, Rendered wanted) {
        FileAttributes attributes = node.stat(path)
                .map(status -> new FileAttributes(status.uid(), status.gid(), status.mode(), 0755))
                .orElse(FileAttributes.ROOT_ONLY);
        node.write(path, wanted, attributes, locks.guard(node), Guard.holds(path, there.exposeBytes()));
    }
}
