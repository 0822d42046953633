package dev.rekey.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.rekey.PlanOutdatedException;
import dev.rekey.config.Rendered;
import dev.rekey.lifecycle.Change;
import dev.rekey.lifecycle.Plan;
import dev.rekey.lifecycle.RunContext;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plans of an encrypted cluster: they change nothing, and are not carried out where they no longer hold. */
class PlansIT {
    private static final List<String> RENEWED =
            List.of("/registry/leases/", "/registry/masterleases/", "/registry/peerserverleases/", "/registry/events/");

    @TempDir
    private static Path folder;

    @AutoClose
    private static Site site;

    @BeforeAll
    static void encrypt() {
        site = Site.of(1, folder);
        site.createSecrets(20);
        site.succeed("enable", "--yes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plan enable", "plan rotate", "plan disable", "plan rewrite", "status"})
    void whatReadsOnly_changesNoFileNoTimeAndNoObject(String line) {
        Map<String, String> times = site.times();
        Map<String, String> objects = objects();

        site.succeed(line.split(" "));

        assertThat(site.times()).isEqualTo(times);
        assertThat(objects()).isEqualTo(objects);
    }

    @Test
    void aPlanThatNoLongerHolds_isNotCarriedOut() {
        Inventory inventory = InventoryReader.read(folder.resolve("inventory.yaml"));
        try (Connection connection =
                new KubernetesConnector(Confirmation.TERMINAL).connect(inventory, UnsafeTestTiming.parse(Site.FAST))) {
            Plan plan = connection.lifecycle().plan(Change.rotate());
            site.succeed("rotate", "--yes");
            Map<String, String> files = site.files();

            assertThatExceptionOfType(PlanOutdatedException.class)
                    .isThrownBy(() -> connection.lifecycle().execute(plan, RunContext.UNTIL_DONE));

            assertThat(site.files()).isEqualTo(files);
            assertThat(site.onlyKey()).startsWith("rekey-2-");
        }
    }

    /** A hash of each, without what the server itself renews all the time. */
    private static Map<String, String> objects() {
        Map<String, String> objects = new TreeMap<>();
        site.controlPlane().etcd().range("/registry/").forEach((key, value) -> {
            if (RENEWED.stream().noneMatch(key::startsWith)) {
                objects.put(key, Rendered.sha256(value));
            }
        });
        return objects;
    }
}
