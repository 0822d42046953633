package dev.rekey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What happens to those who work over SSH. Three kills, or as many as the system property {@code rekey.sshKills} says; {@code
 * rekey.seed} repeats them as far as time allows.
 */
class SshMisfortunesIT {
    @TempDir
    private static Path folder;

    private static SshSite ssh;
    private static Site site;

    @BeforeAll
    static void start() {
        ssh = SshSite.in(folder);
        site = ssh.site();
        site.createSecrets(40);
    }

    @AfterAll
    static void end() {
        if (ssh != null) {
            ssh.close();
        }
    }

    @Test
    void aCommandKilledAnywhere_losesNothing_andFinishesWhenItIsGivenAgain() {
        site.succeed("disable", "--yes");
        new Kills(Integer.getInteger("rekey.sshKills", 3), Long.getLong("rekey.seed", System.nanoTime())).during(site);
    }

    @Test
    void anSshdThatStopsInTheMiddle_isNamed_andTheSameCommandFinishesOnceItIsBack() {
        String first = enabled();
        RekeyJar.Running call = rotateAwayFrom(first);
        Site.awaitProgress(call, "settle for");
        ssh.server("cp2").stop();

        long stopped = System.nanoTime();
        RekeyJar.Result result = call.result();
        System.out.println("an sshd stopped: the command ended "
                + Duration.ofNanos(System.nanoTime() - stopped).toMillis() + " ms later: " + error(result));

        assertThat(result.status()).as(result::describe).isEqualTo(1);
        assertThat(error(result)).contains("member cp2");
        site.assertEverySecretReadable();
        site.assertEverySecretReadableAfterRestarts();
        RekeyJar.Result again = rotateAwayFrom(first).result();
        assertThat(again.status()).as(again::describe).isNotZero();
        assertThat(error(again)).contains("member cp2");

        ssh.server("cp2").startAgain();
        assertFinishes(first);
    }

    @Test
    void aHostKeyThatChangesInTheMiddle_isRefusedWithBothFingerprints_andTheSameCommandFinishesOnceItIsKnown() {
        String first = enabled();
        String expected = ssh.hostKeyFingerprint("cp3");
        RekeyJar.Running call = rotateAwayFrom(first);
        Site.awaitProgress(call, "settle for");
        ssh.server("cp3").stop();
        ssh.server("cp3").renewHostKeys();
        ssh.server("cp3").startAgain();
        String shown = ssh.hostKeyFingerprint("cp3");

        RekeyJar.Result result = call.result();

        assertThat(shown).startsWith("SHA256:").isNotEqualTo(expected);
        assertThat(result.status()).as(result::describe).isEqualTo(1);
        assertThat(error(result)).contains("member cp3", expected, shown);
        site.assertEverySecretReadable();
        RekeyJar.Result again = rotateAwayFrom(first).result();
        assertThat(again.status()).as(again::describe).isNotZero();
        assertThat(error(again)).contains("member cp3", expected, shown);

        ssh.rememberHostKeys("cp3");
        assertFinishes(first);
    }

    private static String enabled() {
        site.succeed("enable", "--yes");
        return site.onlyKey();
    }

    private static RekeyJar.Running rotateAwayFrom(String key) {
        return site.start("rotate", "--away-from", key, "--yes", "--output", "json");
    }

    private static void assertFinishes(String first) {
        RekeyJar.Result result = rotateAwayFrom(first).result();
        assertThat(result.status()).as(result::describe).isZero();
        assertThat(site.onlyKey()).isNotEqualTo(first);
        assertThat(site.files().values()).noneMatch(text -> text.contains(first));
        site.assertEverySecretReadableAfterRestarts();
    }

    private static String error(RekeyJar.Result result) {
        JsonObject error = result.json().getAsJsonObject("error");
        return error.get("message").getAsString();
    }
}
