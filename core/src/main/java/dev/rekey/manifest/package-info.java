/**
 * The apiserver's static pod manifest and kubeadm's ClusterConfiguration as text that is edited without touching a byte more
 * than needed; and where things lie on a member. Pure.
 */
@NullMarked
package dev.rekey.manifest;

import org.jspecify.annotations.NullMarked;
