/**
 * What the fuzz tests of all packages share: inputs that are nearly right, made from a seed, and the checks that hold for each of
 * them. Each parser's own laws stand beside its other tests.
 */
@NullMarked
package dev.rekey.fuzz;

import org.jspecify.annotations.NullMarked;
