package dev.rekey.manifest;

import dev.rekey.internal.YamlEdit;
import dev.rekey.internal.YamlNode.Mapping;
import dev.rekey.internal.YamlSlot;
import dev.rekey.internal.YamlText;
import java.util.List;
import java.util.Optional;

/** A static pod taken apart. The nodes are those of {@code parsed}; a change gives another pod. */
record Pod(YamlText parsed, Mapping metadata, Mapping spec, Mapping container, Arguments arguments, Mounts mounts) {

    static Pod of(YamlText parsed) {
        Mapping pod = PodReader.pod(parsed);
        Mapping spec = PodReader.required(pod, "spec");
        Mapping container = PodReader.container(spec);
        Arguments arguments = Arguments.read(PodReader.READING, container);
        arguments.check(PodReader.READING);
        return new Pod(
                parsed,
                PodReader.required(pod, "metadata"),
                spec,
                container,
                arguments,
                PodReader.mounts(spec, container));
    }

    static Pod after(YamlEdit edit) {
        return of(edit.parsed());
    }

    YamlEdit edit() {
        return YamlEdit.of(parsed);
    }

    YamlSlot slot(Mapping parent, String key) {
        return YamlSlot.of(edit(), parent, key);
    }

    /** The value of the last flag of any of these names. */
    Optional<String> flag(List<String> names) {
        return arguments.winner(names).map(Arguments.Flag::value);
    }

    Optional<Encryption> encryption() {
        return flag(EncryptionFlags.names(EncryptionFlags.CONFIG))
                .filter(value -> !value.isEmpty())
                .map(value -> mounts.encryption(value, isReloading()));
    }

    boolean isReloading() {
        return flag(List.of(EncryptionFlags.RELOAD))
                .filter(EncryptionFlags::isTrue)
                .isPresent();
    }
}
