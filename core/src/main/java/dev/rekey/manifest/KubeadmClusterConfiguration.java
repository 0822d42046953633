package dev.rekey.manifest;

import dev.rekey.InvalidInputException;
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
import dev.rekey.manifest.Mounts.Mount;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * kubeadm's ClusterConfiguration: what the next {@code kubeadm upgrade} or {@code join} makes manifests from. Text in, text
 * out, as {@link ApiServerManifest}; versions v1beta2 to v1beta4. Immutable.
 */
public final class KubeadmClusterConfiguration {
    private static final Reading READING = new Reading("kubeadm's ClusterConfiguration");
    private static final String GROUP = "kubeadm.k8s.io/";

    /** An extra argument, and where it stands in its list or map. */
    private record Extra(String name, Scalar value, int index) {}

    private final YamlText parsed;
    private final Mapping root;
    private final @Nullable Mapping apiServer;
    private final boolean listed;
    private final List<Extra> extras;
    private final Mounts mounts;

    private KubeadmClusterConfiguration(YamlText parsed) {
        this.parsed = parsed;
        this.root = root(parsed);
        this.listed = listed(root);
        this.apiServer = READING.mapping(root, "apiServer");
        this.extras = apiServer == null ? List.of() : listed ? listExtras(apiServer) : mapExtras(apiServer);
        this.mounts = apiServer == null ? new Mounts(List.of()) : mounts(apiServer);
    }

    /**
     * Reads the one document, as it stands under the key {@code ClusterConfiguration} of the ConfigMap: an
     * {@link InvalidInputException} where it is none, a {@link RefusedException} where it is one that could not be edited.
     */
    public static KubeadmClusterConfiguration parse(String text) {
        try {
            return new KubeadmClusterConfiguration(YamlText.parse(text));
        } catch (YamlSyntaxException e) {
            throw READING.invalid(e.line(), e.reason(), "Mend it with kubectl");
        }
    }

    /** The text. */
    public String text() {
        return parsed.text();
    }

    /** What an apiserver made from this would be told about encryption; empty where of no configuration. */
    public Optional<Encryption> encryption() {
        boolean reload = winner(EncryptionFlags.RELOAD)
                .filter(extra -> EncryptionFlags.isTrue(extra.value().text()))
                .isPresent();
        return winner(EncryptionFlags.CONFIG)
                .map(extra -> extra.value().text())
                .filter(path -> !path.isEmpty())
                .map(path -> mounts.encryption(path, reload));
    }

    /** With arguments and volumes such that {@link ApiServerManifest#withEncryption} finds all of it in a manifest made from this. */
    public KubeadmClusterConfiguration withEncryption(EncryptionSettings settings) {
        return guarded(() -> withExtra(
                        EncryptionFlags.CONFIG, settings.configurationFile().value())
                .withExtra(EncryptionFlags.RELOAD, settings.automaticReload() ? "true" : null)
                .withVolume(
                        settings.volumeName(),
                        settings.directory(),
                        "DirectoryOrCreate",
                        settings.configurationFile()));
    }

    /** Without what {@link #withEncryption} adds; gives back the text from before it, if that had nothing for encryption. */
    public KubeadmClusterConfiguration withoutEncryption(NodeLayout layout) {
        return guarded(() -> withExtra(EncryptionFlags.CONFIG, null)
                .withExtra(EncryptionFlags.RELOAD, null)
                .withoutVolume(layout.volumeName()));
    }

    private KubeadmClusterConfiguration withExtra(String flag, @Nullable String value) {
        List<String> names = EncryptionFlags.names(flag);
        if (value == null) {
            for (Extra extra : extras) {
                boolean counts = !EncryptionFlags.isDefault(flag, extra.value().text());
                if (names.contains(extra.name()) && counts) {
                    return without("extraArgs", extra.index()).withExtra(flag, null);
                }
            }
            return this;
        }
        Extra winner = winner(flag).orElse(null);
        if (winner != null && winner.value().text().equals(value)) {
            return this;
        }
        if (winner != null
                && (!listed || !EncryptionFlags.isDefault(flag, winner.value().text()))) {
            return after(edit().replace(winner.value(), value));
        }
        YamlValue item = YamlValue.fields(
                YamlValue.field("name", YamlValue.text(flag)), YamlValue.field("value", YamlValue.text(value)));
        if (apiServer == null) {
            YamlValue arguments =
                    listed ? YamlValue.items(item) : YamlValue.fields(YamlValue.field(flag, YamlValue.text(value)));
            return after(YamlSlot.of(edit(), root, "apiServer").add("extraArgs", arguments));
        }
        YamlSlot slot = YamlSlot.of(edit(), apiServer, "extraArgs");
        return after(listed ? slot.add(item) : slot.add(flag, YamlValue.text(value)));
    }

    private KubeadmClusterConfiguration withVolume(String name, NodePath path, String type, NodePath needed) {
        if (mounts.covering(needed).isPresent() || apiServer == null) {
            return this;
        }
        YamlValue volume = YamlValue.fields(
                YamlValue.field("hostPath", YamlValue.text(path.value())),
                YamlValue.field("mountPath", YamlValue.text(path.value())),
                YamlValue.field("name", YamlValue.text(name)),
                YamlValue.field("pathType", YamlValue.text(type)),
                YamlValue.field("readOnly", YamlValue.truth(true)));
        return after(YamlSlot.of(edit(), apiServer, "extraVolumes").add(volume));
    }

    private KubeadmClusterConfiguration withoutVolume(String name) {
        for (int i = 0; i < mounts.all().size(); i++) {
            if (mounts.all().get(i).volume().equals(name)) {
                return without("extraVolumes", i);
            }
        }
        return this;
    }

    private KubeadmClusterConfiguration without(String key, int index) {
        Mapping parent = java.util.Objects.requireNonNull(apiServer);
        YamlNode value = parent.value(key);
        boolean alone = parent.pairs().size() == 1
                && (value instanceof Mapping map
                        ? map.pairs().size() == 1
                        : value instanceof Sequence list && list.items().size() == 1);
        if (alone) {
            return after(YamlSlot.of(edit(), root, "apiServer").removePair(0));
        }
        YamlSlot slot = YamlSlot.of(edit(), parent, key);
        return after(value instanceof Mapping ? slot.removePair(index) : slot.removeItem(index));
    }

    private Optional<Extra> winner(String flag) {
        List<String> names = EncryptionFlags.names(flag);
        return extras.stream().filter(extra -> names.contains(extra.name())).reduce((first, second) -> second);
    }

    private static Mapping root(YamlText parsed) {
        YamlNode first = parsed.first().orElseThrow(() -> READING.invalid(1, "it is empty", "Mend it with kubectl"));
        Mapping root = READING.mapping(first, "the document");
        if (!READING.text(root, "kind").equals("ClusterConfiguration")) {
            throw READING.invalid(1, "it is no ClusterConfiguration", "Give the value of that key of kubeadm-config");
        }
        return root;
    }

    private static boolean listed(Mapping root) {
        String version = READING.text(root, "apiVersion");
        return switch (version) {
            case GROUP + "v1beta4" -> true;
            case GROUP + "v1beta3", GROUP + "v1beta2" -> false;
            default ->
                throw READING.refused(
                        root,
                        "its apiVersion is none of kubeadm.k8s.io/v1beta2, v1beta3 and v1beta4",
                        "Migrate it with kubeadm config migrate");
        };
    }

    private static List<Extra> listExtras(Mapping apiServer) {
        List<Extra> extras = new ArrayList<>();
        if (apiServer.value("extraArgs") instanceof Mapping map) {
            throw READING.refused(map, "extraArgs is a map, which v1beta4 does not read", "Write it as a list");
        }
        Sequence list = READING.sequence(apiServer, "extraArgs");
        for (int i = 0; list != null && i < list.items().size(); i++) {
            Mapping item = READING.mapping(list.items().get(i), "an item of extraArgs");
            YamlNode value = item.value("value");
            if (value == null) {
                throw READING.refused(item, "an item of extraArgs has no value", "Give it one");
            }
            String name = EncryptionFlags.normalise(READING.text(item, "name"));
            extras.add(new Extra(name, READING.scalar(value, "a value of extraArgs"), i));
        }
        return extras;
    }

    private static List<Extra> mapExtras(Mapping apiServer) {
        List<Extra> extras = new ArrayList<>();
        if (apiServer.value("extraArgs") instanceof Sequence list) {
            throw READING.refused(list, "extraArgs is a list, which only v1beta4 reads", "Write it as a map");
        }
        Mapping map = READING.mapping(apiServer, "extraArgs");
        for (int i = 0; map != null && i < map.pairs().size(); i++) {
            Pair pair = map.pairs().get(i);
            String name = EncryptionFlags.normalise(((Scalar) pair.key()).text());
            extras.add(new Extra(name, READING.scalar(pair.value(), "a value of extraArgs"), i));
        }
        return extras;
    }

    private static Mounts mounts(Mapping apiServer) {
        List<Mount> mounts = new ArrayList<>();
        Sequence list = READING.sequence(apiServer, "extraVolumes");
        for (YamlNode node : list == null ? List.<YamlNode>of() : list.items()) {
            Mapping item = READING.mapping(node, "an item of extraVolumes");
            mounts.add(new Mount(READING.text(item, "name"), path(item, "mountPath"), path(item, "hostPath")));
        }
        return new Mounts(mounts);
    }

    private static NodePath path(Mapping item, String key) {
        return Mounts.normalised(READING.text(item, key))
                .orElseThrow(() -> READING.refused(item, key + " is not absolute", "Write it in full"));
    }

    private YamlEdit edit() {
        return YamlEdit.of(parsed);
    }

    private static KubeadmClusterConfiguration after(YamlEdit edit) {
        return new KubeadmClusterConfiguration(edit.parsed());
    }

    private static KubeadmClusterConfiguration guarded(Supplier<KubeadmClusterConfiguration> change) {
        try {
            return change.get();
        } catch (YamlEditException e) {
            throw READING.refused(e.line(), e.reason(), "Change the lines there with kubectl");
        }
    }
}
