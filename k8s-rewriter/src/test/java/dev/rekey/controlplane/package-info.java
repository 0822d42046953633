/**
 * A real control plane for tests: etcd and kube-apiservers as processes, each member a folder, and a stand-in for kubelet.
 * No container engine is needed; where the two servers come from is told by {@link dev.rekey.controlplane.ControlPlaneBinaries}.
 */
@NullMarked
package dev.rekey.controlplane;

import org.jspecify.annotations.NullMarked;
