package dev.rekey.cli;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The command is killed at random moments of enable, rotate and disable: nothing is lost, and the same command finishes. Six
 * kills, or as many as the system property {@code rekey.kills} says; {@code rekey.seed} repeats a run as far as time allows.
 */
class KillsIT {
    private static final int SECRETS = 60;

    @TempDir
    private Path folder;

    @Test
    void aCommandKilledAnywhere_losesNothing_andFinishesWhenItIsGivenAgain() {
        Kills kills = new Kills(Integer.getInteger("rekey.kills", 6), Long.getLong("rekey.seed", System.nanoTime()));
        try (Site site = Site.of(3, folder)) {
            site.createSecrets(SECRETS);
            kills.during(site);
        }
    }
}
