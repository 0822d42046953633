package dev.rekey.manifest;

import dev.rekey.RefusedException;
import dev.rekey.internal.YamlNode;
import dev.rekey.internal.YamlNode.Mapping;
import dev.rekey.internal.YamlNode.Pair;
import dev.rekey.internal.YamlNode.Scalar;
import dev.rekey.internal.YamlSyntaxException;
import dev.rekey.internal.YamlText;
import dev.rekey.internal.YamlValue;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The static pod of a kube-apiserver. A change keeps every byte that need not change, and is refused where it cannot be made
 * without doing so, or where kubelet could read the result in another way. Immutable.
 */
public final class ApiServerManifest {
    private final Pod pod;

    private ApiServerManifest(Pod pod) {
        this.pod = pod;
    }

    /**
     * Reads the text of a manifest: an {@link dev.rekey.InvalidInputException} where it is none, a {@link RefusedException} where
     * it is one that could not be edited, such as one that starts the apiserver through a shell.
     */
    public static ApiServerManifest parse(String text) {
        return new ApiServerManifest(Pod.of(PodReader.text(text)));
    }

    /**
     * Whether kubelet could take the text for a kube-apiserver: by the pod's name, a container's name or its program. For the
     * other files of a manifest directory; never throws, and what cannot be read counts if it mentions one.
     */
    public static boolean isApiServerPod(String text) {
        try {
            YamlText parsed = YamlText.parse(text);
            boolean isOne = parsed.documents().stream().anyMatch(Program::isIn);
            return isOne || (parsed.aliases() > 0 && text.contains(Program.NAME));
        } catch (YamlSyntaxException e) {
            return text.contains(Program.NAME);
        }
    }

    /** The text. */
    public String text() {
        return pod.parsed().text();
    }

    /** The pod's name. */
    public String podName() {
        return PodReader.READING.text(pod.metadata(), "name");
    }

    /** The pod's namespace. */
    public String namespace() {
        String namespace = PodReader.READING.text(pod.metadata(), "namespace");
        return namespace.isEmpty() ? "default" : namespace;
    }

    /** Whether nothing says that the apiserver runs as another user, who could not read what is for root alone. */
    public boolean runsAsRoot() {
        return PodReader.runsAsRoot(pod.spec(), pod.container());
    }

    /** The value of the last flag of that name, without dashes in front; {@code true} for a bare one. */
    public Optional<String> flag(String name) {
        return pod.flag(List.of(EncryptionFlags.normalise(name)));
    }

    /** What the apiserver is told about encryption; empty where it is told of no configuration. */
    public Optional<Encryption> encryption() {
        return pod.encryption();
    }

    /** The place on the host that a path in the container leads to; empty where no hostPath volume covers it. */
    public Optional<NodePath> hostPathOf(NodePath pathInContainer) {
        return pod.mounts().hostPathOf(pathInContainer);
    }

    /** Whether any volume, of the host or not, shows what is at a path in the container, such as the socket of a KMS plugin. */
    public boolean covers(NodePath pathInContainer) {
        return pod.mounts().covering(pathInContainer).isPresent();
    }

    /**
     * Where the container sees sockets of KMS plugins: the paths of what is mounted as a socket, and of the directories that
     * {@link #withEncryption} mounts for them.
     */
    public List<NodePath> kmsMounts() {
        return pod.mounts().forKms();
    }

    /**
     * This manifest with the flags set, and with mounts where none covers the file or a socket; this very object if all is so.
     * A flag that has another value gets this one. A mount of the file alone gives way to one of its directory. What is
     * mounted for sockets that are not named any more stays, since the configuration that is loaded may still need it.
     */
    public ApiServerManifest withEncryption(EncryptionSettings settings) {
        return changed(before -> {
            told(before, settings); // a refusal names a line of the text as it was given
            Pod after = told(PodMounts.with(before, settings), settings);
            PodReader.requireTold(after, settings);
            return after;
        });
    }

    /**
     * This manifest without what {@link #withEncryption} adds: the flags, whatever their values, and mounts and volumes of the
     * layout's name. Gives back the text from before it byte for byte, if that had none of these and no mount of the file alone,
     * which {@link #withEncryption} takes out for good.
     */
    public ApiServerManifest withoutEncryption(NodeLayout layout) {
        return changed(before -> {
            untold(before);
            Pod after = untold(PodMounts.without(before, layout));
            PodReader.requireUntold(after);
            return after;
        });
    }

    /** This manifest with the annotation on the pod: kubelet restarts a pod whose annotations change. */
    public ApiServerManifest withAnnotation(String key, String value) {
        return changed(before -> {
            Mapping annotations = PodReader.READING.mapping(before.metadata(), "annotations");
            YamlNode present = annotations == null ? null : annotations.value(key);
            if (present == null) {
                return Pod.after(before.slot(before.metadata(), "annotations").add(key, YamlValue.text(value)));
            }
            Scalar scalar = PodReader.READING.scalar(present, "an annotation");
            return scalar.text().equals(value)
                    ? before
                    : Pod.after(before.edit().replace(scalar, value));
        });
    }

    /** This manifest without the annotation; this very object if it has none of that name. */
    public ApiServerManifest withoutAnnotation(String key) {
        return changed(before -> {
            Mapping annotations = PodReader.READING.mapping(before.metadata(), "annotations");
            for (int i = 0; annotations != null && i < annotations.pairs().size(); i++) {
                Pair pair = annotations.pairs().get(i);
                if (pair.key() instanceof Scalar name && name.text().equals(key)) {
                    return Pod.after(
                            before.slot(before.metadata(), "annotations").removePair(i));
                }
            }
            return before;
        });
    }

    private static Pod told(Pod pod, EncryptionSettings settings) {
        Pod told = PodFlags.with(
                pod, EncryptionFlags.CONFIG, settings.configurationFile().value());
        return settings.automaticReload()
                ? PodFlags.with(told, EncryptionFlags.RELOAD, "true")
                : PodFlags.without(told, EncryptionFlags.RELOAD);
    }

    private static Pod untold(Pod pod) {
        return PodFlags.without(PodFlags.without(pod, EncryptionFlags.CONFIG), EncryptionFlags.RELOAD);
    }

    private ApiServerManifest changed(UnaryOperator<Pod> change) {
        Pod after = PodReader.READING.change(() -> change.apply(pod));
        return after.parsed().text().equals(text()) ? this : new ApiServerManifest(after);
    }
}
