package dev.rekey.k8s;

import dev.rekey.InvalidInputException;
import dev.rekey.manifest.NodePath;
import dev.rekey.spi.NodeTransport;
import io.kubernetes.client.util.KubeConfig;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * What the current context of a kubeconfig says, checked before any call.
 *
 * @param server the address in the file, which may be a balancer's
 * @param authority PEM certificates that the apiservers' own must lead to; empty = those that the JVM trusts
 * @param verified whether the apiservers' certificates are checked at all
 * @param tlsServerName the name that those certificates must hold; empty = the host of the address
 */
record Kubeconfig(URI server, String authority, boolean verified, String tlsServerName, Credentials credentials) {
    private static final int MAX_BYTES = 1 << 20;

    static Kubeconfig read(Path file) {
        try {
            return parsed(file, text(file), false);
        } catch (UnusableException e) {
            throw unusable(file.toString(), e);
        }
    }

    /** A file of another machine, which must be whole in itself. */
    static Kubeconfig read(NodeTransport member, NodePath file) {
        byte[] bytes = member.read(file)
                .orElseThrow(() -> unusable(file + " of a member", new UnusableException("there is no such file")));
        try {
            if (bytes.length > MAX_BYTES) {
                throw new UnusableException("it is larger than 1 MiB");
            }
            return parsed(Path.of(file.value()), new String(bytes, StandardCharsets.UTF_8), true);
        } catch (UnusableException e) {
            throw unusable(file + " of a member", e);
        }
    }

    private static InvalidInputException unusable(String file, UnusableException why) {
        return new InvalidInputException("kubeconfig " + file + ": " + why.words() + "; nothing was changed. "
                + "Mend the file, or name another: the admin.conf of a control-plane host will do");
    }

    private static String text(Path file) throws UnusableException {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new UnusableException("it is larger than 1 MiB");
            }
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new UnusableException("there is no such file");
        } catch (IOException e) {
            throw new UnusableException(
                    Files.isReadable(file) && Files.isRegularFile(file)
                            ? "it is no UTF-8 text (PowerShell's > makes UTF-16: convert it)"
                            : "it cannot be read");
        }
    }

    private static Kubeconfig parsed(Path file, String text, boolean elsewhere) throws UnusableException {
        KubeConfig config;
        try {
            config = KubeConfig.loadKubeConfig(new StringReader(text));
        } catch (RuntimeException | StackOverflowError e) {
            // Not chained: the parser's texts quote the file.
            throw new UnusableException(
                    "it is no YAML with a current-context and lists of contexts, clusters and users");
        }
        if (config.getCurrentContext() == null || config.getCurrentContext().isEmpty()) {
            throw new UnusableException("it has no current-context");
        }
        Section context = Section.named(config.getContexts(), config.getCurrentContext(), "context");
        Section cluster = Section.named(config.getClusters(), context.text("cluster"), "cluster");
        Section user = Section.named(config.getUsers(), context.text("user"), "user");
        if (elsewhere) {
            requireWhole(cluster, user);
        }
        URI server = address(cluster.text("server"));
        if (!cluster.text("proxy-url").isEmpty()) {
            throw new UnusableException("its cluster has a proxy-url, which is not supported");
        }
        byte[] authority = cluster.dataOrFile(file, "certificate-authority-data", "certificate-authority");
        if (authority != null) {
            var unused = ClientCertificate.certificates(authority, "the cluster's certificate authority");
        }
        return new Kubeconfig(
                server,
                authority == null ? "" : new String(authority, StandardCharsets.ISO_8859_1),
                !cluster.flag("insecure-skip-tls-verify"),
                cluster.text("tls-server-name"),
                KubeconfigUser.credentials(file, cluster, user));
    }

    private static void requireWhole(Section cluster, Section user) throws UnusableException {
        if (cluster.has("certificate-authority")) {
            throw new UnusableException("its cluster names a file, certificate-authority, which is not here");
        }
        for (String field : List.of("client-certificate", "client-key", "tokenFile", "exec")) {
            if (user.has(field)) {
                throw new UnusableException("its user names a file or command, " + field + ", which is not here");
            }
        }
    }

    private static URI address(String server) throws UnusableException {
        if (server.isEmpty()) {
            throw new UnusableException("its cluster has no server");
        }
        try {
            URI address = new URI(server.endsWith("/") ? server.substring(0, server.length() - 1) : server);
            if (isUsable(address)) {
                return address;
            }
        } catch (URISyntaxException e) {
            // Said below.
        }
        throw new UnusableException("its cluster's server is no address like https://10.0.0.1:6443");
    }

    /** An http or https address with a host, and no query, fragment or user in it. */
    static boolean isUsable(URI address) {
        return ("https".equals(address.getScheme()) || "http".equals(address.getScheme()))
                && address.getHost() != null
                && address.getUserInfo() == null
                && address.getQuery() == null
                && address.getFragment() == null;
    }

    @Override
    public String toString() {
        return "Kubeconfig[" + server + ", " + credentials + "]";
    }
}
