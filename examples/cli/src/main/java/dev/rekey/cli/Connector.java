package dev.rekey.cli;

import dev.rekey.lifecycle.Timing;

/** Reaches the control plane that an inventory describes. */
@FunctionalInterface
interface Connector {
    /** Sends nothing yet; an {@link dev.rekey.InvalidInputException} where a file that the inventory names is wrong. */
    Connection connect(Inventory inventory, Timing timing);
}
