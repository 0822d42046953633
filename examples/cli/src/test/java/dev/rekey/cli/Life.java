package dev.rekey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.rekey.config.Reader;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** Enable, rotate and disable, and what holds after each. */
final class Life {
    private Life() {}

    /** Returns what the members' files were while they held keys. */
    static String live(Site site) {
        site.succeed("enable", "--yes");
        String first = site.onlyKey();
        assertThat(first).startsWith("rekey-1-");
        site.assertEverySecretReadable();
        assertStatus(site, first);
        String configurations = String.join("\n", site.files().values());

        site.succeed("rotate", "--yes");
        String second = site.onlyKey();
        assertThat(second).startsWith("rekey-2-");
        assertThat(site.files().values()).noneMatch(text -> text.contains(first));
        assertThat(site.archivedNames()).containsExactly(first, second);
        site.assertEverySecretReadable();
        assertStatus(site, second);
        configurations += String.join("\n", site.files().values());

        site.succeed("rewrite", "--yes");
        assertThat(site.onlyKey()).isEqualTo(second);

        site.succeed("disable", "--yes");
        site.assertAllPlain();
        site.assertNothingLeft();
        site.assertEverySecretReadable();
        assertThat(site.succeed("disable", "--yes", "--output", "json").json().getAsJsonArray("steps"))
                .isEmpty();
        return configurations;
    }

    private static void assertStatus(Site site, String key) {
        JsonObject status = site.succeed("status", "--output", "json").json();
        assertThat(status.getAsJsonArray("members"))
                .hasSize(site.controlPlane().members().size());
        assertThat(status.getAsJsonArray("drift")).isEmpty();
        assertThat(status.getAsJsonObject("writer").get("secrets").getAsString())
                .endsWith(key);
        assertThat(status.get("proof").getAsString()).isEqualTo("settled");
        assertThat(status.get("lock").getAsString()).isEmpty();
    }

    /** The first needle is one that is found where keys are. */
    static void assertNoKeyInOutputs(Site site, String configurations) {
        List<Reader.OfKey> keys = site.archived();
        assertThat(keys).hasSize(2);
        String everything = String.join("\n", site.rekey().outputs());
        for (Reader.OfKey key : keys) {
            byte[] bytes = key.key().material().exposeBytes();
            String base64 = Base64.getEncoder().encodeToString(bytes).replace("=", "");
            String hex = HexFormat.of().formatHex(bytes);
            assertThat(configurations.contains(base64)).isTrue();
            assertThat(everything).contains(key.key().name());
            assertThat(everything.contains(base64) || everything.contains(hex))
                    .as("key " + key.key().name() + " is in an output")
                    .isFalse();
        }
    }
}
