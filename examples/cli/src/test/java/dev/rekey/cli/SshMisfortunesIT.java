package dev.rekey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A life over SSH in which the command is killed at random moments of enable, rotate and disable, an sshd stops in the middle of a
 * rotation, and a host key changes in the middle of another one. {@code rekey.seed} repeats the kills as far as time allows.
 */
class SshMisfortunesIT {
    @TempDir
    private Path folder;

    private SshSite ssh;
    private Site site;

    @Test
    void whateverHappensToTheWay_nothingIsLost_andTheSameCommandFinishes() {
        Kills kills = new Kills(3, Long.getLong("rekey.seed", System.nanoTime()));
        try (SshSite made = SshSite.in(folder)) {
            ssh = made;
            site = made.site();
            site.createSecrets(40);
            kills.finishedAfterAKill(site, List.of("enable", "--yes"));
            anSshdStopsInTheMiddle(site.onlyKey());
            aHostKeyChangesInTheMiddle(site.onlyKey());
            kills.finishedAfterAKill(site, List.of("rotate", "--away-from", site.onlyKey(), "--yes"));
            kills.finishedAfterAKill(site, List.of("disable", "--yes"));
            site.assertAllPlain();
            site.assertNothingLeft();
            site.assertEverySecretReadable();
        }
    }

    /** That of the member behind the bastion, which really refuses connections then. */
    private void anSshdStopsInTheMiddle(String first) {
        RekeyJar.Running call = rotateAwayFrom(first);
        Site.awaitProgress(call, "settle for");
        ssh.server("cp3").stop();
        long stopped = System.nanoTime();

        String error = error(call, 1);

        System.out.println("an sshd stopped: after "
                + Duration.ofNanos(System.nanoTime() - stopped).toMillis() + " ms: " + error);
        assertThat(error).contains("member cp3");
        site.assertEverySecretReadable();
        assertThat(error(rotateAwayFrom(first), 3)).contains("member cp3");
        ssh.server("cp3").startAgain();
        assertFinishes(first);
    }

    private void aHostKeyChangesInTheMiddle(String first) {
        String expected = ssh.hostKeyFingerprint("cp2");
        RekeyJar.Running call = rotateAwayFrom(first);
        Site.awaitProgress(call, "settle for");
        ssh.server("cp2").stop();
        ssh.server("cp2").renewHostKeys();
        ssh.server("cp2").startAgain();
        String shown = ssh.hostKeyFingerprint("cp2");

        String error = error(call, 1);

        System.out.println("a host key changed: " + error);
        assertThat(shown).startsWith("SHA256:").isNotEqualTo(expected);
        assertThat(error).contains("member cp2", expected, shown);
        site.assertEverySecretReadable();
        assertThat(error(rotateAwayFrom(first), 3)).contains("member cp2", expected, shown);
        ssh.rememberHostKeys("cp2");
        assertFinishes(first);
    }

    private RekeyJar.Running rotateAwayFrom(String key) {
        return site.start("rotate", "--away-from", key, "--yes", "--output", "json");
    }

    /** Of a call that must fail so: 1 in the middle, 3 before anything was changed. */
    private static String error(RekeyJar.Running call, int status) {
        RekeyJar.Result result = call.result();
        assertThat(result.status()).as(result::describe).isEqualTo(status);
        return result.json().getAsJsonObject("error").get("message").getAsString();
    }

    private void assertFinishes(String first) {
        RekeyJar.Result result = rotateAwayFrom(first).result();
        assertThat(result.status()).as(result::describe).isZero();
        assertThat(site.onlyKey()).isNotEqualTo(first);
        assertThat(site.files().values()).noneMatch(text -> text.contains(first));
        site.assertEverySecretReadable();
    }
}
