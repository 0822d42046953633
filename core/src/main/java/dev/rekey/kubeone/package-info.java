/**
 * What KubeOne's own files say: whether and how to encrypt, and by which way its hosts are reached. Read only; with them an
 * installation that KubeOne made can be taken over without writing down anything twice.
 */
@NullMarked
package dev.rekey.kubeone;

import org.jspecify.annotations.NullMarked;
