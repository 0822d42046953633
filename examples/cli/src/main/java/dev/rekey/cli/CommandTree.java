package dev.rekey.cli;

import dev.rekey.RekeyException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
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
            "Exit status:",
            "  0  done, valid, or nothing to do",
            "  1  failed or stopped: what is done stays, and the same call goes on",
            "  2  wrong usage, inventory, kubeconfig or other input",
            "  3  refused for the cluster's state: nothing was changed"
        })
final class CommandTree implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    private CommandTree() {}

    /** Runs one command; returns its exit status and throws nothing. */
    static int run(Surroundings surroundings, String... arguments) {
        List<String> given = List.of(arguments);
        Session session =
                new Session(surroundings, new Output(surroundings.out(), surroundings.err(), Output.Format.in(given)));
        // The run's options mean nothing to a plan, and so the word plan can be put in front of any change.
        CommandLine plan = new CommandLine(new PlanCommand(session)).addMixin("run", new RunOptions());
        CommandLine tree = new CommandLine(new CommandTree())
                .addSubcommand(new DemoCommand(session))
                .addSubcommand(new StatusCommand(session))
                .addSubcommand(plan)
                .addSubcommand(new ChangeCommand.Enable(session))
                .addSubcommand(new ChangeCommand.Rotate(session))
                .addSubcommand(new ChangeCommand.Disable(session))
                .addSubcommand(new ChangeCommand.Rewrite(session));
        for (CommandLine command : tree.getSubcommands().values()) {
            command.getCommandSpec().mixinStandardHelpOptions(true);
            command.addMixin("output", new OutputOption());
        }
        tree.registerConverter(Duration.class, Durations::parse);
        tree.setOut(writer(surroundings.out()));
        tree.setErr(writer(surroundings.err()));
        tree.setParameterExceptionHandler((e, args) -> misused(session, e));
        tree.setExecutionExceptionHandler((e, command, result) ->
                e instanceof RekeyException failure ? session.failed(failure, false) : session.failed(e));
        return tree.execute(arguments);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a command; --help shows them");
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    private static int misused(Session session, ParameterException e) {
        session.output()
                .error(
                        "usage",
                        e.getMessage() + " (help: "
                                + e.getCommandLine().getCommandSpec().qualifiedName() + " --help)");
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
