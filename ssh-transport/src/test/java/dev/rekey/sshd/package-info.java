/**
 * A real OpenSSH server on a loopback port, in name spaces of its own, and a link to it that can be made slow, frozen or cut.
 * For tests only; other modules use it too.
 */
@NullMarked
package dev.rekey.sshd;

import org.jspecify.annotations.NullMarked;
