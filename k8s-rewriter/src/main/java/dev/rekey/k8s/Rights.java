package dev.rekey.k8s;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Asks the cluster whether we may do what a run does. It is asked before, since a right that lacks halfway leaves a run unfinished. */
final class Rights {
    private static final String REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

    private final ApiServers servers;
    private final Calls calls;

    Rights(ApiServers servers, Calls calls) {
        this.servers = servers;
        this.calls = calls;
    }

    List<String> missing(List<String> rules, Deadline deadline) {
        AnyServer any = new AnyServer(servers, calls, deadline);
        return any.first("the caller's rights", server -> {
            List<String> missing = new ArrayList<>();
            for (Map.Entry<String, JsonObject> right : needed(rules).entrySet()) {
                JsonObject review = new JsonObject();
                review.addProperty("apiVersion", "authorization.k8s.io/v1");
                review.addProperty("kind", "SelfSubjectAccessReview");
                review.add("spec", right.getValue());
                JsonObject answer = any.json(server, Request.post(REVIEWS, review.toString()));
                if (!Json.flag(Json.child(answer, "status"), "allowed")) {
                    missing.add(right.getKey());
                }
            }
            return missing;
        });
    }

    private static Map<String, JsonObject> needed(List<String> rules) {
        Map<String, JsonObject> needed = new LinkedHashMap<>();
        for (String text : rules) {
            Rule rule = Rule.parse(text);
            for (String verb : List.of("list", "patch")) {
                needed.put(verb + " " + rule, resource(verb, rule.group(), rule.resource(), "", ""));
            }
            if (rule.isWildcard()) {
                needed.put(
                        "list apiservices.apiregistration.k8s.io",
                        resource("list", "apiregistration.k8s.io", "apiservices", "", ""));
            }
        }
        needed.put("list namespaces", resource("list", "", "namespaces", "", "kube-system"));
        needed.put(
                "list leases.coordination.k8s.io in kube-system",
                resource("list", "coordination.k8s.io", "leases", "kube-system", ""));
        needed.put("get endpoints/kubernetes in default", resource("get", "", "endpoints", "default", "kubernetes"));
        for (String verb : List.of("get", "patch")) {
            needed.put(
                    verb + " configmaps/kubeadm-config in kube-system",
                    resource(verb, "", "configmaps", "kube-system", "kubeadm-config"));
        }
        for (String path : List.of("/version", "/readyz", "/metrics")) {
            JsonObject attributes = new JsonObject();
            attributes.addProperty("verb", "get");
            attributes.addProperty("path", path);
            JsonObject spec = new JsonObject();
            spec.add("nonResourceAttributes", attributes);
            needed.put("get " + path, spec);
        }
        return needed;
    }

    private static JsonObject resource(String verb, String group, String resource, String namespace, String name) {
        JsonObject attributes = new JsonObject();
        attributes.addProperty("verb", verb);
        attributes.addProperty("group", group);
        attributes.addProperty("resource", resource);
        if (!namespace.isEmpty()) {
            attributes.addProperty("namespace", namespace);
        }
        if (!name.isEmpty()) {
            attributes.addProperty("name", name);
        }
        JsonObject spec = new JsonObject();
        spec.add("resourceAttributes", attributes);
        return spec;
    }
}
