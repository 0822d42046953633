package dev.rekey.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Shows the whole life in a few seconds, with nothing but this jar. */
@Command(
        name = "demo",
        description =
                "Enables, rotates and disables on a control plane in memory, and shows what is stored under which key.")
final class DemoCommand implements Callable<Integer> {
    private final Session session;

    DemoCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try {
            DemoResult result = new Demo(session.output()::preview).run();
            session.output().result(result.describe(), result.toMap());
            return ExitStatus.DONE.number();
        } catch (AssertionError e) {
            session.output().error("demo", String.valueOf(e.getMessage()));
            return ExitStatus.FAILED.number();
        }
    }
}
