package dev.rekey.k8s;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The addresses of one cluster, in order, and which of them is in use: the next one where a connection is lost. Safe for threads. */
final class ApiServers {
    private final List<ApiServer> servers;
    private final AtomicInteger current = new AtomicInteger();

    ApiServers(List<ApiServer> servers) {
        this.servers = List.copyOf(servers);
    }

    List<ApiServer> all() {
        return servers;
    }

    ApiServer current() {
        return servers.get(current.get());
    }

    /** {@code failed} did not answer; of several threads that find out, the first one moves on. */
    void moveOn(ApiServer failed) {
        int index = servers.indexOf(failed);
        current.compareAndSet(index, (index + 1) % servers.size());
    }

    void close() {
        servers.forEach(ApiServer::close);
    }
}
