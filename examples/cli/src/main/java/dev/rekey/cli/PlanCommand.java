package dev.rekey.cli;

import dev.rekey.lifecycle.Change;
import dev.rekey.lifecycle.Plan;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what a change would do, step by step. */
@Command(name = "plan", description = "Shows what a change would do now, step by step. Reads only.")
final class PlanCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "CHANGE", description = "${COMPLETION-CANDIDATES}, with its own options")
    private Kind kind = Kind.ENABLE;

    @Mixin
    private final ChangeOptions.ForEnable enable = new ChangeOptions.ForEnable();

    @Mixin
    private final ChangeOptions.ForRotate rotate = new ChangeOptions.ForRotate();

    @Mixin
    private final ClusterOption cluster = new ClusterOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** As the commands are named. */
    enum Kind {
        /** See {@link ChangeCommand.Enable}. */
        ENABLE,
        /** See {@link ChangeCommand.Rotate}. */
        ROTATE,
        /** See {@link ChangeCommand.Disable}. */
        DISABLE,
        /** See {@link ChangeCommand.Rewrite}. */
        REWRITE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    PlanCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        refuse(enable.isSet(), Kind.ENABLE, "--replace and --decrypt");
        refuse(rotate.isSet(), Kind.ROTATE, "--away-from");
        return session.connected(cluster::read, (read, connection) -> {
            Plan plan = connection.lifecycle().plan(change(read));
            session.output().result(plan.describe(), plan.toMap());
            return ExitStatus.DONE.number();
        });
    }

    private Change change(Inventory read) {
        return switch (kind) {
            case ENABLE -> enable.on(read);
            case ROTATE -> rotate.on(read);
            case DISABLE -> Change.disable();
            case REWRITE -> Change.rewrite();
        };
    }

    private void refuse(boolean set, Kind owner, String options) {
        if (set && kind != owner) {
            throw new ParameterException(
                    spec.commandLine(), options + " belong to " + owner + ", and this plans " + kind);
        }
    }
}
