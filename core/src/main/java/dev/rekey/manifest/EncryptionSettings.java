package dev.rekey.manifest;

import dev.rekey.InvalidInputException;
import java.io.Serializable;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What an apiserver is to be told: which file to read, and what it must see of its host for that.
 *
 * @param configurationFile the same path on the host and in the container; its directory is mounted
 * @param volumeName a DNS label of at most 56 characters; mounts for KMS sockets are named after it too
 * @param automaticReload sets {@code --encryption-provider-config-automatic-reload}, which 1.25 and older do not know
 * @param kmsSockets sockets of KMS plugins, each to be reachable at this path in the container
 */
public record EncryptionSettings(
        NodePath configurationFile, String volumeName, boolean automaticReload, List<NodePath> kmsSockets)
        implements Serializable {
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,54}[a-z0-9])?");

    /** Copies the list, and refuses what no manifest could hold. */
    public EncryptionSettings {
        kmsSockets = List.copyOf(kmsSockets);
        if (!LABEL.matcher(volumeName).matches()) {
            throw new InvalidInputException("a volume's name must be a DNS label of at most 56 characters; nothing was"
                    + " changed. Mend volumeName in the layout");
        }
        if (configurationFile.parent().value().equals("/")) {
            throw new InvalidInputException("a configuration file right below / cannot be mounted by its directory;"
                    + " nothing was changed. Mend configurationDirectory in the layout");
        }
        requireWritable(configurationFile);
        kmsSockets.forEach(EncryptionSettings::requireWritable);
        if (kmsSockets.stream().anyMatch(socket -> socket.value().equals("/"))) {
            throw new InvalidInputException(
                    "a KMS socket at / would mount the host's root over the container's; nothing was"
                            + " changed. Mend the endpoint in the configuration");
        }
    }

    /** Settings for {@code file}, one of {@code layout}'s, with automatic reload and no KMS. */
    public static EncryptionSettings of(NodeLayout layout, NodePath file) {
        return new EncryptionSettings(file, layout.volumeName(), true, List.of());
    }

    /** For apiservers that do not know automatic reload, or are not to use it. */
    public EncryptionSettings withoutAutomaticReload() {
        return new EncryptionSettings(configurationFile, volumeName, false, kmsSockets);
    }

    /** With these sockets instead. */
    public EncryptionSettings withKmsSockets(List<NodePath> sockets) {
        return new EncryptionSettings(configurationFile, volumeName, automaticReload, sockets);
    }

    /** What is mounted: never the file alone, since a mount of a file does not see it replaced. */
    public NodePath directory() {
        return configurationFile.parent();
    }

    private static void requireWritable(NodePath path) {
        if (path.value().contains("$(") || !path.value().codePoints().allMatch(EncryptionSettings::isPrintable)) {
            throw new InvalidInputException("a path for a manifest may hold neither '$(' nor characters that do not"
                    + " print; nothing was changed. Mend the path in the layout or configuration");
        }
    }

    private static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
