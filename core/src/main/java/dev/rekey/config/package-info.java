/**
 * The EncryptionConfiguration file as a value: read as strictly as kube-apiserver reads it, checked by the server's own
 * rules, and written so that equal values give equal bytes. Pure.
 */
@NullMarked
package dev.rekey.config;

import org.jspecify.annotations.NullMarked;
