package dev.rekey.lifecycle;

import java.time.Duration;

/**
 * How long is waited for what. The defaults follow the servers: shorter ones are for tests against servers that were made faster.
 *
 * @param poll between two looks at something that is waited for
 * @param reloadPoll the apiserver's own poll of its configuration (60 s since Kubernetes 1.29)
 * @param restart the longest that a restarted apiserver may need: kubelet's crash back-off of 5 minutes and a start
 * @param settle how long a request that began under the old writer may still write: the apiserver's default request timeout
 * @param beat between two heartbeats of the lock
 * @param trust how old the last beat may be before a run no longer trusts its own lock
 * @param stale without a beat for so long, a lock that is watched is taken over
 * @param operation the deadline of one operation of a transport
 * @param leaseMoves an identity Lease that does not move for so long belongs to a dead apiserver
 */
public record Timing(
        Duration poll,
        Duration reloadPoll,
        Duration restart,
        Duration settle,
        Duration beat,
        Duration trust,
        Duration stale,
        Duration operation,
        Duration leaseMoves) {

    /** For real clusters. */
    public static final Timing DEFAULT = new Timing(
            Duration.ofSeconds(2),
            Duration.ofSeconds(60),
            Duration.ofMinutes(6),
            Duration.ofSeconds(60),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30));

    /** The longest that a changed file may stay unloaded: two polls and some seconds. */
    Duration reload() {
        return reloadPoll.multipliedBy(2).plus(Duration.ofSeconds(20));
    }
}
