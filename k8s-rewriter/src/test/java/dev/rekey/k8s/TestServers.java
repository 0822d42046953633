package dev.rekey.k8s;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Clients for fakes. */
final class TestServers {
    private TestServers() {}

    /** Members cp1, cp2, … with a token. */
    static ApiServers of(Path directory, URI... addresses) {
        Kubeconfig kubeconfig = Kubeconfig.read(kubeconfig(directory, addresses[0], "token: t0"));
        List<ApiServer> servers = new ArrayList<>();
        for (URI address : addresses) {
            servers.add(ApiServer.at("cp" + (servers.size() + 1), address, "", kubeconfig));
        }
        return new ApiServers(servers);
    }

    /** {@code user} is the content of the user's map, in flow style. */
    static Path kubeconfig(Path directory, URI server, String user) {
        return write(directory.resolve("admin.conf"), """
                apiVersion: v1
                kind: Config
                current-context: c
                contexts: [{name: c, context: {cluster: k, user: u}}]
                clusters: [{name: k, cluster: {server: "%s"}}]
                users: [{name: u, user: {%s}}]
                """.formatted(server, user));
    }

    static Path write(Path file, String text) {
        try {
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
