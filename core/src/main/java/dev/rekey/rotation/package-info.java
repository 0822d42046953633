/**
 * The stages between two configurations, such that every member can read what any other wrote at every moment in between.
 * Pure.
 */
@NullMarked
package dev.rekey.rotation;

import org.jspecify.annotations.NullMarked;
