/**
 * Small real implementations for tests, ours and yours: a control plane in memory with a clock that the test moves, and the
 * checks that every plug must pass. Needs no test framework.
 */
@NullMarked
package dev.rekey.testing;

import org.jspecify.annotations.NullMarked;
