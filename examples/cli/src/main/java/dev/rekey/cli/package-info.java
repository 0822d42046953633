/**
 * The command line: a thin shell around {@code dev.rekey.lifecycle.EncryptionLifecycle}. Reads an inventory, asks, follows the
 * run and turns its end into an exit status.
 */
@NullMarked
package dev.rekey.cli;

import org.jspecify.annotations.NullMarked;
