package dev.rekey.manifest;

import dev.rekey.RefusedException;
import dev.rekey.internal.YamlEdit;
import dev.rekey.internal.YamlEditException;
import dev.rekey.internal.YamlNode;
import dev.rekey.internal.YamlNode.Mapping;
import dev.rekey.internal.YamlNode.Pair;
import dev.rekey.internal.YamlNode.Scalar;
import dev.rekey.internal.YamlNode.Sequence;
import dev.rekey.internal.YamlSlot;
import dev.rekey.internal.YamlSyntaxException;
import dev.rekey.internal.YamlText;
import dev.rekey.internal.YamlValue;
import dev.rekey.manifest.Arguments.Flag;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The static pod of a kube-apiserver. A change keeps every byte that need not change, and is refused where it cannot be made
 * without doing so, or where kubelet could read the result in another way. Immutable.
 */
public final class ApiServerManifest {
    private final YamlText parsed;
    private final Mapping pod;
    private final Mapping metadata;
    private final Mapping spec;
    private final Mapping container;
    private final Arguments arguments;
    private final Mounts mounts;

    private ApiServerManifest(YamlText parsed) {
        this.parsed = parsed;
        this.pod = PodReader.pod(parsed);
        this.metadata = PodReader.required(pod, "metadata");
        this.spec = PodReader.required(pod, "spec");
        this.container = PodReader.container(spec);
        this.arguments = Arguments.read(PodReader.READING, container);
        arguments.check(PodReader.READING);
        this.mounts = PodReader.mounts(spec, container);
    }

    /**
     * Reads the text of a manifest: an {@link dev.rekey.InvalidInputException} where it is none, a {@link RefusedException} where it
     * is one that could not be edited, such as one that starts the apiserver through a shell.
     */
    public static ApiServerManifest parse(String text) {
        return new ApiServerManifest(PodReader.text(text));
    }

    /**
     * Whether kubelet could take the text for a kube-apiserver: by the pod's name, a container's name or its program. For the
     * other files of a manifest directory; never throws, and what cannot be read counts if it mentions one.
     */
    public static boolean isApiServerPod(String text) {
        try {
            return YamlText.parse(text).documents().stream().anyMatch(PodReader::isApiServer);
        } catch (YamlSyntaxException e) {
            return text.contains(Arguments.PROGRAM);
        }
    }

    /** The text. */
    public String text() {
        return parsed.text();
    }

    /** The pod's name. */
    public String podName() {
        return PodReader.READING.text(metadata, "name");
    }

    /** The pod's namespace. */
    public String namespace() {
        String namespace = PodReader.READING.text(metadata, "namespace");
        return namespace.isEmpty() ? "default" : namespace;
    }

    /** The value of the last flag of that name, without dashes in front; {@code true} for a bare one. */
    public Optional<String> flag(String name) {
        return arguments.winner(List.of(EncryptionFlags.normalise(name))).map(Flag::value);
    }

    /** What the apiserver is told about encryption; empty where it is told of no configuration. */
    public Optional<Encryption> encryption() {
        boolean reload =
                flag(EncryptionFlags.RELOAD).filter(EncryptionFlags::isTrue).isPresent();
        return arguments
                .winner(EncryptionFlags.names(EncryptionFlags.CONFIG))
                .map(Flag::value)
                .filter(value -> !value.isEmpty())
                .map(value -> mounts.encryption(value, reload));
    }

    /** The place on the host that a path in the container leads to; empty where no hostPath volume covers it. */
    public Optional<NodePath> hostPathOf(NodePath pathInContainer) {
        return mounts.hostPathOf(pathInContainer);
    }

    /** This manifest with the flags set, and with mounts where none covers the file or a socket; this very object if all is so. */
    public ApiServerManifest withEncryption(EncryptionSettings settings) {
        return guarded(() -> withFlag(
                        EncryptionFlags.CONFIG, settings.configurationFile().value())
                .withFlag(EncryptionFlags.RELOAD, settings.automaticReload() ? "true" : null)
                .withMount(
                        settings.volumeName(),
                        settings.directory(),
                        "DirectoryOrCreate",
                        settings.configurationFile()));
    }

    /**
     * This manifest without what {@link #withEncryption} adds: the flags, whatever their values, and mounts and volumes of the
     * layout's name. Gives back the text from before it byte for byte, if that had no flag for encryption.
     */
    public ApiServerManifest withoutEncryption(NodeLayout layout) {
        return guarded(() -> withFlag(EncryptionFlags.CONFIG, null)
                .withFlag(EncryptionFlags.RELOAD, null)
                .withoutMounts(layout.volumeName()));
    }

    /** This manifest with the annotation on the pod: kubelet restarts a pod whose annotations change. */
    public ApiServerManifest withAnnotation(String key, String value) {
        return guarded(() -> {
            Mapping annotations = PodReader.READING.mapping(metadata, "annotations");
            YamlNode present = annotations == null ? null : annotations.value(key);
            if (present == null) {
                return after(YamlSlot.of(edit(), metadata, "annotations").add(key, YamlValue.text(value)));
            }
            Scalar scalar = PodReader.READING.scalar(present, "an annotation");
            return scalar.text().equals(value) ? this : after(edit().replace(scalar, value));
        });
    }

    /** This manifest without the annotation; this very object if it has none of that name. */
    public ApiServerManifest withoutAnnotation(String key) {
        return guarded(() -> {
            Mapping annotations = PodReader.READING.mapping(metadata, "annotations");
            for (int i = 0; annotations != null && i < annotations.pairs().size(); i++) {
                Pair pair = annotations.pairs().get(i);
                if (pair.key() instanceof Scalar name && name.text().equals(key)) {
                    return after(YamlSlot.of(edit(), metadata, "annotations").removePair(i));
                }
            }
            return this;
        });
    }

    /** With that value for the flag, or with no occurrence that has an effect. */
    private ApiServerManifest withFlag(String flag, @Nullable String value) {
        List<String> names = EncryptionFlags.names(flag);
        Flag winner = arguments.winner(names).orElse(null);
        if (value == null) {
            for (Flag present : arguments.flags(names)) {
                if (!EncryptionFlags.isDefault(flag, present.value())) {
                    return withoutFlag(present).withFlag(flag, null);
                }
            }
            return this;
        }
        if (winner == null || EncryptionFlags.isDefault(flag, winner.value())) {
            YamlValue word = YamlValue.text("--" + flag + "=" + value);
            Sequence last = arguments.last();
            return after(last == null ? YamlSlot.of(edit(), container, "args").add(word) : edit().append(last, word));
        }
        if (winner.value().equals(value) && winner.name().equals(flag)) {
            return this;
        }
        if (winner.isBare() && EncryptionFlags.isTrue(value)) {
            return this;
        }
        return winner.next() != null && winner.name().equals(flag)
                ? after(edit().replace(winner.next().scalar(), value))
                : after(edit().replace(winner.word().scalar(), "--" + flag + "=" + value));
    }

    private ApiServerManifest withoutFlag(Flag flag) {
        ApiServerManifest rest = this;
        if (flag.next() != null) {
            rest = after(edit().remove(flag.next().list(), flag.next().index()));
        }
        String key = container.value("args") == flag.word().list() ? "args" : "command";
        return rest.after(YamlSlot.of(rest.edit(), rest.container, key)
                .removeItem(flag.word().index()));
    }

    private ApiServerManifest withMount(String volume, NodePath path, String type, NodePath needed) {
        if (mounts.covering(needed).isPresent()) {
            return this;
        }
        YamlValue mount = YamlValue.fields(
                YamlValue.field("mountPath", YamlValue.text(path.value())),
                YamlValue.field("name", YamlValue.text(volume)),
                YamlValue.field("readOnly", YamlValue.truth(true)));
        YamlValue hostPath = YamlValue.fields(
                YamlValue.field(
                        "hostPath",
                        YamlValue.fields(
                                YamlValue.field("path", YamlValue.text(path.value())),
                                YamlValue.field("type", YamlValue.text(type)))),
                YamlValue.field("name", YamlValue.text(volume)));
        ApiServerManifest mounted =
                after(YamlSlot.of(edit(), container, "volumeMounts").add(mount));
        return mounted.after(
                YamlSlot.of(mounted.edit(), mounted.spec, "volumes").add(hostPath));
    }

    private ApiServerManifest withoutMounts(String volume) {
        ApiServerManifest rest = this;
        rest = rest.withoutNamed(rest.container, "volumeMounts", volume);
        return rest.withoutNamed(rest.spec, "volumes", volume);
    }

    private ApiServerManifest withoutNamed(Mapping parent, String key, String volume) {
        List<Mapping> items = PodReader.maps(parent, key);
        for (int i = 0; i < items.size(); i++) {
            if (PodReader.READING.text(items.get(i), "name").equals(volume)) {
                return after(YamlSlot.of(edit(), parent, key).removeItem(i));
            }
        }
        return this;
    }

    private YamlEdit edit() {
        return YamlEdit.of(parsed);
    }

    private ApiServerManifest after(YamlEdit edit) {
        return new ApiServerManifest(edit.parsed());
    }

    private static ApiServerManifest guarded(Supplier<ApiServerManifest> change) {
        try {
            return change.get();
        } catch (YamlEditException e) {
            throw PodReader.READING.refused(e.line(), e.reason(), "Change the lines there by hand");
        }
    }
}
