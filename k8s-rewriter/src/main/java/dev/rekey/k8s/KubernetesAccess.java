package dev.rekey.k8s;

import dev.rekey.InvalidInputException;
import dev.rekey.spi.ApiServerProbe;
import dev.rekey.spi.ClusterAccess;
import dev.rekey.spi.KubeadmConfig;
import dev.rekey.spi.Pace;
import dev.rekey.spi.SecretRewriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cluster, as a kubeconfig and the apiservers' own addresses give it.
 *
 * <pre>{@code
 * try (KubernetesAccess cluster = KubernetesAccess.fromKubeconfig(Path.of("admin.conf"))
 *         .member("cp1", URI.create("https://10.0.0.1:6443"))
 *         .member("cp2", URI.create("https://10.0.0.2:6443"))) {
 *     ApiServerStatus status = cluster.probe().probe("cp1");
 * }
 * }</pre>
 *
 * <p>First name every member, then ask for the plugs; those are safe for threads, and share the connections until {@link #close}.
 * An apiserver can be proved only at its own address, so where the kubeconfig is all that is known, which may lead to a balancer,
 * {@link #rewriter} and {@link ApiServerProbe#cluster} work and {@link ApiServerProbe#probe} is refused. Nothing global is
 * touched: no security provider, no default client. A kubeconfig may hold a client certificate (RSA, EC or Ed25519), a token, a
 * token file or a credential command; where a token has run out it is got anew, once per request.
 */
public final class KubernetesAccess implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.rekey.k8s");
    private static final Duration PROBE_LIMIT = Duration.ofSeconds(28);
    private static final Duration TICK = Duration.ofSeconds(1);

    private final Kubeconfig kubeconfig;
    private final List<ApiServer> members = new ArrayList<>();
    private final List<URI> addresses = new ArrayList<>();
    private @Nullable ApiServers servers;
    private boolean closed;

    private KubernetesAccess(Kubeconfig kubeconfig) {
        this.kubeconfig = kubeconfig;
    }

    /**
     * Reads the file's current context, and the files and the credential command that it names; no apiserver is asked. An
     * {@link InvalidInputException} names what cannot be used, and quotes nothing of the file.
     */
    public static KubernetesAccess fromKubeconfig(Path file) {
        Kubeconfig kubeconfig = Kubeconfig.read(file);
        if (!kubeconfig.verified()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "kubeconfig {0} has insecure-skip-tls-verify: whoever answers is believed",
                    file);
        }
        return new KubernetesAccess(kubeconfig);
    }

    /** The own address of a member's apiserver, as {@code https://10.0.0.1:6443}; its certificate is checked for the name that the kubeconfig gives, else for the address. */
    public KubernetesAccess member(String name, URI apiServer) {
        return member(name, apiServer, kubeconfig.tlsServerName());
    }

    /** The same, where the apiserver's certificate does not hold that address; {@code tlsServerName} is one that it holds, as {@code kubernetes}. */
    public synchronized KubernetesAccess member(String name, URI apiServer, String tlsServerName) {
        if (servers != null || closed) {
            throw new IllegalStateException("name every member before the first plug is asked for");
        }
        if (!Kubeconfig.isUsable(apiServer)
                || (apiServer.getScheme().equals("http")
                        && kubeconfig.server().getScheme().equals("https"))) {
            throw new InvalidInputException(
                    "member " + name + ": its apiserver's address is not one like https://10.0.0.1:6443;"
                            + " nothing was changed. Mend it");
        }
        if (members.stream().anyMatch(member -> member.name().equals(name)) || addresses.contains(apiServer)) {
            throw new InvalidInputException(
                    "member " + name + ": its name or its apiserver's address is that of another member;"
                            + " nothing was changed. Give each member its own, which is never a balancer's");
        }
        addresses.add(apiServer);
        members.add(ApiServer.at(name, apiServer, tlsServerName, kubeconfig));
        return this;
    }

    /** All that a lifecycle needs of the API. */
    public ClusterAccess access() {
        return new ClusterAccess(probe(), rewriter(), kubeadm());
    }

    /** Asks each member's apiserver at its own address. */
    public ApiServerProbe probe() {
        return new KubernetesProbe(servers(), !members.isEmpty(), PROBE_LIMIT);
    }

    /** Works through the members in the order in which they were named, else through the kubeconfig's own address. */
    public SecretRewriter rewriter() {
        return new KubernetesRewriter(servers(), Pace.SYSTEM, TICK);
    }

    /** The ConfigMap {@code kube-system/kubeadm-config}. */
    public KubeadmConfig kubeadm() {
        return new KubeadmConfigMap(servers());
    }

    private synchronized ApiServers servers() {
        if (closed) {
            throw new IllegalStateException("this access is closed");
        }
        if (servers == null) {
            servers = new ApiServers(
                    members.isEmpty()
                            ? List.of(ApiServer.at("", kubeconfig.server(), kubeconfig.tlsServerName(), kubeconfig))
                            : members);
        }
        return servers;
    }

    /** Closes every connection, and ends what the plugs have under way. Twice is once. */
    @Override
    public synchronized void close() {
        closed = true;
        members.forEach(ApiServer::close);
        if (servers != null) {
            servers.close();
        }
    }

    @Override
    public String toString() {
        return "KubernetesAccess[" + (members.isEmpty() ? kubeconfig.server() : members) + "]";
    }
}
