package dev.rekey.k8s;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.rekey.InvalidInputException;
import dev.rekey.spi.ApiServerProbe;
import dev.rekey.spi.ApiServerStatus;
import dev.rekey.spi.ApiServerStatus.Health;
import dev.rekey.spi.ApiServerStatus.Loaded;
import dev.rekey.spi.ClusterFacts;
import java.io.IOException;
import java.io.Reader;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks each apiserver at its own address. */
final class KubernetesProbe implements ApiServerProbe {
    private static final Pattern VERSION = Pattern.compile("v(\\d{1,4})\\.(\\d{1,4})[A-Za-z0-9.+-]{0,60}");

    private final ApiServers servers;
    private final boolean membersKnown;
    private final Duration limit;
    private final Calls calls = new Calls();

    /** {@code limit} is for each call of the probe as a whole. */
    KubernetesProbe(ApiServers servers, boolean membersKnown, Duration limit) {
        this.servers = servers;
        this.membersKnown = membersKnown;
        this.limit = limit;
    }

    @Override
    public ApiServerStatus probe(String member) {
        ApiServer server = server(member);
        Deadline deadline = new Deadline(limit);
        String version;
        try {
            JsonObject answer =
                    server.exchange(Request.get("/version"), deadline.atMost(8), calls, KubernetesProbe::object);
            version = Json.text(answer, "gitVersion");
        } catch (NoAnswerException e) {
            return ApiServerStatus.unreachable(server + ": " + e.words());
        } catch (BadAnswerException e) {
            return new ApiServerStatus(
                    Health.NOT_READY, server + ", /version: " + e.words(), "", "", Loaded.UNKNOWN, null, List.of());
        }
        Matcher numbers = VERSION.matcher(version);
        if (!numbers.matches()) {
            return new ApiServerStatus(
                    Health.NOT_READY,
                    server + " answers, but is no apiserver",
                    "",
                    "",
                    Loaded.UNKNOWN,
                    null,
                    List.of());
        }
        boolean saysSo = Integer.parseInt(numbers.group(1)) > 1 || Integer.parseInt(numbers.group(2)) >= 34;
        return loadedThenReady(server, version, saysSo, deadline);
    }

    /** In this order: what is ready is then no older a process than the one that said what it has loaded. */
    private ApiServerStatus loadedThenReady(ApiServer server, String version, boolean saysSo, Deadline deadline) {
        Loaded loaded = Loaded.UNKNOWN;
        Metrics metrics = null;
        String silent = "";
        try {
            metrics = server.exchange(
                    Request.get("/metrics").accept("text/plain"), deadline.atMost(15), calls, Metrics::read);
            loaded = metrics.loaded(saysSo);
        } catch (NoAnswerException e) {
            silent = server + ", /metrics: " + e.words();
        } catch (BadAnswerException e) {
            silent = server + ", /metrics: " + e.words();
        }
        Readiness readiness = Readiness.of(server, deadline, calls);
        return new ApiServerStatus(
                readiness.health(),
                readiness.problem().isEmpty() ? silent : readiness.problem(),
                version,
                metrics == null ? "" : metrics.identity(),
                loaded,
                metrics == null ? null : metrics.started(),
                readiness.failedKmsChecks());
    }

    private ApiServer server(String member) {
        if (!membersKnown) {
            throw new InvalidInputException(
                    "the kubeconfig names one address, which may be a balancer's, and an apiserver is"
                            + " asked only at its own; nothing was asked. Give each member's own address, as https://10.0.0.1:6443 for "
                            + member);
        }
        for (ApiServer server : servers.all()) {
            if (server.name().equals(member)) {
                return server;
            }
        }
        throw new InvalidInputException(
                "member " + member + " has no address of its apiserver; nothing was asked. Give one for it");
    }

    @Override
    public ClusterFacts cluster() {
        return new ClusterReader(servers, calls).read(new Deadline(limit));
    }

    @Override
    public List<String> missingRights(List<String> rules) {
        return new Rights(servers, calls).missing(rules, new Deadline(limit));
    }

    private static JsonObject object(Reader body) throws IOException {
        return JsonParser.parseReader(body).getAsJsonObject();
    }

    /** The connections belong to the access that this comes from. */
    @Override
    public void close() {
        calls.cancel();
    }
}
