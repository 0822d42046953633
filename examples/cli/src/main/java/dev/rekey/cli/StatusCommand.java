package dev.rekey.cli;

import dev.rekey.lifecycle.ClusterStatus;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says what is there. */
@Command(name = "status", description = "Shows what is there and how well it is proved. Reads only.")
final class StatusCommand implements Callable<Integer> {
    private final Session session;

    @Mixin
    private final ClusterOption cluster = new ClusterOption();

    StatusCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        return session.connected(cluster::read, (read, connection) -> {
            ClusterStatus status = connection.lifecycle().status();
            session.output().result(status.describe(), status.toMap());
            return ExitStatus.DONE.number();
        });
    }
}
