package dev.rekey.manifest;

import dev.rekey.internal.YamlNode;
import dev.rekey.internal.YamlNode.Mapping;
import dev.rekey.internal.YamlNode.Sequence;
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

    private static final String BY_HAND = "Change the container's arguments by hand";

    /** A volume of the pod; no hostPath where it is not of the host, and then no type. */
    record Volume(@Nullable NodePath hostPath, String type, int line) {}

    private PodReader() {}

    static YamlText text(String text) {
        return READING.parse(text, AS_KUBELET);
    }

    static Mapping pod(YamlText parsed) {
        YamlNode root = parsed.first()
                .filter(node -> node instanceof Mapping)
                .orElseThrow(() -> READING.invalid(1, "there is no Pod", AS_KUBELET));
        Mapping pod = READING.mapping(root, "the Pod");
        String kind = READING.text(pod, "kind");
        if (kind.isEmpty()) {
            throw READING.invalid(root.span().line(), "it has no kind", AS_KUBELET);
        }
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
        YamlNode found = null;
        for (YamlNode item : containers == null ? List.<YamlNode>of() : containers.items()) {
            if (item instanceof Mapping container && Program.isStartedByShell(container)) {
                throw READING.refused(
                        container,
                        "the apiserver is started through a shell",
                        "Start kube-apiserver itself, one item for each argument");
            }
            if (item instanceof Mapping container && Program.isStartedBy(container)) {
                if (found != null) {
                    throw READING.refused(container, "two containers start a kube-apiserver", "Keep one");
                }
                found = container;
            }
        }
        if (found == null) {
            throw READING.refused(
                    spec, "no container starts kube-apiserver by an item of its own in command or args", AS_KUBELET);
        }
        Mapping container = READING.mapping(found, "the apiserver's container");
        READING.text(container, "image"); // refuses one that is still to be filled in
        return container;
    }

    static boolean runsAsRoot(Mapping spec, Mapping container) {
        String user = ofUser("runAsUser", spec, container);
        return (user.isEmpty() || user.equals("0"))
                && !ofUser("runAsNonRoot", spec, container).equals("true");
    }

    /** The container's word counts before the pod's. */
    private static String ofUser(String field, Mapping spec, Mapping container) {
        for (Mapping level : List.of(container, spec)) {
            Mapping context = READING.mapping(level, "securityContext");
            String said = context == null ? "" : READING.text(context, field);
            if (!said.isEmpty()) {
                return said;
            }
        }
        return "";
    }

    static Map<String, Volume> volumes(Mapping spec) {
        Map<String, Volume> volumes = new LinkedHashMap<>();
        for (Mapping volume : READING.maps(spec, "volumes")) {
            Mapping hostPath = READING.mapping(volume, "hostPath");
            NodePath path = hostPath == null ? null : READING.path(hostPath, "path");
            String type = hostPath == null ? "" : READING.text(hostPath, "type");
            int line = volume.span().line();
            if (volumes.put(READING.text(volume, "name"), new Volume(path, type, line)) != null) {
                throw READING.refused(line, "two volumes have the same name", "Keep one");
            }
        }
        return volumes;
    }

    static Mounts mounts(Mapping spec, Mapping container) {
        Map<String, Volume> volumes = volumes(spec);
        List<Mount> mounts = new ArrayList<>();
        for (Mapping mount : READING.maps(container, "volumeMounts")) {
            String name = READING.text(mount, "name");
            Volume volume = volumes.get(name);
            NodePath host = volume == null ? null : volume.hostPath();
            String type = volume == null ? "" : volume.type();
            if (!READING.text(mount, "subPathExpr").isEmpty()) {
                host = null;
            }
            String subPath = READING.text(mount, "subPath");
            if (host != null && !subPath.isEmpty()) {
                host = Mounts.normalised(host + "/" + subPath).orElse(null);
            }
            mounts.add(new Mount(
                    name,
                    READING.path(mount, "mountPath"),
                    host,
                    type,
                    mount.span().line()));
        }
        return Mounts.of(READING, mounts);
    }

    /** What an edit promises, read from its result as the apiserver would. */
    static void requireTold(Pod pod, EncryptionSettings settings) {
        NodePath file = settings.configurationFile();
        boolean isTold = pod.isReloading() == settings.automaticReload()
                && pod.encryption()
                        .filter(told -> told.configurationPath().equals(file.value()))
                        .filter(told -> told.hostPath().equals(Optional.of(file)) && !told.mountedAsFile())
                        .isPresent();
        if (!isTold) {
            throw READING.refused(pod.container(), "an apiserver would not take the flags as meant", BY_HAND);
        }
    }

    static void requireUntold(Pod pod) {
        if (pod.isReloading() || pod.encryption().isPresent()) {
            throw READING.refused(pod.container(), "an apiserver would still take flags from there", BY_HAND);
        }
    }
}
