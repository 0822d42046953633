package dev.rekey.controlplane;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/**
 * One apiserver, asked directly as cluster-admin, with nothing of the library under test in between. Asks once: what goes
 * wrong is thrown as {@link UnexpectedAnswer}. Safe for several threads.
 */
public final class KubernetesApi {
    private static final Pattern LOADED = Pattern.compile(
            "(?m)^apiserver_encryption_config_controller_last_config_info\\{[^}]*hash=\"sha256:([0-9a-f]{64})\"");

    private final String url;
    private final String token;
    private final HttpClient http;

    KubernetesApi(String url, String token, SSLContext tls) {
        this.url = url;
        this.token = token;
        // Not HTTP/2, where one connection that dies takes every request of every thread with it.
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(tls)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
    }

    /** An answer of any status; the body is as it came. */
    public record Answer(int status, String body) {}

    /** Any request; no content type where there is no body. */
    public Answer send(String method, String path, String contentType, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + token)
                .header("Accept", "application/json, */*;q=0.1");
        if (body.isEmpty()) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", contentType).method(method, HttpRequest.BodyPublishers.ofString(body));
        }
        try {
            HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(answer.statusCode(), answer.body());
        } catch (IOException e) {
            throw new UnexpectedAnswer(0, method + " " + url + path + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnexpectedAnswer(0, method + " " + url + path + ": interrupted", e);
        }
    }

    /** GET of any path. */
    public Answer get(String path) {
        return send("GET", path, "", "");
    }

    /** POST of a JSON object; the answer must be 201. */
    public void create(String path, String json) {
        expect(send("POST", path, "application/json", json), 201, "POST " + path);
    }

    /** An Opaque Secret that is not there yet. */
    public void createSecret(String namespace, String name, Map<String, byte[]> data, boolean immutable) {
        JsonObject metadata = new JsonObject();
        metadata.addProperty("name", name);
        JsonObject encoded = new JsonObject();
        data.forEach(
                (key, value) -> encoded.addProperty(key, Base64.getEncoder().encodeToString(value)));
        JsonObject secret = new JsonObject();
        secret.addProperty("apiVersion", "v1");
        secret.addProperty("kind", "Secret");
        secret.add("metadata", metadata);
        secret.add("data", encoded);
        if (immutable) {
            secret.addProperty("immutable", true);
        }
        create(secrets(namespace), secret.toString());
    }

    /** The data as this apiserver decrypts it from etcd now: no resourceVersion is given, so no cache answers. */
    public Optional<Map<String, byte[]>> readSecret(String namespace, String name) {
        String path = secrets(namespace) + "/" + name;
        Answer answer = get(path);
        if (answer.status() == 404) {
            return Optional.empty();
        }
        expect(answer, 200, "GET " + path);
        JsonObject secret = JsonParser.parseString(answer.body()).getAsJsonObject();
        Map<String, byte[]> data = new TreeMap<>();
        if (secret.has("data")) {
            secret.getAsJsonObject("data")
                    .entrySet()
                    .forEach(entry -> data.put(
                            entry.getKey(),
                            Base64.getDecoder().decode(entry.getValue().getAsString())));
        }
        return Optional.of(data);
    }

    /** Removes it; false if it was not there. */
    public boolean deleteSecret(String namespace, String name) {
        String path = secrets(namespace) + "/" + name;
        Answer answer = send("DELETE", path, "", "");
        if (answer.status() == 404) {
            return false;
        }
        expect(answer, 200, "DELETE " + path);
        return true;
    }

    /** Whether {@code /readyz} says so; false also where nobody answers. */
    public boolean isReady() {
        try {
            return get("/readyz").status() == 200;
        } catch (UnexpectedAnswer e) {
            return false;
        }
    }

    /** The SHA-256, in lower-case hex, of the configuration that this apiserver has in memory; empty if it has none. */
    public Optional<String> loadedConfiguration() {
        Answer metrics = get("/metrics");
        expect(metrics, 200, "GET /metrics");
        Matcher matcher = LOADED.matcher(metrics.body());
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static String secrets(String namespace) {
        return "/api/v1/namespaces/" + namespace + "/secrets";
    }

    private static void expect(Answer answer, int status, String request) {
        if (answer.status() != status) {
            throw new UnexpectedAnswer(
                    answer.status(), request + " answered " + answer.status() + ": " + answer.body());
        }
    }
}
