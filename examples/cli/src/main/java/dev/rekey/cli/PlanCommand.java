package dev.rekey.cli;

import dev.rekey.lifecycle.Change;
import dev.rekey.lifecycle.Plan;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what a change would do, step by step. Takes what that change takes, so that the word plan can be put in front of it. */
@Command(name = "plan", description = "Shows what a change would do now, step by step. Reads only.")
final class PlanCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "CHANGE", description = "${COMPLETION-CANDIDATES}, with its own options")
    private Kind kind = Kind.enable;

    @Mixin
    private ChangeOptions.ForEnable enable = new ChangeOptions.ForEnable();

    @Mixin
    private ChangeOptions.ForRotate rotate = new ChangeOptions.ForRotate();

    @Mixin
    private InventoryOption inventory = new InventoryOption();

    @Mixin
    private RunOptions run = new RunOptions();

    @Mixin
    private OutputOption output = new OutputOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** As the commands are named. */
    enum Kind {
        /** See {@link ChangeCommand.Enable}. */
        enable,
        /** See {@link ChangeCommand.Rotate}. */
        rotate,
        /** See {@link ChangeCommand.Disable}. */
        disable,
        /** See {@link ChangeCommand.Rewrite}. */
        rewrite
    }

    PlanCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        refuse(enable.isSet(), Kind.enable, "--replace and --decrypt");
        refuse(rotate.isSet(), Kind.rotate, "--away-from");
        return session.connected(inventory.file(), (read, connection) -> {
            Plan plan = connection.lifecycle().plan(change(read));
            session.output().result(plan.describe(), plan.toMap());
            return ExitStatus.DONE.number();
        });
    }

    private Change change(Inventory read) {
        return switch (kind) {
            case enable -> enable.on(read);
            case rotate -> rotate.on(read);
            case disable -> Change.disable();
            case rewrite -> Change.rewrite();
        };
    }

    private void refuse(boolean set, Kind owner, String options) {
        if (set && kind != owner) {
            throw new ParameterException(
                    spec.commandLine(), options + " belong to " + owner + ", and this plans " + kind);
        }
    }
}
