package dev.rekey.cli;

import dev.rekey.manifest.ApiServerManifest;
import dev.rekey.manifest.Encryption;
import dev.rekey.manifest.EncryptionSettings;
import dev.rekey.manifest.KubeadmFile;
import dev.rekey.manifest.NodeLayout;
import dev.rekey.manifest.NodePath;
import java.util.List;
import java.util.Optional;

/** A text that tells an apiserver about encryption, of either kind. */
interface Told {
    Optional<Encryption> encryption();

    List<NodePath> kmsMounts();

    boolean covers(NodePath pathInContainer);

    /** Whether nothing is said of another user. */
    boolean runsAsRoot();

    Told with(EncryptionSettings settings);

    Told without(NodeLayout layout);

    String text();

    /** What text it is. */
    enum Kind {
        /** kubelet starts the apiserver from it. */
        MANIFEST {
            @Override
            Told parse(String text) {
                return new OfManifest(ApiServerManifest.parse(text));
            }
        },
        /** The next {@code kubeadm upgrade} or {@code join} makes manifests from it. */
        KUBEADM {
            @Override
            Told parse(String text) {
                return new OfKubeadm(KubeadmFile.parse(text));
            }
        };

        abstract Told parse(String text);
    }

    /** A manifest. */
    record OfManifest(ApiServerManifest manifest) implements Told {
        @Override
        public Optional<Encryption> encryption() {
            return manifest.encryption();
        }

        @Override
        public List<NodePath> kmsMounts() {
            return manifest.kmsMounts();
        }

        @Override
        public boolean covers(NodePath pathInContainer) {
            return manifest.covers(pathInContainer);
        }

        @Override
        public boolean runsAsRoot() {
            return manifest.runsAsRoot();
        }

        @Override
        public Told with(EncryptionSettings settings) {
            return new OfManifest(manifest.withEncryption(settings));
        }

        @Override
        public Told without(NodeLayout layout) {
            return new OfManifest(manifest.withoutEncryption(layout));
        }

        @Override
        public String text() {
            return manifest.text();
        }
    }

    /** kubeadm's. */
    record OfKubeadm(KubeadmFile file) implements Told {
        @Override
        public Optional<Encryption> encryption() {
            return file.clusterConfiguration().encryption();
        }

        @Override
        public List<NodePath> kmsMounts() {
            return file.clusterConfiguration().kmsMounts();
        }

        @Override
        public boolean covers(NodePath pathInContainer) {
            return file.clusterConfiguration().covers(pathInContainer);
        }

        /** It does not say. */
        @Override
        public boolean runsAsRoot() {
            return true;
        }

        @Override
        public Told with(EncryptionSettings settings) {
            return new OfKubeadm(file.with(file.clusterConfiguration().withEncryption(settings)));
        }

        @Override
        public Told without(NodeLayout layout) {
            return new OfKubeadm(file.with(file.clusterConfiguration().withoutEncryption(layout)));
        }

        @Override
        public String text() {
            return file.text();
        }
    }
}
