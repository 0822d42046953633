package dev.rekey.k8s;

import dev.rekey.InvalidInputException;
import dev.rekey.manifest.ApiServerManifest;
import dev.rekey.manifest.NodePath;
import dev.rekey.spi.ApiServerProbe;
import dev.rekey.spi.ClusterAccess;
import dev.rekey.spi.KubeadmConfig;
import dev.rekey.spi.NodeTransport;
import dev.rekey.spi.Pace;
import dev.rekey.spi.SecretRewriter;
import dev.rekey.spi.TunnelCapable;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
    /** Where an apiserver is reached on its own host unless its manifest says otherwise. */
    public static final URI USUAL_ADDRESS = URI.create("https://127.0.0.1:6443");

    private static final System.Logger LOG = System.getLogger("dev.rekey.k8s");
    private static final String TLS_SERVER_NAME = "kubernetes";
    private static final Duration PROBE_LIMIT = Duration.ofSeconds(28);
    private static final Duration TICK = Duration.ofSeconds(1);

    private final Kubeconfig kubeconfig;
    private final List<ApiServer> members = new ArrayList<>();
    private final Set<Way> ways = new HashSet<>();
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
        return of(Kubeconfig.read(file), file.toString());
    }

    /**
     * Reads a kubeconfig on a member, such as kubeadm's {@code /etc/kubernetes/admin.conf}. One that names other files, or a
     * credential command, is refused: they would be those of this machine.
     */
    public static KubernetesAccess fromKubeconfig(NodeTransport member, NodePath file) {
        return of(Kubeconfig.read(member, file), file + " of a member");
    }

    private static KubernetesAccess of(Kubeconfig kubeconfig, String file) {
        if (!kubeconfig.verified()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "kubeconfig {0} has insecure-skip-tls-verify: whoever answers is believed",
                    file);
        }
        return new KubernetesAccess(kubeconfig);
    }

    /**
     * Where the apiserver of {@code manifest} is reached on its own host: at 127.0.0.1, or the address that it binds to where that
     * is a single one, and its secure port. Unlike the address that it advertises, this depends on no network.
     */
    public static URI addressOnItsHost(ApiServerManifest manifest) {
        String bound = manifest.flag("bind-address").orElse("");
        String port = manifest.flag("secure-port")
                .filter(number -> number.matches("[1-9][0-9]{0,4}"))
                .orElse("6443");
        boolean single = bound.matches("[0-9A-Fa-f.:]+") && !bound.matches("[0:]+|0\\.0\\.0\\.0");
        String host = single ? bound : USUAL_ADDRESS.getHost();
        return URI.create("https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
    }

    /** The own address of a member's apiserver, as {@code https://10.0.0.1:6443}; its certificate is checked for the name that the kubeconfig gives, else for the address. */
    public KubernetesAccess member(String name, URI apiServer) {
        return member(name, apiServer, kubeconfig.tlsServerName());
    }

    /** The same, where the apiserver's certificate does not hold that address; {@code tlsServerName} is one that it holds, as {@code kubernetes}. */
    public KubernetesAccess member(String name, URI apiServer, String tlsServerName) {
        return add(name, apiServer, tlsServerName, null);
    }

    /**
     * A member whose apiserver only its own host reaches: {@code apiServer} is the address as seen there, such as {@code
     * https://127.0.0.1:6443}, which several members may have. Its certificate is checked for the name that the kubeconfig gives,
     * else for {@code kubernetes}, which that of every apiserver of kubeadm holds.
     */
    public KubernetesAccess member(String name, URI apiServer, TunnelCapable transport) {
        String given = kubeconfig.tlsServerName();
        return add(name, apiServer, given.isEmpty() ? TLS_SERVER_NAME : given, transport);
    }

    /** The same, for a certificate that holds another name. The transport stays open at least until {@link #close}. */
    public KubernetesAccess member(String name, URI apiServer, String tlsServerName, TunnelCapable transport) {
        return add(name, apiServer, tlsServerName, transport);
    }

    private synchronized KubernetesAccess add(
            String name, URI apiServer, String tlsServerName, @Nullable TunnelCapable transport) {
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
        if (members.stream().anyMatch(member -> member.name().equals(name))
                || !ways.add(new Way(apiServer, transport))) {
            throw new InvalidInputException(
                    "member " + name + ": its name or its apiserver's address is that of another member;"
                            + " nothing was changed. Give each member its own, which is never a balancer's");
        }
        members.add(ApiServer.at(
                name, apiServer, tlsServerName, kubeconfig, transport == null ? null : transport.tunnel()));
        return this;
    }

    /** What no two members may have in common. */
    private record Way(URI address, @Nullable TunnelCapable through) {}

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
