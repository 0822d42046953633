package dev.rekey.testing;

import dev.rekey.internal.YamlNode;
import dev.rekey.internal.YamlNode.Mapping;
import dev.rekey.internal.YamlNode.Scalar;
import dev.rekey.internal.YamlNode.Sequence;
import dev.rekey.internal.YamlSyntaxException;
import dev.rekey.internal.YamlText;
import dev.rekey.manifest.NodePath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A kube-apiserver pod as kubelet and the apiserver read it. Written apart from {@code dev.rekey.manifest}, so that one does not
 * repeat the other's mistakes.
 *
 * @param meaning equal for two texts that kubelet takes for the same pod
 * @param configuration the flag's value; empty where there is none
 * @param volumes host paths by volume name
 */
record StaticPod(
        String meaning,
        String configuration,
        boolean automaticReload,
        List<Mount> mounts,
        Map<String, Volume> volumes) {

    /** As Go's flags read a truth value. */
    private static final Set<String> TRUE = Set.of("1", "t", "T", "true", "TRUE", "True");

    record Mount(String volume, String path) {}

    record Volume(String hostPath, String type) {}

    /** Where a path of the container lies on the host; {@code wholeMount} where it is the mount itself, whose inode is pinned. */
    record HostFile(NodePath path, boolean wholeMount) {}

    /** Empty where kubelet would not take it, or it is another pod. */
    static Optional<StaticPod> parse(String text) {
        try {
            return YamlText.parse(text).first().flatMap(StaticPod::of);
        } catch (YamlSyntaxException e) {
            return Optional.empty();
        }
    }

    private static Optional<StaticPod> of(YamlNode root) {
        if (!(root instanceof Mapping pod) || !text(pod, "kind").equals("Pod")) {
            return Optional.empty();
        }
        if (!(pod.value("metadata") instanceof Mapping metadata)
                || text(metadata, "name").isEmpty()) {
            return Optional.empty();
        }
        if (!(pod.value("spec") instanceof Mapping spec)) {
            return Optional.empty();
        }
        for (Mapping container : mappings(spec, "containers")) {
            List<String> words = new ArrayList<>(texts(container, "command"));
            words.addAll(texts(container, "args"));
            if (!words.isEmpty() && words.get(0).endsWith("kube-apiserver")) {
                Map<String, String> flags = flags(words);
                return Optional.of(new StaticPod(
                        meaning(root),
                        flags.getOrDefault("encryption-provider-config", ""),
                        TRUE.contains(flags.getOrDefault("encryption-provider-config-automatic-reload", "")),
                        mounts(container),
                        volumes(spec)));
            }
        }
        return Optional.empty();
    }

    /** By the longest mount path that covers it. */
    Optional<HostFile> onHost(String containerPath) {
        Mount best = null;
        for (Mount mount : mounts) {
            boolean covers = containerPath.equals(mount.path) || containerPath.startsWith(mount.path + "/");
            if (covers && (best == null || mount.path.length() > best.path.length())) {
                best = mount;
            }
        }
        if (best == null) {
            return Optional.empty();
        }
        Volume volume = volumes.get(best.volume);
        if (volume == null || volume.hostPath.isEmpty()) {
            return Optional.empty();
        }
        String rest = containerPath.substring(best.path.length());
        return Optional.of(new HostFile(NodePath.of(volume.hostPath + rest), rest.isEmpty()));
    }

    private static Map<String, String> flags(List<String> words) {
        Map<String, String> flags = new HashMap<>();
        for (int i = 1; i < words.size(); i++) {
            String word = words.get(i);
            if (!word.startsWith("--")) {
                continue;
            }
            int equals = word.indexOf('=');
            String name = (equals < 0 ? word.substring(2) : word.substring(2, equals)).replace('_', '-');
            if (equals >= 0) {
                flags.put(name, word.substring(equals + 1));
            } else if (name.equals("encryption-provider-config") && i + 1 < words.size()) {
                flags.put(name, words.get(++i));
            } else {
                flags.put(name, "true");
            }
        }
        return flags;
    }

    private static List<Mount> mounts(Mapping container) {
        List<Mount> mounts = new ArrayList<>();
        for (Mapping mount : mappings(container, "volumeMounts")) {
            String path = text(mount, "mountPath");
            mounts.add(
                    new Mount(text(mount, "name"), path.endsWith("/") ? path.substring(0, path.length() - 1) : path));
        }
        return List.copyOf(mounts);
    }

    private static Map<String, Volume> volumes(Mapping spec) {
        Map<String, Volume> volumes = new HashMap<>();
        for (Mapping volume : mappings(spec, "volumes")) {
            if (volume.value("hostPath") instanceof Mapping host) {
                volumes.put(text(volume, "name"), new Volume(text(host, "path"), text(host, "type")));
            }
        }
        return Map.copyOf(volumes);
    }

    private static String text(Mapping mapping, String key) {
        return mapping.value(key) instanceof Scalar scalar ? scalar.text() : "";
    }

    private static List<Mapping> mappings(Mapping parent, String key) {
        List<Mapping> found = new ArrayList<>();
        if (parent.value(key) instanceof Sequence sequence) {
            for (YamlNode item : sequence.items()) {
                if (item instanceof Mapping mapping) {
                    found.add(mapping);
                }
            }
        }
        return found;
    }

    private static List<String> texts(Mapping parent, String key) {
        List<String> found = new ArrayList<>();
        if (parent.value(key) instanceof Sequence sequence) {
            for (YamlNode item : sequence.items()) {
                found.add(item instanceof Scalar scalar ? scalar.text() : "");
            }
        }
        return found;
    }

    /** Comments, blanks, quotes and the order of keys say nothing to kubelet. */
    private static String meaning(YamlNode node) {
        if (node instanceof Mapping mapping) {
            TreeMap<String, String> sorted = new TreeMap<>();
            mapping.pairs().forEach(pair -> sorted.put(meaning(pair.key()), meaning(pair.value())));
            return sorted.toString();
        }
        if (node instanceof Sequence sequence) {
            return sequence.items().stream().map(StaticPod::meaning).toList().toString();
        }
        return node instanceof Scalar scalar ? "'" + scalar.text().replace("'", "''") + "'" : node.toString();
    }
}
