package dev.rekey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One apiserver that looks at its configuration once a minute, and the waits of real clusters. Encrypts only, which takes three
 * minutes; the whole life, in ten, with the system property {@code rekey.wholeLifeAtRealPace=true}.
 */
class RealPaceIT {
    @TempDir
    private Path folder;

    @Test
    void theWaitsOfRealClusters_areLongEnoughForServersAsTheyAre() {
        try (Site site = Site.faithful(1, folder)) {
            site.createSecrets(100);

            RekeyJar.Result enabled = site.succeed("enable", "--yes");

            assertThat(enabled.err()).contains("settle for 60 s").doesNotContain("unsafe");
            String first = site.onlyKey();
            site.assertEverySecretReadable();
            if (Boolean.getBoolean("rekey.wholeLifeAtRealPace")) {
                site.succeed("rotate", "--yes");
                assertThat(site.onlyKey()).isNotEqualTo(first);
                site.succeed("disable", "--yes");
                site.assertAllPlain();
                site.assertNothingLeft();
            }
        }
    }
}
