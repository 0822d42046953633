package dev.rekey.manifest;

import dev.rekey.internal.YamlNode;
import dev.rekey.internal.YamlNode.Mapping;
import dev.rekey.internal.YamlNode.Scalar;
import dev.rekey.internal.YamlNode.Sequence;
import dev.rekey.internal.YamlValue;
import dev.rekey.manifest.Mounts.Mount;
import dev.rekey.manifest.PodReader.Volume;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Adds mounts and their volumes to a pod and takes them out. */
final class PodMounts {
    private PodMounts() {}

    static Pod with(Pod pod, EncryptionSettings settings) {
        Optional<Mount> pinned = MissingMount.pinned(pod.mounts(), settings);
        if (pinned.isPresent()) {
            return with(withoutPinned(pod, pinned.get()), settings);
        }
        Pod mounted = pod;
        for (MissingMount missing : MissingMount.of(PodReader.READING, pod.mounts(), settings)) {
            mounted = with(mounted, missing);
        }
        return mounted;
    }

    /** Without the mounts that we add, and their volumes. */
    static Pod without(Pod pod, NodeLayout layout) {
        Predicate<String> ours = name -> MissingMount.isOurs(name, layout.volumeName());
        PodReader.volumes(pod.spec()).forEach((name, volume) -> {
            if (ours.test(name)) {
                requireOurs(pod, layout, name, volume);
            }
        });
        MissingMount.requireFew(PodReader.READING, pod.mounts(), layout);
        return withoutItems(withoutItems(pod, true, ours), false, ours);
    }

    private static Pod with(Pod pod, MissingMount missing) {
        Volume present = PodReader.volumes(pod.spec()).get(missing.volume());
        if (present != null && !missing.path().equals(present.hostPath())) {
            throw PodReader.READING.refused(
                    present.line(),
                    "the pod has a volume named " + missing.volume() + " that is something else",
                    "Set the layout's volumeName to a free name, or rename that volume");
        }
        YamlValue name = YamlValue.text(missing.volume());
        YamlValue path = YamlValue.text(missing.path().value());
        YamlValue mount = YamlValue.fields(
                YamlValue.field("mountPath", path),
                YamlValue.field("name", name),
                YamlValue.field("readOnly", YamlValue.truth(true)));
        YamlValue hostPath = YamlValue.fields(
                YamlValue.field("path", path), YamlValue.field("type", YamlValue.text(missing.type())));
        YamlValue volume = YamlValue.fields(YamlValue.field("hostPath", hostPath), YamlValue.field("name", name));
        Pod mounted = Pod.after(pod.slot(pod.container(), "volumeMounts").add(mount));
        return present != null
                ? mounted
                : Pod.after(mounted.slot(mounted.spec(), "volumes").add(volume));
    }

    /** Its volume goes too, unless something else shows it. */
    private static Pod withoutPinned(Pod pod, Mount pinned) {
        int index = pod.mounts().all().indexOf(pinned);
        Pod rest = Pod.after(pod.slot(pod.container(), "volumeMounts").removeItem(index));
        boolean isUsed = isUsedElsewhere(rest, pinned.volume())
                || rest.mounts().all().stream().anyMatch(mount -> mount.volume().equals(pinned.volume()));
        return isUsed ? rest : withoutItems(rest, false, pinned.volume()::equals);
    }

    private static Pod withoutItems(Pod pod, boolean inContainer, Predicate<String> names) {
        Mapping parent = inContainer ? pod.container() : pod.spec();
        String key = inContainer ? "volumeMounts" : "volumes";
        List<Mapping> items = PodReader.READING.maps(parent, key);
        for (int i = 0; i < items.size(); i++) {
            if (names.test(PodReader.READING.text(items.get(i), "name"))) {
                Pod rest = Pod.after(pod.slot(parent, key).removeItem(i));
                return withoutItems(rest, inContainer, names);
            }
        }
        return pod;
    }

    private static void requireOurs(Pod pod, NodeLayout layout, String name, Volume volume) {
        if (volume.hostPath() == null || MissingMount.isElsewhere(layout, name, volume.hostPath())) {
            throw PodReader.READING.refused(
                    volume.line(),
                    "the volume " + name + " does not lead to " + layout.configurationDirectory(),
                    MissingMount.OTHER_LAYOUT);
        }
        if (isUsedElsewhere(pod, name)) {
            throw PodReader.READING.refused(
                    volume.line(), "another container mounts the volume " + name, "Remove that mount");
        }
    }

    /** By any container but the apiserver's. */
    private static boolean isUsedElsewhere(Pod pod, String volume) {
        for (String key : List.of("containers", "initContainers", "ephemeralContainers")) {
            if (pod.spec().value(key) instanceof Sequence containers
                    && containers.items().stream()
                            .anyMatch(container -> container != pod.container() && mounts(container, volume))) {
                return true;
            }
        }
        return false;
    }

    /** Where it cannot be told, it does. */
    private static boolean mounts(YamlNode node, String volume) {
        if (!(node instanceof Mapping container)) {
            return true;
        }
        YamlNode mounts = container.value("volumeMounts");
        if (!(mounts instanceof Sequence list)) {
            return mounts instanceof YamlNode.Alias;
        }
        return list.items().stream()
                .anyMatch(mount -> !(mount instanceof Mapping map) || isNamed(map.value("name"), volume));
    }

    private static boolean isNamed(@Nullable YamlNode name, String volume) {
        return !(name instanceof Scalar scalar) || scalar.text().equals(volume);
    }
}
