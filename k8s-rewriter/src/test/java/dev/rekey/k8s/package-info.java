/** The cluster access against a fake apiserver with misfortunes, and, in the {@code *IT}, against real ones. */
@NullMarked
package dev.rekey.k8s;

import org.jspecify.annotations.NullMarked;
