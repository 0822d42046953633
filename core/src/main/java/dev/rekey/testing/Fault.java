package dev.rekey.testing;

/** A misfortune of one member, hung on its moment. See {@link FakeMember#once} and {@link FakeMember#always}. */
public enum Fault {
    /** No file operation reaches the member. Its apiserver lives on. */
    TRANSPORT_DOWN,
    /** The connection drops before a write or delete takes effect. */
    CONNECTION_LOST_BEFORE_WRITE,
    /** A write or delete takes effect and its answer is lost. */
    CONNECTION_LOST_AFTER_WRITE,
    /** kubeadm's ClusterConfiguration is replaced through this member's apiserver, and the answer is lost. */
    KUBEADM_ANSWER_LOST,
    /** A file operation takes 25 s. */
    TRANSPORT_SLOW,
    /** Neither probe nor rewriter reaches the apiserver, which serves its other clients. */
    APISERVER_UNREACHABLE,
    /** The apiserver's poll does not take a changed file, however good it is. */
    APISERVER_DOES_NOT_RELOAD,
    /** The apiserver exits as it starts, whatever its files say. */
    APISERVER_DOES_NOT_START,
    /** The apiserver may not open its configuration, as with a wrong security label: it keeps what it has, and cannot start. */
    CONFIGURATION_NOT_READABLE
}
