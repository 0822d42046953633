package dev.rekey.ssh;

import java.io.IOException;

/** How far a changing operation has come: what is said of it, and whether it may be repeated, when the connection is lost. */
final class Commit {
    private final Attempt attempt;
    private volatile Stage stage = Stage.BEFORE;

    Commit(Attempt attempt) {
        this.attempt = attempt;
    }

    /** Right before the rename, the link or the removal. Throws where the call has ended, and what stands been told. */
    void begin() throws IOException {
        synchronized (attempt) {
            attempt.requireGoingOn();
            stage = Stage.BEGUN;
        }
    }

    /** The host has said that it took place. */
    void done() {
        stage = Stage.DONE;
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
