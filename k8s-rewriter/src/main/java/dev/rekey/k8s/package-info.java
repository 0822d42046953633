/**
 * A cluster over the official Kubernetes client: what its apiservers say of themselves, the rewriting of stored objects, and
 * kubeadm's ConfigMap. {@link dev.rekey.k8s.KubernetesAccess} is the only door; no object's content is read here where metadata will do.
 */
@NullMarked
package dev.rekey.k8s;

import org.jspecify.annotations.NullMarked;
