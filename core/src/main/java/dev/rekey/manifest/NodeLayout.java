package dev.rekey.manifest;

import dev.rekey.InvalidInputException;
import java.io.Serializable;

/**
 * Where things lie on a member. The defaults are KubeOne's, so that its clusters can be taken over.
 *
 * @param manifest the apiserver's static pod; its directory is the one that kubelet watches
 * @param configurationDirectory mounted into the apiserver at the same path
 * @param managedFile name of the configuration that Rekey writes the keys of
 * @param customFile name of a configuration whose keys are the user's
 * @param stateDirectory holds lock and mark
 * @param volumeName of the mount of {@code configurationDirectory}
 */
public record NodeLayout(
        NodePath manifest,
        NodePath configurationDirectory,
        String managedFile,
        String customFile,
        NodePath stateDirectory,
        String volumeName)
        implements Serializable {

    /** kubeadm's manifest and KubeOne's configuration directory. */
    public static final NodeLayout DEFAULT = new NodeLayout(
            NodePath.of("/etc/kubernetes/manifests/kube-apiserver.yaml"),
            NodePath.of("/etc/kubernetes/encryption-providers"),
            "encryption-providers.yaml",
            "custom-encryption-providers.yaml",
            NodePath.of("/etc/kubernetes/rekey"),
            "encryption-providers-conf");

    /** Refuses what kubelet would take for a manifest. */
    public NodeLayout {
        requireNotWatched(manifest, configurationDirectory, "configurationDirectory");
        requireNotWatched(manifest, stateDirectory, "stateDirectory");
    }

    private static void requireNotWatched(NodePath manifest, NodePath directory, String field) {
        if (directory.equals(manifest.parent())) {
            throw new InvalidInputException(
                    field + " is " + directory + ", where kubelet takes each file for a manifest;"
                            + " nothing was changed. Use another directory for what is none");
        }
    }

    /** This layout with every path under {@code root}: several members on one machine, as in tests. */
    public NodeLayout under(NodePath root) {
        return new NodeLayout(
                root.resolve(manifest.value()),
                root.resolve(configurationDirectory.value()),
                managedFile,
                customFile,
                root.resolve(stateDirectory.value()),
                volumeName);
    }

    /** The managed configuration's path. */
    public NodePath managedPath() {
        return configurationDirectory.resolve(managedFile);
    }

    /** The custom configuration's path. */
    public NodePath customPath() {
        return configurationDirectory.resolve(customFile);
    }

    /** Who holds the member; never changes while held. */
    public NodePath lock() {
        return stateDirectory.resolve("lock");
    }

    /** The heartbeat of the lock. */
    public NodePath lockBeat() {
        return stateDirectory.resolve("lock.beat");
    }

    /** What has been proved to be rewritten. */
    public NodePath mark() {
        return stateDirectory.resolve("rewritten.yaml");
    }
}
