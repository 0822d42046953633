package dev.rekey.ssh;

import dev.rekey.manifest.NodePath;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * How far a changing operation has come: what is said of it, and whether it may be repeated, when the connection is lost. Its
 * caller may look at it while a thread that is no longer waited for works on.
 */
final class Commit {
    private final Attempt attempt;
    private final List<NodePath> traces = new CopyOnWriteArrayList<>();
    private volatile Stage stage = Stage.BEFORE;

    Commit(Attempt attempt) {
        this.attempt = attempt;
    }

    /** Right before something is made that a failure should not leave. */
    void making(NodePath path) {
        traces.add(path);
    }

    void gone(NodePath path) {
        traces.remove(path);
    }

    /** What may be left on the host, in the order in which it was made. */
    List<NodePath> traces() {
        return List.copyOf(traces);
    }

    /** Right before the rename, the link or the removal. Throws where the call has ended, and what stands been told. */
    void begin() throws IOException {
        synchronized (attempt) {
            attempt.requireGoingOn();
            stage = Stage.BEGUN;
        }
    }

    /** The host has said that it took place: what was made for it is part of it. */
    void done() {
        stage = Stage.DONE;
        traces.clear();
    }

    Stage stage() {
        return stage;
    }

    /** Around the one step that others see. */
    enum Stage {
        /** Nothing that others see has changed. */
        BEFORE,
        /** It was asked for; without an answer nobody knows. */
        BEGUN,
        /** It took place, and may not yet be durable. */
        DONE
    }
}
