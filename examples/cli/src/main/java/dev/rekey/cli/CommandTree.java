package dev.rekey.cli;

import dev.rekey.RekeyException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** All commands, and what becomes of whatever they throw. */
@Command(
        name = "rekey",
        mixinStandardHelpOptions = true,
        versionProvider = CommandTree.Version.class,
        description = "Manages Kubernetes encryption at rest over its whole life.",
        footer = {
            "",
            "Exit status: 0 done, valid or nothing to do; 1 failed, the same call goes on; 2 wrong usage or input;",
            "3 refused for the cluster's state, nothing was changed."
        })
final class CommandTree implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    private CommandTree() {}

    /** Runs one command; returns its exit status and throws nothing. */
    static int run(Surroundings surroundings, String... arguments) {
        List<String> given = List.of(arguments);
        Session session = new Session(
                surroundings, new Output(surroundings.out(), surroundings.err(), Output.Format.in(given)));
        CommandLine tree = new CommandLine(new CommandTree())
                .addSubcommand(new DemoCommand(session))
                .addSubcommand(new StatusCommand(session))
                .addSubcommand(new PlanCommand(session))
                .addSubcommand(new ChangeCommand.Enable(session))
                .addSubcommand(new ChangeCommand.Rotate(session))
                .addSubcommand(new ChangeCommand.Disable(session))
                .addSubcommand(new ChangeCommand.Rewrite(session));
        tree.getSubcommands().values().forEach(command -> command.getCommandSpec().mixinStandardHelpOptions(true));
        tree.registerConverter(Duration.class, Durations::parse);
        tree.setOut(new java.io.PrintWriter(surroundings.out(), true));
        tree.setErr(new java.io.PrintWriter(surroundings.err(), true));
        tree.setParameterExceptionHandler((e, args) -> misused(session, e));
        tree.setExecutionExceptionHandler((e, command, result) ->
                e instanceof RekeyException failure ? session.failed(failure, false) : session.failed(e));
        return tree.execute(arguments);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a command; --help shows them");
    }

    private static int misused(Session session, ParameterException e) {
        session.output()
                .error("usage", e.getMessage() + " (help: " + e.getCommandLine().getCommandSpec().qualifiedName()
                        + " --help)");
        return ExitStatus.USAGE.number();
    }

    /** Of the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {
                "rekey "
                        + Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                                .orElse("(not packaged)")
            };
        }
    }
}
