package dev.rekey.manifest;

import dev.rekey.internal.YamlNode;
import dev.rekey.internal.YamlNode.Mapping;
import dev.rekey.internal.YamlNode.Pair;
import dev.rekey.internal.YamlNode.Scalar;
import dev.rekey.internal.YamlNode.Sequence;
import dev.rekey.internal.YamlText;
import dev.rekey.manifest.Mounts.Mount;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds in the text of a ClusterConfiguration what an edit is about. */
final class KubeadmReader {
    static final Reading READING = new Reading("kubeadm's ClusterConfiguration");

    private static final String GROUP = "kubeadm.k8s.io/";

    /** An extra argument, and where it stands in its list or map. */
    record Extra(String name, Scalar value, int index) {}

    private KubeadmReader() {}

    static YamlText text(String text) {
        return READING.parse(
                text, "Give what stands under the key ClusterConfiguration of the ConfigMap kubeadm-config");
    }

    static Mapping root(YamlText parsed) {
        YamlNode first = parsed.first()
                .orElseThrow(() -> READING.invalid(1, "it is empty", "Give the text of a ClusterConfiguration"));
        Mapping root = READING.mapping(first, "the document");
        if (!READING.text(root, "kind").equals("ClusterConfiguration")) {
            throw READING.invalid(first.span().line(), "its kind is not ClusterConfiguration", "Give the text of one");
        }
        return root;
    }

    /** Whether arguments are a list, as since v1beta4, and not a map. */
    static boolean isListed(Mapping root) {
        return switch (READING.text(root, "apiVersion")) {
            case GROUP + "v1beta4" -> true;
            case GROUP + "v1beta3", GROUP + "v1beta2" -> false;
            default ->
                throw READING.refused(
                        root,
                        "its apiVersion is none of kubeadm.k8s.io/v1beta2, v1beta3 and v1beta4",
                        "Migrate it with kubeadm config migrate");
        };
    }

    static List<Extra> extras(@Nullable Mapping apiServer, boolean isListed) {
        YamlNode extraArgs = apiServer == null ? null : apiServer.value("extraArgs");
        if (apiServer == null || extraArgs == null) {
            return List.of();
        }
        if (isListed && extraArgs instanceof Mapping) {
            throw READING.refused(extraArgs, "extraArgs is a map, which v1beta4 does not read", "Write it as a list");
        }
        if (!isListed && extraArgs instanceof Sequence) {
            throw READING.refused(extraArgs, "extraArgs is a list, which only v1beta4 reads", "Write it as a map");
        }
        return isListed ? listed(apiServer) : mapped(apiServer);
    }

    static Mounts mounts(@Nullable Mapping apiServer) {
        List<Mount> mounts = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Mapping item : apiServer == null ? List.<Mapping>of() : READING.maps(apiServer, "extraVolumes")) {
            if (!names.add(READING.text(item, "name"))) {
                throw READING.refused(item, "two volumes have the same name, and kubeadm takes the last", "Keep one");
            }
            NodePath mountPath = READING.path(item, "mountPath");
            NodePath hostPath = READING.path(item, "hostPath");
            mounts.add(new Mount(
                    READING.text(item, "name"),
                    mountPath,
                    hostPath,
                    READING.text(item, "pathType"),
                    item.span().line()));
        }
        return Mounts.of(READING, mounts);
    }

    private static List<Extra> listed(Mapping apiServer) {
        List<Extra> extras = new ArrayList<>();
        for (Mapping item : READING.maps(apiServer, "extraArgs")) {
            YamlNode value = item.value("value");
            if (value == null) {
                throw READING.refused(item, "an item of extraArgs has no value", "Give it one");
            }
            extras.add(extra(READING.text(item, "name"), value, extras.size()));
        }
        return extras;
    }

    private static List<Extra> mapped(Mapping apiServer) {
        List<Extra> extras = new ArrayList<>();
        Mapping map = READING.mapping(apiServer, "extraArgs");
        for (Pair pair : map == null ? List.<Pair>of() : map.pairs()) {
            extras.add(extra(((Scalar) pair.key()).text(), pair.value(), extras.size()));
        }
        return extras;
    }

    private static Extra extra(String name, YamlNode value, int index) {
        if (name.contains("=")) {
            throw READING.refused(
                    value,
                    "the name of an argument holds '=', so that the server reads another name",
                    "Write what stands after it into the value");
        }
        return new Extra(EncryptionFlags.normalise(name), READING.scalar(value, "a value of extraArgs"), index);
    }
}
