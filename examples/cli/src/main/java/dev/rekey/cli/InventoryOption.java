package dev.rekey.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option of every command that works on a cluster. */
final class InventoryOption {
    @Option(
            names = "--inventory",
            paramLabel = "FILE",
            required = true,
            description = "the members of the control plane and how they are reached (YAML)")
    private Path file = Path.of("");

    Path file() {
        return file;
    }
}
