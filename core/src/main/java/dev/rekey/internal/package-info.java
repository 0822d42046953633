/**
 * YAML with positions: what {@code config} and {@code manifest} read and edit text with. Not for callers; it may change at
 * any time.
 */
@NullMarked
package dev.rekey.internal;

import org.jspecify.annotations.NullMarked;
