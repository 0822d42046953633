package dev.rekey.controlplane;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A kubeconfig as kubeadm writes {@code admin.conf}: everything inline. */
final class Kubeconfig {
    private Kubeconfig() {}

    static String withCertificate(String server, String caPem, Pki.Identity client) {
        return text(
                server,
                caPem,
                "    client-certificate-data: " + encoded(client.publicPem()) + "\n    client-key-data: "
                        + encoded(client.privatePem()));
    }

    static String withToken(String server, String caPem, String token) {
        return text(server, caPem, "    token: " + token);
    }

    private static String text(String server, String caPem, String credentials) {
        return """
                apiVersion: v1
                clusters:
                - cluster:
                    certificate-authority-data: %s
                    server: %s
                  name: kubernetes
                contexts:
                - context:
                    cluster: kubernetes
                    user: kubernetes-admin
                  name: kubernetes-admin@kubernetes
                current-context: kubernetes-admin@kubernetes
                kind: Config
                preferences: {}
                users:
                - name: kubernetes-admin
                  user:
                %s
                """.formatted(encoded(caPem), server, credentials);
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
