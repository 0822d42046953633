package dev.rekey.k8s;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the apiservers serve, asked once per pass. One thread at a time. */
final class Discovery {
    private static final String API_SERVICES = "/apis/apiregistration.k8s.io/v1/apiservices";

    private final Attempts attempts;
    private final Map<String, List<Served>> served = new LinkedHashMap<>();
    private @Nullable Map<String, List<String>> versions;
    private @Nullable Set<String> aggregated;

    Discovery(Attempts attempts) {
        this.attempts = attempts;
    }

    /** A type with its verbs, and the hash that tells one storage from another; the hash may be empty. */
    private record Served(ResourceType type, List<String> verbs, String storage) {
        boolean canBeRewritten() {
            return verbs.contains("list") && verbs.contains("patch");
        }
    }

    /**
     * The types that {@code rule} covers; an exact rule for what nobody serves gives none. A type that two groups serve from one
     * storage, as events, is given once.
     */
    List<ResourceType> types(Rule rule) throws BadAnswerException, NoAnswerException {
        return rule.isWildcard() ? covered(rule) : named(rule);
    }

    private List<ResourceType> named(Rule rule) throws BadAnswerException, NoAnswerException {
        for (String version : versions().getOrDefault(rule.group(), List.of())) {
            for (Served candidate : served(rule.group(), version)) {
                if (candidate.type().plural().equals(rule.resource()) && candidate.canBeRewritten()) {
                    return List.of(candidate.type());
                }
            }
        }
        return List.of();
    }

    /** Every version is looked at, not the preferred one alone: a type may be there in another one only. */
    private List<ResourceType> covered(Rule rule) throws BadAnswerException, NoAnswerException {
        List<ResourceType> types = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Set<String> storages = new HashSet<>();
        for (Map.Entry<String, List<String>> group : versions().entrySet()) {
            if (!rule.covers(group.getKey())) {
                continue;
            }
            for (String version : group.getValue()) {
                if (aggregated().contains(group.getKey() + "/" + version)) {
                    continue;
                }
                for (Served candidate : served(group.getKey(), version)) {
                    if (candidate.canBeRewritten()
                            && names.add(candidate.type().name())
                            && (candidate.storage().isEmpty() || storages.add(candidate.storage()))) {
                        types.add(candidate.type());
                    }
                }
            }
        }
        return types;
    }

    /** By group, the preferred version first; the core group is the empty one, and first. */
    private Map<String, List<String>> versions() throws BadAnswerException, NoAnswerException {
        if (versions == null) {
            Map<String, List<String>> found = new LinkedHashMap<>();
            found.put("", Json.texts(get("/api", "APIVersions"), "versions"));
            for (JsonObject group : Json.objects(get("/apis", "APIGroupList"), "groups")) {
                Set<String> inOrder = new LinkedHashSet<>();
                inOrder.add(Json.text(Json.child(group, "preferredVersion"), "version"));
                Json.objects(group, "versions").forEach(version -> inOrder.add(Json.text(version, "version")));
                inOrder.remove("");
                found.put(Json.text(group, "name"), List.copyOf(inOrder));
            }
            versions = found;
        }
        return versions;
    }

    private List<Served> served(String group, String version) throws BadAnswerException, NoAnswerException {
        String path = group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version;
        List<Served> found = served.get(path);
        if (found == null) {
            found = new ArrayList<>();
            for (JsonObject resource : Json.objects(get(path, "APIResourceList"), "resources")) {
                String plural = Json.text(resource, "name");
                if (!plural.contains("/")) {
                    ResourceType type = new ResourceType(group, version, plural, Json.flag(resource, "namespaced"));
                    found.add(
                            new Served(type, Json.texts(resource, "verbs"), Json.text(resource, "storageVersionHash")));
                }
            }
            served.put(path, found);
        }
        return found;
    }

    /** Group and version of what other servers keep in a storage of their own. */
    private Set<String> aggregated() throws BadAnswerException, NoAnswerException {
        if (aggregated == null) {
            Set<String> found = new HashSet<>();
            for (JsonObject item : Json.objects(get(API_SERVICES, "APIServiceList"), "items")) {
                JsonObject spec = Json.child(item, "spec");
                JsonElement service = spec.get("service");
                if (service != null && service.isJsonObject()) {
                    found.add(Json.text(spec, "group") + "/" + Json.text(spec, "version"));
                }
            }
            aggregated = found;
        }
        return aggregated;
    }

    /** What is of another kind is no answer: an empty page would else read as "nothing is served". */
    private JsonObject get(String path, String kind) throws BadAnswerException, NoAnswerException {
        return attempts.send(Request.get(path), body -> document(body, kind));
    }

    private static JsonObject document(Reader body, String kind) throws IOException {
        JsonObject document = JsonParser.parseReader(body).getAsJsonObject();
        if (!Json.text(document, "kind").equals(kind)) {
            throw new IllegalStateException("another kind");
        }
        return document;
    }
}
