package dev.rekey.config;

/**
 * What depends on the version of a kube-apiserver, in one table. Read from the sources of {@code k8s.io/apiserver} of each
 * minor version named here; checked against a running 1.36.
 *
 * @param automaticReload the flag {@code --encryption-provider-config-automatic-reload} exists (1.26)
 * @param customResources rules for custom resources have an effect (1.26)
 * @param wildcards rules such as {@code *.apps} and {@code *.*}, and the checks of resource names that came with them (1.27)
 * @param kmsV1ByDefault KMS v1 starts without the feature gate {@code KMSv1} (until 1.28)
 * @param kmsV2Known the field {@code apiVersion} of a KMS provider exists (1.25)
 * @param kmsV2ByDefault KMS v2 starts without the feature gate {@code KMSv2} (1.27, beta)
 * @param kmsV2Always KMS v2 cannot be switched off (1.29, stable)
 * @param configurationHash the metric {@code apiserver_encryption_config_controller_last_config_info} tells what is loaded (1.34)
 * @param storageVersionMigration {@code storagemigration.k8s.io/v1} is served by default (1.37)
 * @param kubeadmV1beta4 kubeadm of this version writes {@code extraArgs} as a list (1.31)
 */
public record Capabilities(
        boolean automaticReload,
        boolean customResources,
        boolean wildcards,
        boolean kmsV1ByDefault,
        boolean kmsV2Known,
        boolean kmsV2ByDefault,
        boolean kmsV2Always,
        boolean configurationHash,
        boolean storageVersionMigration,
        boolean kubeadmV1beta4) {

    /** The row of {@code version}. */
    public static Capabilities of(KubernetesVersion version) {
        return new Capabilities(
                version.isAtLeast(1, 26),
                version.isAtLeast(1, 26),
                version.isAtLeast(1, 27),
                !version.isAtLeast(1, 29),
                version.isAtLeast(1, 25),
                version.isAtLeast(1, 27),
                version.isAtLeast(1, 29),
                version.isAtLeast(1, 34),
                version.isAtLeast(1, 37),
                version.isAtLeast(1, 31));
    }
}
