package dev.rekey.controlplane;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads a manifest file as kubelet does, so far as the tests care: only the first document counts, of a duplicate key the
 * last does, and a value of the wrong kind, a missing name or a mount of no volume makes the file invalid.
 */
final class PodDecoder {
    private static final int MOST_BYTES = 10 << 20;
    private static final LoadSettings SETTINGS = LoadSettings.builder()
            .setAllowDuplicateKeys(true)
            .setCodePointLimit(MOST_BYTES)
            .build();

    private PodDecoder() {}

    static StaticPod decode(Path file, byte[] content) throws InvalidPodException {
        if (content.length > MOST_BYTES) {
            throw new InvalidPodException("longer than 10 MiB");
        }
        Map<?, ?> pod = map(firstDocument(content), "the manifest");
        if (!"v1".equals(pod.get("apiVersion")) || !"Pod".equals(pod.get("kind"))) {
            throw new InvalidPodException("not a v1 Pod");
        }
        Map<?, ?> metadata = map(pod.get("metadata"), "metadata");
        String name = text(metadata.get("name"), "metadata.name");
        strings(metadata.get("annotations"), "metadata.annotations");
        strings(metadata.get("labels"), "metadata.labels");
        Object namespace = metadata.get("namespace");
        String key = (namespace == null ? "default" : text(namespace, "metadata.namespace")) + "/" + name;
        Map<?, ?> spec = map(pod.get("spec"), "spec");
        List<StaticPod.Volume> volumes = volumes(spec);
        return new StaticPod(key, StaticPod.hash(pod, file), containers(spec, volumes), volumes);
    }

    private static @Nullable Object firstDocument(byte[] content) throws InvalidPodException {
        try {
            Iterator<Object> documents = new Load(SETTINGS)
                    .loadAllFromString(new String(content, StandardCharsets.UTF_8))
                    .iterator();
            return documents.hasNext() ? documents.next() : null;
        } catch (YamlEngineException e) {
            throw new InvalidPodException("not YAML");
        }
    }

    private static List<StaticPod.Volume> volumes(Map<?, ?> spec) throws InvalidPodException {
        List<StaticPod.Volume> volumes = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Object item : list(spec.get("volumes"), "spec.volumes")) {
            Map<?, ?> volume = map(item, "a volume");
            String name = text(volume.get("name"), "the name of a volume");
            if (!names.add(name)) {
                throw new InvalidPodException("duplicate volume " + name);
            }
            if (volume.containsKey("secret") || volume.containsKey("configMap")) {
                throw new InvalidPodException("a static pod may not refer to API objects: volume " + name);
            }
            if (volume.get("hostPath") != null) {
                Map<?, ?> host = map(volume.get("hostPath"), "hostPath of " + name);
                Object type = host.get("type");
                volumes.add(new StaticPod.Volume(
                        name,
                        Path.of(text(host.get("path"), "hostPath.path of " + name)),
                        type == null ? "" : string(type, "hostPath.type of " + name)));
            }
        }
        return volumes;
    }

    private static List<StaticPod.Container> containers(Map<?, ?> spec, List<StaticPod.Volume> volumes)
            throws InvalidPodException {
        List<StaticPod.Container> containers = new ArrayList<>();
        for (Object item : list(spec.get("containers"), "spec.containers")) {
            Map<?, ?> container = map(item, "a container");
            String name = text(container.get("name"), "the name of a container");
            List<String> command = new ArrayList<>();
            for (String field : List.of("command", "args")) {
                for (Object argument : list(container.get(field), field)) {
                    command.add(string(argument, "an item of " + field));
                }
            }
            if (command.isEmpty()) {
                command.add("(the image's own command)");
            }
            containers.add(
                    new StaticPod.Container(name, command, environment(container), mounts(container, spec, volumes)));
        }
        if (containers.isEmpty()) {
            throw new InvalidPodException("spec.containers is required");
        }
        return containers;
    }

    private static Map<String, String> environment(Map<?, ?> container) throws InvalidPodException {
        Map<String, String> environment = new HashMap<>();
        for (Object item : list(container.get("env"), "env")) {
            Map<?, ?> variable = map(item, "a variable");
            Object value = variable.get("value");
            environment.put(
                    text(variable.get("name"), "the name of a variable"),
                    value == null ? "" : string(value, "the value of a variable"));
        }
        return environment;
    }

    private static List<StaticPod.Mount> mounts(Map<?, ?> container, Map<?, ?> spec, List<StaticPod.Volume> hostVolumes)
            throws InvalidPodException {
        Set<String> known = new HashSet<>();
        for (Object volume : list(spec.get("volumes"), "spec.volumes")) {
            known.add(text(map(volume, "a volume").get("name"), "the name of a volume"));
        }
        Set<String> paths = new HashSet<>();
        List<StaticPod.Mount> mounts = new ArrayList<>();
        for (Object item : list(container.get("volumeMounts"), "volumeMounts")) {
            Map<?, ?> mount = map(item, "a mount");
            String volume = text(mount.get("name"), "the name of a mount");
            String path = text(mount.get("mountPath"), "mountPath of " + volume);
            if (!known.contains(volume)) {
                throw new InvalidPodException("no volume for the mount " + volume);
            }
            if (!paths.add(path)) {
                throw new InvalidPodException("mountPath must be unique: " + path);
            }
            if (hostVolumes.stream().anyMatch(host -> host.name().equals(volume))) {
                mounts.add(new StaticPod.Mount(volume, Path.of(path)));
            }
        }
        return mounts;
    }

    private static void strings(@Nullable Object value, String what) throws InvalidPodException {
        if (value != null) {
            for (Object item : map(value, what).values()) {
                string(item, "a value of " + what);
            }
        }
    }

    private static Map<?, ?> map(@Nullable Object value, String what) throws InvalidPodException {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw new InvalidPodException(what + " is no mapping");
    }

    private static List<?> list(@Nullable Object value, String what) throws InvalidPodException {
        if (value == null) {
            return List.of();
        }
        if (value instanceof List<?> list) {
            return list;
        }
        throw new InvalidPodException(what + " is no list");
    }

    private static String text(@Nullable Object value, String what) throws InvalidPodException {
        String text = string(value, what);
        if (text.isEmpty()) {
            throw new InvalidPodException(what + " is required");
        }
        return text;
    }

    private static String string(@Nullable Object value, String what) throws InvalidPodException {
        if (value instanceof String text) {
            return text;
        }
        throw new InvalidPodException(what + " is no string");
    }
}
