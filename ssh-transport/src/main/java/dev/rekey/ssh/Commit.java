package dev.rekey.ssh;

/** How far a changing operation has come: what is said of it, and whether it may be repeated, when the connection is lost. */
final class Commit {
    private volatile Stage stage = Stage.BEFORE;

    /** Right before the rename, the link or the removal. */
    void begin() {
        stage = Stage.BEGUN;
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
