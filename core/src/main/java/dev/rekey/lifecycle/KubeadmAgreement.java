package dev.rekey.lifecycle;

import dev.rekey.InvalidInputException;
import dev.rekey.RefusedException;
import dev.rekey.manifest.EncryptionSettings;
import dev.rekey.manifest.KubeadmClusterConfiguration;
import dev.rekey.manifest.NodeLayout;
import dev.rekey.manifest.NodePath;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether kubeadm would make the next manifest as the members' are to be: else it drops the flag, and every Secret with it. */
final class KubeadmAgreement {
    private final Optional<String> text;
    private final NodeLayout layout;
    private final boolean encrypting;
    private final EncryptionSettings settings;
    private @Nullable Boolean disagrees;

    KubeadmAgreement(Situation situation, Goal goal, boolean automaticReload, List<NodePath> sockets) {
        this.text = situation.seen().kubeadm().map(document -> document.text());
        this.layout = situation.seen().layout();
        this.encrypting = !goal.target().entries().isEmpty();
        this.settings = new EncryptionSettings(
                goal.custom() ? layout.customPath() : layout.managedPath(),
                layout.volumeName(),
                automaticReload,
                sockets);
    }

    /** Throws where it cannot be edited: before any change, and never left out. */
    boolean disagrees() {
        if (disagrees == null) {
            disagrees = text.isPresent() && !edited(text.get()).equals(text.get());
        }
        return disagrees;
    }

    /** {@code document} as it is to be. */
    String edited(String document) {
        try {
            KubeadmClusterConfiguration parsed = KubeadmClusterConfiguration.parse(document);
            return (encrypting ? parsed.withEncryption(settings) : parsed.withoutEncryption(layout)).text();
        } catch (InvalidInputException | RefusedException e) {
            throw new RefusedException(
                    "kubeadm's ClusterConfiguration in the cluster cannot be edited: " + e.getMessage()
                            + ". Left as it is, the next kubeadm upgrade or join would make manifests that do not agree");
        }
    }
}
