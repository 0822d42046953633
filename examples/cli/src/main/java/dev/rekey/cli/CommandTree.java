package dev.rekey.cli;

import dev.rekey.RekeyException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;

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
            "  1  failed or stopped: what is done stays, and the same call goes on; or the output was lost",
            "  2  wrong usage, inventory, kubeconfig or other input",
            "  3  refused for the cluster's state: nothing was changed"
        })
final class CommandTree extends CommandGroup {
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
                .addSubcommand(new ChangeCommand.Rewrite(session))
                .addSubcommand(new CommandLine(new ConfigCommand())
                        .addSubcommand(new ConfigCommand.Generate(session))
                        .addSubcommand(new ConfigCommand.Check(session)))
                .addSubcommand(new StagesCommand(session))
                .addSubcommand(ToldCommand.group(session, Told.Kind.MANIFEST))
                .addSubcommand(ToldCommand.group(session, Told.Kind.KUBEADM))
                .addSubcommand(new StoredCommand(session));
        tree.getSubcommands().values().forEach(CommandTree::addCommonOptions);
        Words.readBy(tree);
        tree.setOut(writer(surroundings.out()));
        tree.setErr(writer(surroundings.err()));
        tree.setParameterExceptionHandler((e, args) -> misused(session, e));
        tree.setExecutionExceptionHandler((e, command, result) ->
                e instanceof RekeyException failure ? session.failed(failure, false) : session.failed(e));
        return session.output().ended(tree.execute(arguments));
    }

    private static void addCommonOptions(CommandLine command) {
        command.getCommandSpec().mixinStandardHelpOptions(true);
        if (command.getSubcommands().isEmpty()) {
            command.addMixin("output", new OutputOption());
        }
        command.getSubcommands().values().forEach(CommandTree::addCommonOptions);
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
