package dev.rekey.k8s;

import com.google.gson.JsonObject;
import dev.rekey.ChangedMeanwhileException;
import dev.rekey.spi.KubeadmConfig;
import java.time.Duration;
import java.util.Optional;

/** The ConfigMap kube-system/kubeadm-config. Only its key ClusterConfiguration is ever changed. */
final class KubeadmConfigMap implements KubeadmConfig {
    private static final String PATH = "/api/v1/namespaces/kube-system/configmaps/kubeadm-config";
    private static final String KEY = "ClusterConfiguration";

    private final ApiServers servers;
    private final Calls calls = new Calls();

    KubeadmConfigMap(ApiServers servers) {
        this.servers = servers;
    }

    @Override
    public Optional<Document> read() {
        AnyServer any = any();
        return any.first("kubeadm's ConfigMap", server -> {
            try {
                JsonObject map = any.json(server, Request.get(PATH));
                JsonObject data = Json.child(map, "data");
                String version = Json.text(Json.child(map, "metadata"), "resourceVersion");
                if (version.isEmpty()) {
                    throw new BadAnswerException(ApiStatus.noJson(200));
                }
                return data.has(KEY) ? Optional.of(new Document(Json.text(data, KEY), version)) : Optional.empty();
            } catch (BadAnswerException e) {
                if (e.status().kind() == ApiStatus.Kind.GONE) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    /** An answer that was lost leaves the change made or not: where the next try meets a conflict, what stands there decides. */
    @Override
    public void replace(Document read, String text) {
        JsonObject metadata = new JsonObject();
        metadata.addProperty("resourceVersion", read.resourceVersion());
        JsonObject data = new JsonObject();
        data.addProperty(KEY, text);
        JsonObject patch = new JsonObject();
        patch.add("metadata", metadata);
        patch.add("data", data);
        AnyServer any = any();
        boolean replaced = any.first("the change of kubeadm's ConfigMap", server -> {
            try {
                return !any.json(server, Request.mergePatch(PATH, patch.toString()))
                        .isEmpty();
            } catch (BadAnswerException e) {
                if (e.status().kind() == ApiStatus.Kind.CONFLICT || e.status().kind() == ApiStatus.Kind.GONE) {
                    return false;
                }
                throw e;
            }
        });
        if (!replaced && !read().map(Document::text).equals(Optional.of(text))) {
            throw new ChangedMeanwhileException(
                    "ConfigMap kube-system/kubeadm-config: it was changed or removed since it was"
                            + " read, so it was not written. Make the same call again");
        }
    }

    private AnyServer any() {
        return new AnyServer(servers, calls, new Deadline(Duration.ofSeconds(25)));
    }
}
