package dev.rekey.cli;

import dev.rekey.lifecycle.Timing;

/** Reaches the control plane that an inventory describes. */
@FunctionalInterface
interface Connector {
    /**
     * Logs in to the hosts that are reached over SSH, and changes nothing. An {@link dev.rekey.InvalidInputException} where a file
     * that the inventory names is wrong, a {@link dev.rekey.NodeException} where hosts cannot be reached.
     */
    Connection connect(Inventory inventory, Timing timing);
}
