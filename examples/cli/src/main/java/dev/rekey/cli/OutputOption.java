package dev.rekey.cli;

import picocli.CommandLine.Option;

/** The option of every command; read by {@link Output.Format#in} before anything is parsed. */
final class OutputOption {
    @Option(
            names = "--output",
            paramLabel = "text|json",
            description = "json: one object on standard output, for errors too; progress stays on standard error")
    private Output.Format format = Output.Format.TEXT;

    @Override
    public String toString() {
        return "--output=" + format;
    }
}
