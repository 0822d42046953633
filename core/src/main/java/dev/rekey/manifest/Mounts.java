package dev.rekey.manifest;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What of the host a container sees where. */
record Mounts(List<Mount> all) {
    /**
     * One mount.
     *
     * @param hostPath what it shows; null where that is no place of the host
     * @param type of the hostPath, such as {@code Socket}; empty where none is given
     * @param line where it stands in the text
     */
    record Mount(String volume, NodePath path, @Nullable NodePath hostPath, String type, int line) {
        /** By its type, its name, or the name that we give to what holds one. */
        boolean isForKms() {
            return hostPath != null
                    && (type.equals("Socket") || path.value().endsWith(".sock") || MissingMount.isForSocket(volume));
        }
    }

    Mounts {
        all = List.copyOf(all);
    }

    static Mounts of(Reading reading, List<Mount> all) {
        Set<NodePath> paths = new HashSet<>();
        for (Mount mount : all) {
            if (!paths.add(mount.path())) {
                throw reading.refused(mount.line(), "two volumes are mounted at " + mount.path(), "Keep one");
            }
        }
        return new Mounts(all);
    }

    /** Where sockets of KMS plugins are to be seen, each once. */
    List<NodePath> forKms() {
        return all.stream().filter(Mount::isForKms).map(Mount::path).distinct().toList();
    }

    /** The mount that decides what stands at {@code path} in the container: the deepest one, as the runtime stacks them. */
    Optional<Mount> covering(NodePath path) {
        Mount deepest = null;
        for (Mount mount : all) {
            boolean deeper = deepest == null || mount.path().isIn(deepest.path());
            if (path.isIn(mount.path()) && deeper) {
                deepest = mount;
            }
        }
        return Optional.ofNullable(deepest);
    }

    /** The place on the host that {@code path} in the container leads to. */
    Optional<NodePath> hostPathOf(NodePath path) {
        return covering(path).flatMap(mount -> behind(mount, path));
    }

    /** What the flag's value means with these mounts. */
    Encryption encryption(String configurationPath, boolean automaticReload) {
        Optional<NodePath> path =
                normalised(configurationPath).filter(p -> !p.value().contains("$("));
        Optional<Mount> mount = path.flatMap(this::covering);
        boolean file = mount.isPresent() && mount.get().path().equals(path.orElseThrow());
        NodePath host = mount.flatMap(m -> behind(m, path.orElseThrow())).orElse(null);
        return new Encryption(configurationPath, host, file, automaticReload);
    }

    private static Optional<NodePath> behind(Mount mount, NodePath path) {
        NodePath host = mount.hostPath();
        if (host == null) {
            return Optional.empty();
        }
        String below = path.value()
                .substring(
                        mount.path().value().equals("/")
                                ? 0
                                : mount.path().value().length());
        return Optional.of(host.resolve(below));
    }

    /** Empty where the text is no absolute path, goes through {@code ..}, or is longer than any host takes. */
    static Optional<NodePath> normalised(String text) {
        if (!text.startsWith("/")
                || text.length() > 4096
                || ("/" + text + "/").contains("/../")
                || ("/" + text + "/").contains("/./")) {
            return Optional.empty();
        }
        return text.chars().anyMatch(c -> c < ' ' || c == 0x7f) ? Optional.empty() : Optional.of(NodePath.of(text));
    }
}
