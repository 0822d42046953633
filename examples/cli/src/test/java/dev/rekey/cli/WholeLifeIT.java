package dev.rekey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Enable, rotate and disable on real servers while applications go on. */
class WholeLifeIT {
    private static final int SECRETS = 500;

    @TempDir
    private Path folder;

    @ParameterizedTest(name = "{0} members")
    @ValueSource(ints = {1, 3})
    void aLife_leavesEverythingReadableAllTheTimeAndNothingBehind(int members) {
        try (Site site = Site.of(members, folder)) {
            site.createSecrets(SECRETS);
            try (BackgroundClient client = new BackgroundClient(site)) {
                String configurations = Life.live(site);
                assertThat(client.created()).as(client::toString).isGreaterThan(20);
                assertThat(client.reads()).as(client::toString).isGreaterThan(500);
                System.out.println(members + " members: " + client);
                Life.assertNoKeyInOutputs(site, configurations);
            }
        }
    }
}
