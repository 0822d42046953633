package dev.rekey.manifest;

import dev.rekey.internal.YamlNode;
import dev.rekey.internal.YamlNode.Mapping;
import dev.rekey.internal.YamlNode.Scalar;
import dev.rekey.internal.YamlNode.Sequence;
import dev.rekey.internal.YamlSyntaxException;
import dev.rekey.internal.YamlText;
import dev.rekey.manifest.Mounts.Mount;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds in the text of a static pod what an edit is about. */
final class PodReader {
    static final Reading READING = new Reading("apiserver manifest");

    private static final String AS_KUBELET = "Give the file that kubelet runs the apiserver from";

    private PodReader() {}

    static YamlText text(String text) {
        YamlText parsed;
        try {
            parsed = YamlText.parse(text);
        } catch (YamlSyntaxException e) {
            String hint =
                    text.contains("{{") || text.contains("{%") ? "It looks like a template: fill it in" : AS_KUBELET;
            throw READING.invalid(e.line(), e.reason(), hint);
        }
        return parsed;
    }

    static Mapping pod(YamlText parsed) {
        YamlNode root = parsed.first()
                .filter(node -> node instanceof Mapping)
                .orElseThrow(() -> READING.invalid(1, "there is no Pod", AS_KUBELET));
        Mapping pod = READING.mapping(root, "the Pod");
        String kind = READING.text(pod, "kind");
        if (!kind.equals("Pod") || !READING.text(pod, "apiVersion").equals("v1")) {
            throw READING.refused(root, "it is no v1 Pod", "A static pod is one Pod in one file. " + AS_KUBELET);
        }
        return pod;
    }

    static Mapping required(Mapping parent, String key) {
        Mapping found = READING.mapping(parent, key);
        if (found == null) {
            throw READING.invalid(parent.span().line(), "the Pod has no " + key, AS_KUBELET);
        }
        return found;
    }

    /** The container that starts kube-apiserver: sidecars may stand before it. */
    static Mapping container(Mapping spec) {
        Sequence containers = READING.sequence(spec, "containers");
        Mapping found = null;
        for (YamlNode item : containers == null ? List.<YamlNode>of() : containers.items()) {
            Mapping container = READING.mapping(item, "a container");
            boolean named = READING.text(container, "name").equals(Arguments.PROGRAM);
            Arguments arguments = Arguments.read(READING, container);
            if (named && arguments.isShell()) {
                throw READING.refused(
                        container,
                        "the apiserver is started through a shell",
                        "Start kube-apiserver itself, one item for each argument");
            }
            if (!arguments.startsApiServer(named)) {
                continue;
            }
            if (found != null) {
                throw READING.refused(container, "two containers start a kube-apiserver", "Keep one");
            }
            found = container;
        }
        if (found == null) {
            throw READING.refused(
                    spec, "no container starts kube-apiserver by an item of its own in command or args", AS_KUBELET);
        }
        return found;
    }

    /** The volumes by name; the value is null where it is not of the host. */
    static Map<String, Optional<NodePath>> volumes(Mapping spec) {
        Map<String, Optional<NodePath>> volumes = new LinkedHashMap<>();
        for (Mapping volume : maps(spec, "volumes")) {
            Mapping hostPath = READING.mapping(volume, "hostPath");
            Optional<NodePath> path =
                    hostPath == null ? Optional.empty() : Optional.of(path(hostPath, READING.text(hostPath, "path")));
            if (volumes.put(READING.text(volume, "name"), path) != null) {
                throw READING.refused(volume, "two volumes have the same name", "Keep one");
            }
        }
        return volumes;
    }

    static Mounts mounts(Mapping spec, Mapping container) {
        Map<String, Optional<NodePath>> volumes = volumes(spec);
        List<Mount> mounts = new ArrayList<>();
        for (Mapping mount : maps(container, "volumeMounts")) {
            String volume = READING.text(mount, "name");
            String subPath = READING.text(mount, "subPath");
            boolean known = READING.text(mount, "subPathExpr").isEmpty();
            @Nullable
            NodePath host = volumes.getOrDefault(volume, Optional.empty())
                    .filter(path -> known)
                    .map(path -> subPath.isEmpty() ? path : path.resolve(subPath))
                    .orElse(null);
            mounts.add(new Mount(volume, path(mount, READING.text(mount, "mountPath")), host));
        }
        return new Mounts(mounts);
    }

    static List<Mapping> maps(Mapping parent, String key) {
        Sequence list = READING.sequence(parent, key);
        List<Mapping> maps = new ArrayList<>();
        for (YamlNode item : list == null ? List.<YamlNode>of() : list.items()) {
            maps.add(READING.mapping(item, "an item of " + key));
        }
        return maps;
    }

    private static NodePath path(Mapping at, String text) {
        return Mounts.normalised(text)
                .orElseThrow(() -> READING.refused(at, "a path of a volume is not absolute", "Write it in full"));
    }

    /** Without any demand on the form, since kubelet makes none. */
    static boolean isApiServer(YamlNode document) {
        if (!(document instanceof Mapping pod)) {
            return false;
        }
        boolean named = pod.value("metadata") instanceof Mapping metadata && isProgram(metadata.value("name"));
        if (named || !(pod.value("spec") instanceof Mapping spec)) {
            return named;
        }
        return spec.value("containers") instanceof Sequence containers
                && containers.items().stream().anyMatch(PodReader::isApiServerContainer);
    }

    private static boolean isApiServerContainer(YamlNode node) {
        if (!(node instanceof Mapping container)) {
            return true;
        }
        return isProgram(container.value("name"))
                || hasProgram(container.value("command"))
                || hasProgram(container.value("args"));
    }

    private static boolean hasProgram(@Nullable YamlNode words) {
        return words instanceof Sequence list && list.items().stream().anyMatch(PodReader::isProgram);
    }

    private static boolean isProgram(@Nullable YamlNode node) {
        return node instanceof Scalar scalar
                && (scalar.text().equals(Arguments.PROGRAM) || scalar.text().endsWith("/" + Arguments.PROGRAM));
    }
}
