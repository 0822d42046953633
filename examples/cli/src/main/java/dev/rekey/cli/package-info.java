/** The command line: reads the inventory and the arguments, calls the library, prints. Holds no decision of its own. */
@NullMarked
package dev.rekey.cli;

import org.jspecify.annotations.NullMarked;
