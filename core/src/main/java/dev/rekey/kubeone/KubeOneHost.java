package dev.rekey.kubeone;

import java.util.Optional;

/**
 * A host of the control plane.
 *
 * @param hostname empty where KubeOne finds it out for itself
 * @param publicAddress what SSH connects to; the private one where there is no other
 * @param privateAddress the public one where there is no other
 */
public record KubeOneHost(
        String hostname, String publicAddress, String privateAddress, SshAccess ssh, Optional<SshAccess> bastion) {

    /** The hostname, or else the private address. */
    public String name() {
        return hostname.isEmpty() ? privateAddress : hostname;
    }
}
