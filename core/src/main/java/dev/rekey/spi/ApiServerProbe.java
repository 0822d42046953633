package dev.rekey.spi;

import java.util.List;

/**
 * What the apiservers say of themselves. Reads only.
 *
 * <p>Safe for threads. Each call ends within 30 s. What cannot be reached is an answer where the method has one for it, else a
 * {@link dev.rekey.NodeException}; texts of answers are never passed on as they are.
 */
public interface ApiServerProbe extends AutoCloseable {

    /** The state of that member's own apiserver, asked at its own address, never through a balancer. Unreachable is an answer. */
    ApiServerStatus probe(String member);

    /**
     * Facts of the cluster, through any apiserver that answers; a {@link dev.rekey.NodeException} where none does.
     */
    ClusterFacts cluster();

    /** The rights that a run needs and the caller lacks, as {@code patch secrets}; empty where all are there. {@code rules} are the patterns to be rewritten. */
    List<String> missingRights(List<String> rules);

    @Override
    void close();
}
