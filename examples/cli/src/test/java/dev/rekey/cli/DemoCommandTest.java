package dev.rekey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.rekey.testing.FakeControlPlane;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {
    @TempDir
    private Path folder;

    @Test
    void theDemo_showsUnderWhichKeyWhatIsStored() {
        CommandRun.Result demo = demo("demo");

        assertThat(demo.status()).isZero();
        assertThat(demo.err()).isEmpty();
        assertThat(demo.out())
                .contains("3 members, 1000 Secrets", "stored: 1000 plain", "== enable", "== rotate", "== disable")
                .containsPattern("stored: 100 under aescbc key rekey-1-[a-z0-9]{6}, 900 plain")
                .containsPattern("stored: 1000 under aescbc key rekey-2-[a-z0-9]{6}")
                .contains("At no moment was any Secret unreadable");
        assertThat(demo.out().lines().count()).isLessThan(120);
    }

    @Test
    void theDemoAsJson_hasThreePhases() {
        CommandRun.Result demo = demo("demo", "--output", "json");

        assertThat(demo.status()).isZero();
        JsonArray phases = demo.json().getAsJsonArray("phases");
        assertThat(phases).hasSize(3);
        JsonObject enable = phases.get(0).getAsJsonObject();
        assertThat(enable.keySet()).containsExactly("change", "outcome", "steps", "rewrites", "membership", "stored");
        JsonArray stored = phases.get(2).getAsJsonObject().getAsJsonArray("stored");
        assertThat(stored.get(stored.size() - 1)
                        .getAsJsonObject()
                        .getAsJsonObject("secrets")
                        .get("identity")
                        .getAsInt())
                .isEqualTo(1000);
        assertThat(demo.json().getAsJsonArray("archived")).hasSize(2);
        assertThat(demo.json().getAsJsonArray("unreadable")).isEmpty();
    }

    private CommandRun.Result demo(String... arguments) {
        return CommandRun.on(FakeControlPlane.withMembers(1), folder).runAsIs(arguments);
    }
}
