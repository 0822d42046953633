package dev.rekey.controlplane;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A pod as kubelet has it after it decoded one manifest file.
 *
 * @param key namespace and name: of two pods with one key kubelet knows only the last
 * @param hash as kubelet's {@code config.hash}: of the decoded pod and of where it came from, not of the text, so that
 *     a comment changes nothing and the same pod in another file is another pod
 */
record StaticPod(String key, String hash, List<Container> containers, List<Volume> volumes) {
    StaticPod {
        containers = List.copyOf(containers);
        volumes = List.copyOf(volumes);
    }

    /** The first container that runs this command, wherever it stands among others. */
    Optional<Container> containerRunning(String command) {
        return containers.stream()
                .filter(container -> container.command().get(0).equals(command))
                .findFirst();
    }

    static String hash(Object decoded, Path file) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(canonical(decoded).getBytes(StandardCharsets.UTF_8));
            digest.update(("file:" + file).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String canonical(Object decoded) {
        if (decoded instanceof Map<?, ?> map) {
            TreeMap<String, String> sorted = new TreeMap<>();
            map.forEach((name, value) -> {
                // A field that is null is a field that is not there.
                if (value != null) {
                    sorted.put(String.valueOf(name), canonical(value));
                }
            });
            return sorted.toString();
        }
        if (decoded instanceof List<?> list) {
            return list.stream()
                    .map(item -> item == null ? "null" : canonical(item))
                    .toList()
                    .toString();
        }
        String text = decoded.toString();
        return decoded.getClass().getSimpleName() + text.length() + ":" + text;
    }

    /** A container: command and arguments in one list. */
    record Container(String name, List<String> command, Map<String, String> environment, List<Mount> mounts) {
        Container {
            command = List.copyOf(command);
            environment = Map.copyOf(environment);
            mounts = List.copyOf(mounts);
        }
    }

    /** Where a container sees a volume. */
    record Mount(String volume, Path mountPath) {}

    /** A folder or file of the host; type as in the manifest, empty if none is given. */
    record Volume(String name, Path hostPath, String type) {}
}
