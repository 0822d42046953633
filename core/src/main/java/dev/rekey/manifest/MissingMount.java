package dev.rekey.manifest;

import dev.rekey.manifest.Mounts.Mount;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A mount that an apiserver lacks for its settings; the host's path and the container's are the same. */
record MissingMount(String volume, NodePath path, String type) {
    /** Directories that hold more than a plugin's socket, so that they are not to be mounted whole. */
    private static final Set<String> SHARED =
            Set.of("/etc/kubernetes", "/run/containerd", "/run/user", "/usr/local", "/var/lib", "/var/run", "/var/tmp");

    /** The host's programs and devices, which must not lie over those of the apiserver's image. */
    private static final Pattern SYSTEM = Pattern.compile("/((usr/(local/)?)?(s?bin|lib[^/]*)|dev|proc|sys)(/.*)?");

    static final String OTHER_LAYOUT =
            "Set volumeName and configurationDirectory of the layout to what stands there, or rename that volume";

    private static final int MAX_SOCKETS = 32;

    /** What is missing once {@link #pinned} is gone; refused where a mount is in the way. */
    static List<MissingMount> of(Reading reading, Mounts mounts, EncryptionSettings settings) {
        List<MissingMount> missing = new ArrayList<>();
        NodePath file = settings.configurationFile();
        Optional<Mount> covering = mounts.covering(file);
        covering.ifPresent(mount -> requireLeadsTo(reading, mounts, mount, file));
        if (covering.isEmpty()) {
            requireFree(reading, mounts, settings.volumeName());
            missing.add(new MissingMount(settings.volumeName(), settings.directory(), "DirectoryOrCreate"));
        }
        if (settings.kmsSockets().size() > MAX_SOCKETS) {
            throw reading.refused(1, "there are more than " + MAX_SOCKETS + " KMS sockets", "Use fewer");
        }
        for (NodePath socket : settings.kmsSockets()) {
            boolean isCovered = mounts.covering(socket).isPresent()
                    || missing.stream().anyMatch(mount -> socket.isIn(mount.path()));
            if (!isCovered) {
                missing.add(forSocket(freeName(mounts, missing, settings.volumeName()), socket));
            }
        }
        return missing;
    }

    /** The mount of the file alone, which does not see it replaced and hides a mount of its directory. */
    static Optional<Mount> pinned(Mounts mounts, EncryptionSettings settings) {
        NodePath file = settings.configurationFile();
        return mounts.all().stream()
                .filter(mount -> mount.path().equals(file) && file.equals(mount.hostPath()))
                .findFirst();
    }

    /** Whether a volume of that name is one that we add, {@code volumeName} being the layout's. */
    static boolean isOurs(String volume, String volumeName) {
        return volume.equals(volumeName)
                || (volume.startsWith(volumeName + "-kms-")
                        && volume.substring(volumeName.length() + 5).matches("[1-9][0-9]?"));
    }

    /** Whether a volume of that name is one that we add for a socket, whatever the layout. */
    static boolean isForSocket(String volume) {
        return volume.matches(".+-kms-[1-9][0-9]?");
    }

    /** Whether a volume has the layout's name and not its directory. */
    static boolean isElsewhere(NodeLayout layout, String volume, @Nullable NodePath hostPath) {
        return volume.equals(layout.volumeName())
                && !layout.configurationDirectory().equals(hostPath);
    }

    /** Each mount taken out costs a parse. */
    static void requireFew(Reading reading, Mounts mounts, NodeLayout layout) {
        List<Mount> ours = mounts.all().stream()
                .filter(mount -> isOurs(mount.volume(), layout.volumeName()))
                .toList();
        if (ours.size() > 2 * MAX_SOCKETS) {
            throw reading.refused(
                    ours.get(0).line(), layout.volumeName() + " is mounted very often", "Remove these mounts");
        }
    }

    private static MissingMount forSocket(String name, NodePath socket) {
        NodePath parent = socket.parent();
        boolean isShared = parent.value().lastIndexOf('/') == 0
                || SHARED.contains(parent.value())
                || SYSTEM.matcher(parent.value()).matches();
        return isShared
                ? new MissingMount(name, socket, "Socket")
                : new MissingMount(name, parent, "DirectoryOrCreate");
    }

    private static String freeName(Mounts mounts, List<MissingMount> missing, String volumeName) {
        for (int i = 1; ; i++) {
            String name = volumeName + "-kms-" + i;
            boolean isTaken =
                    mounts.all().stream().anyMatch(mount -> mount.volume().equals(name))
                            || missing.stream().anyMatch(mount -> mount.volume().equals(name));
            if (!isTaken) {
                return name;
            }
        }
    }

    private static void requireLeadsTo(Reading reading, Mounts mounts, Mount mount, NodePath file) {
        Optional<NodePath> host = mounts.hostPathOf(file);
        if (host.isPresent() && host.get().equals(file)) {
            return;
        }
        String elsewhere = host.map(path -> path + " of the host").orElse("no place of the host");
        throw reading.refused(
                mount.line(),
                "a volume is mounted at " + mount.path() + ", so that " + file + " leads to " + elsewhere,
                "Set the layout's configurationDirectory to a directory that no volume covers, or remove the mount");
    }

    private static void requireFree(Reading reading, Mounts mounts, String volumeName) {
        for (Mount mount : mounts.all()) {
            if (mount.volume().equals(volumeName)) {
                throw reading.refused(
                        mount.line(),
                        "a volume named " + volumeName + " is mounted at " + mount.path() + " already",
                        "Set the layout's volumeName to a free name, or remove that mount");
            }
        }
    }
}
