/** The first lines that somebody writes with Rekey, as the README shows them. */
@NullMarked
package dev.rekey.quickstart;

import org.jspecify.annotations.NullMarked;
