package dev.rekey.k8s;

/** A question that no cache answers: see {@link ClusterReader}. */
final class LiveCheck {
    private LiveCheck() {}

    /** {@code ofOneName} is a list whose field selector is one name; it asks for etcd's state at {@code revision} exactly. */
    static Request exactly(Request ofOneName, long revision) {
        return ofOneName.with("resourceVersion", Long.toString(revision)).with("resourceVersionMatch", "Exact");
    }
}
