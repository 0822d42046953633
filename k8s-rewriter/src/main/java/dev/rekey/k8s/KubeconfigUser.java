package dev.rekey.k8s;

import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import org.jspecify.annotations.Nullable;

/** The credentials of a kubeconfig's user. What cannot be honoured is refused: left out, it would make us somebody else. */
final class KubeconfigUser {
    private static final List<String> NOT_SUPPORTED = List.of("auth-provider", "username", "as", "as-uid", "as-groups");

    private KubeconfigUser() {}

    static Credentials credentials(Path file, Section cluster, Section user) throws UnusableException {
        for (String field : NOT_SUPPORTED) {
            if (user.has(field)) {
                throw new UnusableException("its user has " + field + ", which is not supported");
            }
        }
        byte[] certificate = user.dataOrFile(file, "client-certificate-data", "client-certificate");
        byte[] key = user.dataOrFile(file, "client-key-data", "client-key");
        if ((certificate == null) != (key == null)) {
            throw new UnusableException("its user has "
                    + (key == null ? "a client certificate without a key" : "a client key without a certificate"));
        }
        KeyManager[] keyManagers =
                certificate == null || key == null ? null : ClientCertificate.keyManagers(certificate, key);
        if (!user.text("tokenFile").isEmpty()) {
            return Credentials.of(
                    keyManagers, () -> checked(new String(user.bytes(file, "tokenFile"), StandardCharsets.UTF_8)));
        }
        if (!user.text("token").isEmpty()) {
            String token = checked(user.text("token"));
            return Credentials.of(keyManagers, () -> token);
        }
        if (keyManagers != null) {
            return Credentials.of(keyManagers, null);
        }
        if (user.has("exec")) {
            return fromCommand(plugin(file, cluster, user.child("exec")));
        }
        throw new UnusableException(
                "its user has no credentials: neither client-certificate and client-key, nor token, tokenFile or exec");
    }

    private static Credentials fromCommand(CredentialPlugin plugin) throws UnusableException {
        JsonObject status = plugin.status();
        String certificate = Json.text(status, "clientCertificateData");
        String key = Json.text(status, "clientKeyData");
        KeyManager[] keyManagers = certificate.isEmpty() || key.isEmpty()
                ? null
                : ClientCertificate.keyManagers(
                        certificate.getBytes(StandardCharsets.UTF_8), key.getBytes(StandardCharsets.UTF_8));
        if (Json.text(status, "token").isEmpty()) {
            if (keyManagers == null) {
                throw new UnusableException("its credential command printed neither a token nor a certificate");
            }
            return Credentials.of(keyManagers, null);
        }
        return Credentials.of(keyManagers, new FirstThenAnew(checked(Json.text(status, "token")), plugin));
    }

    /** The command has just run once to see what it gives. */
    private static final class FirstThenAnew implements Credentials.TokenSource {
        private @Nullable String first;
        private final CredentialPlugin plugin;

        FirstThenAnew(String first, CredentialPlugin plugin) {
            this.first = first;
            this.plugin = plugin;
        }

        @Override
        public String token() throws UnusableException {
            String token = first == null ? checked(Json.text(plugin.status(), "token")) : first;
            first = null;
            return token;
        }
    }

    private static CredentialPlugin plugin(Path file, Section cluster, Section exec) throws UnusableException {
        if (exec.text("command").isEmpty() || exec.text("apiVersion").isEmpty()) {
            throw new UnusableException("the exec of its user lacks a command or an apiVersion");
        }
        List<String> command = new ArrayList<>(List.of(exec.text("command")));
        command.addAll(exec.texts("args"));
        JsonObject info = new JsonObject();
        if (exec.flag("provideClusterInfo")) {
            info.addProperty("server", cluster.text("server"));
            byte[] authority = cluster.dataOrFile(file, "certificate-authority-data", "certificate-authority");
            if (authority != null) {
                info.addProperty(
                        "certificate-authority-data", Base64.getEncoder().encodeToString(authority));
            }
        }
        Path directory = file.toAbsolutePath().getParent();
        return new CredentialPlugin(
                exec.text("apiVersion"),
                command,
                exec.pairs("env"),
                directory == null ? file.toAbsolutePath() : directory,
                info);
    }

    /** A control character in a header would end in an exception that quotes the token. */
    private static String checked(String token) throws UnusableException {
        String trimmed = token.strip();
        if (trimmed.isEmpty() || trimmed.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new UnusableException("the token of its user is empty or holds characters that no token has");
        }
        return trimmed;
    }
}
