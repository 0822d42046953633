package dev.rekey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Enable, rotate and disable where nothing but port 22 of two hosts and a bastion can be dialled. */
class SshWholeLifeIT {
    private static final int SECRETS = 200;

    @TempDir
    private Path folder;

    @Test
    void aLifeOverSsh_leavesEverythingReadableAllTheTimeAndNothingBehind() {
        try (SshSite ssh = SshSite.in(folder)) {
            Site site = ssh.site();
            ssh.assertOnlySshLeadsToMembers();
            assertNoApiServerIsReachedWithoutATunnel(site);
            site.createSecrets(SECRETS);
            try (BackgroundClient client = new BackgroundClient(site)) {
                String configurations = Life.live(site);
                assertThat(client.created()).as(client::toString).isGreaterThan(20);
                assertThat(client.reads()).as(client::toString).isGreaterThan(500);
                System.out.println("3 members over SSH: " + client);
                Life.assertNoKeyInOutputs(site, configurations);
            }
        }
    }

    /** The same jar in the same surroundings, told to dial the apiservers itself. */
    private static void assertNoApiServerIsReachedWithoutATunnel(Site site) {
        site.write("direct.yaml", site.inventory(site.controlPlane().members()));
        RekeyJar.Result result = site.run("status", "--inventory", "direct.yaml", "--output", "json");
        assertThat(result.status()).as(result::describe).isZero();
        for (JsonElement each : result.json().getAsJsonArray("members")) {
            JsonObject member = each.getAsJsonObject();
            assertThat(member.get("ready").getAsBoolean()).isFalse();
            assertThat(member.get("problem").getAsString()).contains("refused");
        }
    }
}
