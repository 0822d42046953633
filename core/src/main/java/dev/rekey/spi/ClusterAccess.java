package dev.rekey.spi;

/** The three ways in which a run talks to the Kubernetes API; {@link KubeadmConfig#NONE} for a cluster that kubeadm did not make. */
public record ClusterAccess(ApiServerProbe probe, SecretRewriter rewriter, KubeadmConfig kubeadm) {}
