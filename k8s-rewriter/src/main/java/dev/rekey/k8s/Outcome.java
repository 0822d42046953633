package dev.rekey.k8s;

/** What came of one object. */
sealed interface Outcome {

    /** Stored anew. */
    record Written() implements Outcome {}

    /** The apiserver judged it to be as it should be. */
    record Current() implements Outcome {}

    /** Deleted meanwhile. */
    record Gone() implements Outcome {}

    /**
     * Not rewritten.
     *
     * @param ofItsOwn whether the object itself is the reason, so that others may well succeed
     */
    record Failed(ObjectMetadata object, String reason, boolean ofItsOwn) implements Outcome {}

    /** Nothing more can be done in this pass. */
    record Stop(String reason) implements Outcome {}

    /** A fault in Rekey or in a plug. */
    record Broken(Throwable fault) implements Outcome {}
}
