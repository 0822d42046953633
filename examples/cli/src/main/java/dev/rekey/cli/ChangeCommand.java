package dev.rekey.cli;

import dev.rekey.RekeyException;
import dev.rekey.lifecycle.Change;
import dev.rekey.lifecycle.EncryptionLifecycle;
import dev.rekey.lifecycle.Plan;
import dev.rekey.lifecycle.Report;
import dev.rekey.lifecycle.RunContext;
import dev.rekey.spi.Pace;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that changes the cluster: shows what it would do and does exactly that, or with {@code --yes} just does it. */
abstract class ChangeCommand implements Callable<Integer> {
    private final Session session;

    @Mixin
    private final ClusterOption cluster = new ClusterOption();

    @Mixin
    private final RunOptions run = new RunOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    ChangeCommand(Session session) {
        this.session = session;
    }

    abstract Change change(Inventory read);

    /** Whether it may, so that it has to be known where keys are kept. */
    boolean makesKeys() {
        return true;
    }

    @Override
    public Integer call() {
        if (!run.yes() && !session.surroundings().confirmation().canAsk()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "no terminal is there to ask whether the plan is right. Nothing was changed. Say --yes, and look at"
                            + " the plan with the command plan");
        }
        return session.connected(makesKeys() ? cluster::readWithArchive : cluster::read, (read, connection) -> {
            EncryptionLifecycle lifecycle = connection.lifecycle();
            Change change = change(read);
            if (run.yes()) {
                return carriedOut(context -> lifecycle.apply(change, context));
            }
            Plan plan = lifecycle.plan(change);
            if (!session.output().preview(plan.describe())) {
                session.output().error("not-shown", "nothing was changed, since the plan could not be shown");
                return ExitStatus.FAILED.number();
            }
            if (!plan.isEmpty() && !session.surroundings().confirmation().saysYes(question(read))) {
                session.output().error("not-confirmed", "nothing was changed, since nobody said yes");
                return ExitStatus.REFUSED.number();
            }
            return carriedOut(context -> lifecycle.execute(plan, context));
        });
    }

    private int carriedOut(Function<RunContext, Report> work) {
        Progress progress = new Progress(session.output()::progress, Pace.SYSTEM);
        Interruption interruption = new Interruption(
                session.output()::progress, session.surroundings().halt());
        return interruption.during(stop -> {
            try {
                Report report = work.apply(run.context().listening(progress).cancelledWhen(stop));
                session.output().result(report.describe(), report.toMap());
                return session.output().ended(ExitStatus.DONE.number());
            } catch (RekeyException e) {
                return session.failed(e, progress.stepsHaveBegun());
            }
        });
    }

    private static String question(Inventory read) {
        return "Do this to " + (read.cluster().isEmpty() ? "the cluster" : "cluster " + read.cluster()) + "?";
    }

    /** Turns encryption on, or changes how it is done. */
    @Command(
            name = "enable",
            description =
                    "Encrypts with a managed key, or changes provider, resources or kept keys to what the inventory names.")
    static final class Enable extends ChangeCommand {
        @Mixin
        private ChangeOptions.ForEnable options = new ChangeOptions.ForEnable();

        Enable(Session session) {
            super(session);
        }

        @Override
        Change change(Inventory read) {
            return options.on(read);
        }
    }

    /** Replaces the key. */
    @Command(
            name = "rotate",
            description = "Makes a new key, has everything stored under it, and takes the old one away.")
    static final class Rotate extends ChangeCommand {
        @Mixin
        private ChangeOptions.ForRotate options = new ChangeOptions.ForRotate();

        Rotate(Session session) {
            super(session);
        }

        @Override
        Change change(Inventory read) {
            return options.on(read);
        }
    }

    /** Turns encryption off. */
    @Command(
            name = "disable",
            description = "Has everything stored plain, and leaves nothing of the encryption behind.")
    static final class Disable extends ChangeCommand {
        Disable(Session session) {
            super(session);
        }

        @Override
        Change change(Inventory read) {
            return Change.disable();
        }

        @Override
        boolean makesKeys() {
            return false;
        }
    }

    /** Stores everything anew. */
    @Command(name = "rewrite", description = "Has everything stored again under the key that writes, and proves it.")
    static final class Rewrite extends ChangeCommand {
        Rewrite(Session session) {
            super(session);
        }

        @Override
        Change change(Inventory read) {
            return Change.rewrite();
        }

        @Override
        boolean makesKeys() {
            return false;
        }
    }
}
