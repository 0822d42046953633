/**
 * What every package shares: the errors. Where to begin is {@code dev.rekey.lifecycle.EncryptionLifecycle}, and for the
 * pure functions alone {@code dev.rekey.config}, {@code dev.rekey.rotation} and {@code dev.rekey.manifest}.
 */
@NullMarked
package dev.rekey;

import org.jspecify.annotations.NullMarked;
