package dev.rekey.manifest;

import dev.rekey.RefusedException;
import dev.rekey.internal.YamlEdit;
import dev.rekey.internal.YamlNode.Mapping;
import dev.rekey.internal.YamlSlot;
import dev.rekey.internal.YamlText;
import dev.rekey.internal.YamlValue;
import dev.rekey.manifest.KubeadmReader.Extra;
import dev.rekey.manifest.Mounts.Mount;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * kubeadm's ClusterConfiguration: what the next {@code kubeadm upgrade} or {@code join} makes manifests from. Text in, text
 * out, as {@link ApiServerManifest}; versions v1beta2 to v1beta4. Immutable.
 */
public final class KubeadmClusterConfiguration {
    private static final Reading READING = KubeadmReader.READING;

    /** Each one taken out costs a parse. */
    private static final int MAX_OCCURRENCES = 16;

    private final YamlText parsed;
    private final Mapping root;
    private final @Nullable Mapping apiServer;
    private final boolean isListed;
    private final List<Extra> extras;
    private final Mounts extraVolumes;
    private final KubeadmMounts kubeadmMounts;

    /** Both. */
    private final Mounts mounts;

    private KubeadmClusterConfiguration(YamlText parsed) {
        this.parsed = parsed;
        this.root = KubeadmReader.root(parsed);
        this.isListed = KubeadmReader.isListed(root);
        READING.text(root, "kubernetesVersion"); // refuses one that is still to be filled in
        this.apiServer = READING.mapping(root, "apiServer");
        this.extras = KubeadmReader.extras(apiServer, isListed);
        this.extraVolumes = KubeadmReader.mounts(apiServer);
        this.kubeadmMounts = KubeadmMounts.of(root, extraVolumes);
        this.mounts = kubeadmMounts.with(extraVolumes);
    }

    /**
     * Reads the one document, as it stands under the key {@code ClusterConfiguration} of the ConfigMap: an
     * {@link dev.rekey.InvalidInputException} where it is none, a {@link RefusedException} where it is one that could not be edited.
     */
    public static KubeadmClusterConfiguration parse(String text) {
        return new KubeadmClusterConfiguration(KubeadmReader.text(text));
    }

    /** The text. */
    public String text() {
        return parsed.text();
    }

    /** What an apiserver made from this would be told about encryption; empty where of no configuration. */
    public Optional<Encryption> encryption() {
        return winner(EncryptionFlags.CONFIG)
                .map(extra -> extra.value().text())
                .filter(path -> !path.isEmpty())
                .map(path -> mounts.encryption(path, isReloading()));
    }

    /**
     * Whether any volume shows what is at a path in the container, such as the socket of a KMS plugin; also one that kubeadm adds
     * on every host, such as that of {@code certificatesDir}.
     */
    public boolean covers(NodePath pathInContainer) {
        return mounts.covering(pathInContainer).isPresent();
    }

    /** As {@link ApiServerManifest#kmsMounts}. */
    public List<NodePath> kmsMounts() {
        return mounts.forKms();
    }

    /**
     * With arguments and volumes such that a manifest made from this needs no {@link ApiServerManifest#withEncryption}; this
     * very object if all is so.
     */
    public KubeadmClusterConfiguration withEncryption(EncryptionSettings settings) {
        return changed(before -> {
            before.withVolumes(settings); // a refusal names a line of the text as it was given
            KubeadmClusterConfiguration after = before.with(
                    EncryptionFlags.CONFIG, settings.configurationFile().value());
            after = settings.automaticReload()
                    ? after.with(EncryptionFlags.RELOAD, "true")
                    : after.without(EncryptionFlags.RELOAD);
            after = after.withVolumes(settings);
            after.requireTold(settings);
            return after;
        });
    }

    /**
     * Without what {@link #withEncryption} adds: the arguments, whatever their values, and volumes of the layout's name. Gives
     * back the text from before it byte for byte, if that had none of these and no mount of the file alone, which
     * {@link #withEncryption} takes out for good.
     */
    public KubeadmClusterConfiguration withoutEncryption(NodeLayout layout) {
        return changed(before ->
                before.withoutVolumes(layout).without(EncryptionFlags.CONFIG).without(EncryptionFlags.RELOAD));
    }

    private KubeadmClusterConfiguration with(String flag, String value) {
        Extra winner = winner(flag).orElse(null);
        if (winner != null && !winner.name().equals(flag)) {
            return without(flag).with(flag, value);
        }
        if (winner != null && EncryptionFlags.isSame(flag, winner.value().text(), value)) {
            return this;
        }
        if (winner != null
                && (!isListed || !EncryptionFlags.isDefault(flag, winner.value().text()))) {
            return after(edit().replace(winner.value(), value));
        }
        YamlValue text = YamlValue.text(value);
        YamlValue item =
                YamlValue.fields(YamlValue.field("name", YamlValue.text(flag)), YamlValue.field("value", text));
        if (apiServer == null || apiServer.value("extraArgs") == null) {
            YamlValue first = isListed ? YamlValue.items(item) : YamlValue.fields(YamlValue.field(flag, text));
            return after(apiServer().add("extraArgs", first));
        }
        YamlSlot slot = apiServer().inner("extraArgs");
        return after(isListed ? slot.add(item) : slot.add(flag, text));
    }

    private KubeadmClusterConfiguration without(String flag) {
        List<Extra> all = extras.stream()
                .filter(extra -> EncryptionFlags.names(flag).contains(extra.name()))
                .toList();
        if (all.size() > MAX_OCCURRENCES) {
            throw READING.refused(root, flag + " stands there very often", "Keep the last one only");
        }
        for (Extra extra : all) {
            if (!EncryptionFlags.isDefault(flag, extra.value().text())) {
                YamlSlot slot = apiServer().inner("extraArgs");
                YamlEdit edit = isListed ? slot.removeItem(extra.index()) : slot.removePair(extra.index());
                return after(edit).without(flag);
            }
        }
        return this;
    }

    private KubeadmClusterConfiguration withVolumes(EncryptionSettings settings) {
        Optional<Mount> pinned = MissingMount.pinned(extraVolumes, settings);
        if (pinned.isPresent()) {
            int index = extraVolumes.all().indexOf(pinned.get());
            return after(apiServer().inner("extraVolumes").removeItem(index)).withVolumes(settings);
        }
        KubeadmClusterConfiguration mounted = this;
        for (MissingMount missing : MissingMount.of(READING, mounts, settings)) {
            kubeadmMounts.requireNoneLike(missing);
            YamlValue path = YamlValue.text(missing.path().value());
            YamlValue volume = YamlValue.fields(
                    YamlValue.field("hostPath", path),
                    YamlValue.field("mountPath", path),
                    YamlValue.field("name", YamlValue.text(missing.volume())),
                    YamlValue.field("pathType", YamlValue.text(missing.type())),
                    YamlValue.field("readOnly", YamlValue.truth(true)));
            boolean isFirst = mounted.apiServer == null || mounted.apiServer.value("extraVolumes") == null;
            mounted = after(
                    isFirst
                            ? mounted.apiServer().add("extraVolumes", YamlValue.items(volume))
                            : mounted.apiServer().inner("extraVolumes").add(volume));
        }
        return mounted;
    }

    private KubeadmClusterConfiguration withoutVolumes(NodeLayout layout) {
        MissingMount.requireFew(READING, extraVolumes, layout);
        for (int i = 0; i < extraVolumes.all().size(); i++) {
            Mount mount = extraVolumes.all().get(i);
            if (MissingMount.isElsewhere(layout, mount.volume(), mount.hostPath())) {
                throw READING.refused(
                        mount.line(),
                        "the volume " + mount.volume() + " does not lead to " + layout.configurationDirectory(),
                        MissingMount.OTHER_LAYOUT);
            }
            if (MissingMount.isOurs(mount.volume(), layout.volumeName())) {
                return after(apiServer().inner("extraVolumes").removeItem(i)).withoutVolumes(layout);
            }
        }
        return this;
    }

    private void requireTold(EncryptionSettings settings) {
        boolean isTold = isReloading() == settings.automaticReload()
                && encryption()
                        .filter(told -> told.hostPath().equals(Optional.of(settings.configurationFile())))
                        .filter(told -> !told.mountedAsFile())
                        .isPresent();
        if (!isTold) {
            throw READING.refused(root, "kubeadm would not take apiServer as meant", "Change it by hand");
        }
    }

    private boolean isReloading() {
        return winner(EncryptionFlags.RELOAD)
                .filter(extra -> EncryptionFlags.isTrue(extra.value().text()))
                .isPresent();
    }

    /** kubeadm puts arguments of one name in their order, and the last one counts. */
    private Optional<Extra> winner(String flag) {
        List<String> names = EncryptionFlags.names(flag);
        return extras.stream().filter(extra -> names.contains(extra.name())).reduce((first, second) -> second);
    }

    private YamlEdit edit() {
        return YamlEdit.of(parsed);
    }

    /** kubeadm writes {@code apiServer: {}} where nothing is set. */
    private YamlSlot apiServer() {
        return YamlSlot.usuallyEmpty(edit(), root, "apiServer");
    }

    private static KubeadmClusterConfiguration after(YamlEdit edit) {
        return new KubeadmClusterConfiguration(edit.parsed());
    }

    private KubeadmClusterConfiguration changed(UnaryOperator<KubeadmClusterConfiguration> change) {
        return READING.change(() -> change.apply(this));
    }
}
