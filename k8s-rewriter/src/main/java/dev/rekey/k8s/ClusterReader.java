package dev.rekey.k8s;

import com.google.gson.JsonObject;
import dev.rekey.config.Rendered;
import dev.rekey.spi.ClusterFacts;
import dev.rekey.spi.ClusterFacts.IdentityLease;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Reads {@link ClusterFacts}, all of them through one apiserver. */
final class ClusterReader {
    private static final String NAMESPACES = "/api/v1/namespaces";
    private static final String LEASES = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases";
    private static final String ENDPOINTS = "/api/v1/namespaces/default/endpoints/kubernetes";

    private final ApiServers servers;
    private final Calls calls;

    ClusterReader(ApiServers servers, Calls calls) {
        this.servers = servers;
        this.calls = calls;
    }

    ClusterFacts read(Deadline deadline) {
        AnyServer any = new AnyServer(servers, calls, deadline);
        return any.first("the cluster's facts", server -> {
            JsonObject list = any.json(server, kubeSystem());
            String uid = Json.objects(list, "items").stream()
                    .map(item -> Json.text(Json.child(item, "metadata"), "uid"))
                    .findFirst()
                    .orElse("");
            String listed = Json.text(Json.child(list, "metadata"), "resourceVersion");
            if (uid.isEmpty() || !listed.matches("[1-9]\\d{0,17}")) {
                throw new BadAnswerException(ApiStatus.noJson(200));
            }
            long revision = live(any, server, Long.parseLong(listed));
            return new ClusterFacts(uid, revision, leases(any, server), endpoints(any, server));
        });
    }

    private static Request kubeSystem() {
        return Request.get(NAMESPACES)
                .with("fieldSelector", "metadata.name=kube-system")
                .accept(Request.METADATA_LIST);
    }

    /**
     * Since 1.31 a list may come from the apiserver's cache, which stays ahead of an etcd that was put back under it. A list of
     * one name at an exact revision always goes to etcd, and is refused if etcd has not got there.
     */
    private static long live(AnyServer any, ApiServer server, long listed)
            throws BadAnswerException, NoAnswerException {
        try {
            any.json(server, LiveCheck.exactly(kubeSystem(), listed));
            return listed;
        } catch (BadAnswerException e) {
            OptionalLong behind = e.status().etcdIsOnlyAt();
            if (behind.isPresent()) {
                return behind.getAsLong();
            }
            throw e;
        }
    }

    private static List<IdentityLease> leases(AnyServer any, ApiServer server)
            throws BadAnswerException, NoAnswerException {
        Request request = Request.get(LEASES).with("labelSelector", "apiserver.kubernetes.io/identity=kube-apiserver");
        List<IdentityLease> leases = new ArrayList<>();
        for (JsonObject item : Json.objects(any.json(server, request), "items")) {
            JsonObject metadata = Json.child(item, "metadata");
            String name = Json.text(metadata, "name");
            leases.add(new IdentityLease(
                    name,
                    "sha256:" + Rendered.sha256(name.getBytes(StandardCharsets.UTF_8)),
                    Json.text(Json.child(metadata, "labels"), "kubernetes.io/hostname"),
                    instant(Json.text(Json.child(item, "spec"), "renewTime"))));
        }
        return leases;
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }

    private static List<String> endpoints(AnyServer any, ApiServer server)
            throws BadAnswerException, NoAnswerException {
        JsonObject object;
        try {
            object = any.json(server, Request.get(ENDPOINTS));
        } catch (BadAnswerException e) {
            if (e.status().kind() == ApiStatus.Kind.GONE) {
                return List.of();
            }
            throw e;
        }
        List<String> endpoints = new ArrayList<>();
        for (JsonObject subset : Json.objects(object, "subsets")) {
            for (JsonObject port : Json.objects(subset, "ports")) {
                for (JsonObject address : Json.objects(subset, "addresses")) {
                    String ip = Json.text(address, "ip");
                    endpoints.add((ip.contains(":") ? "[" + ip + "]" : ip) + ":" + Json.text(port, "port"));
                }
            }
        }
        return endpoints;
    }
}
