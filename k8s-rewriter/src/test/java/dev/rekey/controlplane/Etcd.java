package dev.rekey.controlplane;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An etcd of one member on this host, and what is stored in it as bytes, past every apiserver: to see what really lies
 * there, and to put there what an apiserver would refuse. Safe for several threads, except around stop and restore.
 */
public final class Etcd implements AutoCloseable {
    private static final int PAGE = 100;
    private static final Duration START = Duration.ofSeconds(30);

    private final Path binary;
    private final Path home;
    private final List<Integer> ports = LoopbackPorts.take(2);
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private @Nullable ChildProcess process;

    private Etcd(Path binary, Path home) {
        this.binary = binary;
        this.home = home;
    }

    /** Starts one with its data below this folder, and returns when it answers. */
    static Etcd start(Path binary, Path home) {
        Etcd etcd = new Etcd(binary, home);
        etcd.start();
        return etcd;
    }

    /** Where apiservers reach it. */
    public String url() {
        return "http://127.0.0.1:" + ports.get(0);
    }

    /** Starts it again after {@link #stop()}, on the same port with the same data. */
    public synchronized void start() {
        String peer = "http://127.0.0.1:" + ports.get(1);
        List<String> command = Launcher.dyingWithStarter(List.of(
                binary.toString(),
                "--data-dir=" + data(),
                "--listen-client-urls=" + url(),
                "--advertise-client-urls=" + url(),
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=default=" + peer,
                "--log-level=warn",
                // These tests kill processes and not the host: what was written is in the page cache.
                "--unsafe-no-fsync"));
        ChildProcess started = ChildProcess.start(command, Map.of(), log());
        process = started;
        Eventually.within(START, () -> "etcd answers, see " + log(), () -> {
            if (!started.isAlive()) {
                throw new IllegalStateException("etcd has ended");
            }
            return get("health-of-the-test").isEmpty();
        });
    }

    /** Stops it; what is stored stays. Apiservers live on without it for a while. */
    public synchronized void stop() {
        if (process != null) {
            process.stop(Duration.ofSeconds(5));
            process = null;
        }
    }

    /** Every key under this prefix (not empty) with its value, at one revision. */
    public SortedMap<String, byte[]> range(String prefix) {
        byte[] from = prefix.getBytes(StandardCharsets.UTF_8);
        byte[] end = endOfPrefix(from);
        SortedMap<String, byte[]> all = new TreeMap<>();
        String revision = "0";
        while (true) {
            JsonObject page = call(
                    "range",
                    Map.of(
                            "key", encoded(from),
                            "range_end", encoded(end),
                            "limit", Integer.toString(PAGE),
                            "revision", revision));
            JsonArray found = page.has("kvs") ? page.getAsJsonArray("kvs") : new JsonArray();
            for (JsonElement element : found) {
                byte[] key = decoded(element, "key");
                all.put(new String(key, StandardCharsets.UTF_8), decoded(element, "value"));
                from = Arrays.copyOf(key, key.length + 1);
            }
            if (!page.has("more") || !page.get("more").getAsBoolean()) {
                return all;
            }
            revision = page.getAsJsonObject("header").get("revision").getAsString();
        }
    }

    /** The bytes stored at this very key. */
    public Optional<byte[]> get(String key) {
        JsonObject answer = call("range", Map.of("key", encoded(key.getBytes(StandardCharsets.UTF_8))));
        return answer.has("kvs")
                ? Optional.of(decoded(answer.getAsJsonArray("kvs").get(0), "value"))
                : Optional.empty();
    }

    /** Stores bytes as they are: no validation, no encryption. */
    public void put(String key, byte[] value) {
        call("put", Map.of("key", encoded(key.getBytes(StandardCharsets.UTF_8)), "value", encoded(value)));
    }

    /** Removes this very key; no matter if it is not there. */
    public void delete(String key) {
        call("deleterange", Map.of("key", encoded(key.getBytes(StandardCharsets.UTF_8))));
    }

    /** A copy of all that is stored now. Etcd stands still for the moment that the copy takes. */
    public synchronized EtcdSnapshot snapshot() {
        ChildProcess running = process;
        if (running == null) {
            return EtcdSnapshot.of(data(), home);
        }
        try (FrozenProcess frozen = FrozenProcess.freeze(running.pid())) {
            assert frozen != null;
            return EtcdSnapshot.of(data(), home);
        }
    }

    /**
     * Puts back what was stored then and forgets the rest. Revisions start again from there, which no apiserver expects:
     * stop them before and start them after, as {@link RealControlPlane#restore} does.
     */
    public synchronized void restore(EtcdSnapshot snapshot) {
        boolean wasRunning = process != null;
        stop();
        snapshot.replace(data());
        if (wasRunning) {
            start();
        }
    }

    /** Ends it at once; the data goes with the folder that it was given. */
    @Override
    public synchronized void close() {
        if (process != null) {
            process.kill();
            process = null;
        }
        LoopbackPorts.giveBack(ports);
    }

    Path log() {
        return home.resolve("etcd.log");
    }

    private Path data() {
        return home.resolve("data");
    }

    private JsonObject call(String method, Map<String, String> fields) {
        JsonObject body = new JsonObject();
        fields.forEach(body::addProperty);
        HttpRequest request = HttpRequest.newBuilder(URI.create(url() + "/v3/kv/" + method))
                .timeout(Duration.ofSeconds(30))
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException("etcd answered " + answer.statusCode() + " to " + method);
            }
            return JsonParser.parseString(answer.body()).getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking etcd", e);
        }
    }

    private static byte[] endOfPrefix(byte[] prefix) {
        byte[] end = prefix.clone();
        end[end.length - 1]++;
        return end;
    }

    private static String encoded(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] decoded(JsonElement keyValue, String field) {
        JsonElement text = keyValue.getAsJsonObject().get(field);
        return text == null ? new byte[0] : Base64.getDecoder().decode(text.getAsString());
    }
}
