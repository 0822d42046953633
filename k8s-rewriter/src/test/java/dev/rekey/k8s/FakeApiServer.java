package dev.rekey.k8s;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.jspecify.annotations.Nullable;

/**
 * An apiserver that stores Secrets, as far as a rewrite sees it. Every body that it sends holds {@link #NEEDLE} where a real one
 * may hold contents of a Secret. Misfortunes are hung on a method and a path, and come once each, in order; the last one of
 * {@link #always} comes for ever.
 */
final class FakeApiServer implements AutoCloseable {
    static final String NEEDLE = "correct-horse-battery-staple";
    static final String SECRETS = "/api/v1/secrets";

    private final MockWebServer server = new MockWebServer();
    private final Map<String, Deque<Misfortune>> misfortunes = new ConcurrentHashMap<>();
    private final Map<String, Misfortune> standing = new ConcurrentHashMap<>();
    private final Map<String, Long> stored = new ConcurrentSkipListMap<>();
    private final Map<String, Boolean> stale = new ConcurrentHashMap<>();
    private final List<String> requests = new ArrayList<>();
    private final List<String> authorizations = new ArrayList<>();
    private long revision = 100;

    /** What comes instead of the usual answer. */
    interface Misfortune {
        MockResponse answer(RecordedRequest request) throws InterruptedException;
    }

    FakeApiServer() {
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
                return answer(request);
            }
        });
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getPort());
    }

    static String path(String name) {
        return "/api/v1/namespaces/default/secrets/" + name;
    }

    /** A Secret in the namespace default, under a key that is to go. */
    synchronized void staleSecret(String name) {
        stored.put(name, ++revision);
        stale.put(name, true);
    }

    synchronized void currentSecret(String name) {
        stored.put(name, ++revision);
    }

    synchronized void remove(String name) {
        stored.remove(name);
    }

    boolean allCurrent() {
        return stale.isEmpty();
    }

    void once(String method, String path, Misfortune misfortune) {
        misfortunes
                .computeIfAbsent(method + " " + path, key -> new ArrayDeque<>())
                .add(misfortune);
    }

    void always(String method, String path, Misfortune misfortune) {
        standing.put(method + " " + path, misfortune);
    }

    /** As {@code PATCH /path?query}, in order of coming. */
    List<String> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    List<String> authorizations() {
        synchronized (requests) {
            return List.copyOf(authorizations);
        }
    }

    long count(String beginning) {
        return requests().stream()
                .filter(request -> request.startsWith(beginning))
                .count();
    }

    private MockResponse answer(RecordedRequest request) throws InterruptedException {
        String path = request.getUrl().encodedPath();
        synchronized (requests) {
            requests.add(request.getMethod() + " " + request.getTarget());
            authorizations.add(String.valueOf(request.getHeaders().get("Authorization")));
        }
        String key = request.getMethod() + " " + path;
        Misfortune misfortune = next(key);
        return misfortune == null ? usual(request, path) : misfortune.answer(request);
    }

    private synchronized @Nullable Misfortune next(String key) {
        Deque<Misfortune> waiting = misfortunes.get(key);
        return waiting == null || waiting.isEmpty() ? standing.get(key) : waiting.poll();
    }

    private synchronized MockResponse usual(RecordedRequest request, String path) {
        if (request.getMethod().equals("PATCH")) {
            return patched(request, path.substring(path.lastIndexOf('/') + 1));
        }
        return switch (path) {
            case "/api" -> Answers.json(200, "{'kind':'APIVersions','versions':['v1']}");
            case "/apis" -> Answers.json(200, "{'kind':'APIGroupList','groups':[]}");
            case "/api/v1" ->
                Answers.json(
                        200,
                        "{'kind':'APIResourceList','resources':[{'name':'secrets','namespaced':true,'verbs':['list','patch'],"
                                + "'storageVersionHash':'a'},{'name':'secrets/status','verbs':['patch']}]}");
            case SECRETS -> listed(request);
            case "/api/v1/namespaces/kube-system/secrets" -> Answers.list(revision, "", List.of());
            default -> Answers.status(404, "NotFound", "the server could not find the requested resource", "{}");
        };
    }

    private MockResponse listed(RecordedRequest request) {
        String limit = request.getUrl().queryParameter("limit");
        String from = request.getUrl().queryParameter("continue");
        List<String> items = new ArrayList<>();
        String next = "";
        for (Map.Entry<String, Long> object : stored.entrySet()) {
            if (from != null && object.getKey().compareTo(from) < 0) {
                continue;
            }
            if (limit != null && items.size() == Integer.parseInt(limit)) {
                next = object.getKey();
                break;
            }
            items.add(Answers.object("default", object.getKey(), object.getValue()));
        }
        return Answers.list(revision, next, items);
    }

    private MockResponse patched(RecordedRequest request, String name) {
        Long at = stored.get(name);
        if (!request.getBody().utf8().equals("{}")
                || !"application/merge-patch+json".equals(request.getHeaders().get("Content-Type"))) {
            return Answers.status(415, "UnsupportedMediaType", "only the empty merge-patch is known here", "{}");
        }
        if (at == null) {
            return Answers.notFound(name);
        }
        if (stale.remove(name) != null) {
            at = ++revision;
            stored.put(name, at);
        }
        return Answers.json(200, Answers.object("default", name, at));
    }

    @Override
    public void close() {
        server.close();
    }
}
