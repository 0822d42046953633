package dev.rekey.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.gson.JsonObject;
import dev.rekey.StoppedException;
import dev.rekey.controlplane.ControlPlaneMember;
import dev.rekey.controlplane.EtcdSnapshot;
import dev.rekey.lifecycle.Change;
import dev.rekey.lifecycle.RekeyEvent;
import dev.rekey.lifecycle.RunContext;
import dev.rekey.lifecycle.Step;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens to clusters in the field, on one real apiserver that encrypts. */
class MisfortunesIT {
    @TempDir
    private Path folder;

    private Site site;
    private ControlPlaneMember member;
    private String plainManifest;
    private String first;

    @BeforeEach
    void encrypt() {
        site = Site.of(1, folder);
        site.createSecrets(60);
        member = site.controlPlane().member("cp1");
        plainManifest = Site.text(member.manifestPath());
        site.succeed("enable", "--yes");
        first = site.onlyKey();
    }

    @AfterEach
    void end() {
        if (site != null) {
            site.close();
        }
    }

    @Test
    void aSecretThatCannotBeRewritten_isNamed_andTheOldKeyStays() {
        // As JSON, which is how the oldest clusters stored it; today's validation misses its keys.
        site.controlPlane().etcd().put("/registry/secrets/default/bad-tls", """
                {"kind": "Secret", "apiVersion": "v1", "type": "kubernetes.io/tls", "metadata": {"name": "bad-tls",
                 "namespace": "default", "uid": "7ad2f1c8-57a8-4d6b-8f6b-0c7d6f3f2a11"}}
                """.strip()
                .getBytes(UTF_8));

        RekeyJar.Result result = site.run("rotate", "--away-from", first, "--yes", "--output", "json");

        assertThat(result.status()).as(result::describe).isEqualTo(1);
        assertThat(error(result)).contains("default/bad-tls", "Every reader stays");
        assertThat(configuration()).contains(first);
        site.assertEverySecretReadable();
        assertThat(site.controlPlane().deleteSecret("default", "bad-tls")).isTrue();
        site.succeed("rotate", "--away-from", first, "--yes");
        assertThat(site.onlyKey()).startsWith("rekey-2-");
        assertThat(configuration()).doesNotContain(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"enable", "disable"})
    void aManifestThatLostItsFlag_makesNoPlainCluster(String call) {
        int starts = member.host().starts();
        Site.replace(member.manifestPath(), plainManifest);
        Site.await("a start without the flag", () -> member.host().starts() > starts);
        String configuration = configuration();

        JsonObject status = site.succeed("status", "--output", "json").json();
        assertThat(status.get("state").getAsString()).isNotEqualTo("plain");
        for (String change : new String[] {"enable", "rotate", "disable", "rewrite"}) {
            site.run("plan", change);
        }
        assertThat(configuration()).isEqualTo(configuration);
        site.succeed(call, "--yes");

        site.assertEverySecretReadable();
        if (call.equals("enable")) {
            assertThat(site.onlyKey()).isEqualTo(first);
            assertThat(configuration()).contains(first);
        } else {
            site.assertAllPlain();
            site.assertNothingLeft();
        }
    }

    @Test
    void anEtcdPutBackBetweenMarkAndRetire_keepsTheOldKeyUntilAllIsRewrittenAgain() {
        AtomicReference<EtcdSnapshot> snapshot = new AtomicReference<>();
        AtomicBoolean marked = new AtomicBoolean();
        RunContext untilMarked = RunContext.UNTIL_DONE
                .listening(event -> {
                    if (event instanceof RekeyEvent.StepStarted started && started.step() instanceof Step.Rewrite) {
                        snapshot.set(site.controlPlane().etcd().snapshot());
                    } else if (event instanceof RekeyEvent.StepEnded ended && ended.step() instanceof Step.SetMark) {
                        marked.set(true);
                    }
                })
                .cancelledWhen(marked::get);
        Inventory inventory = InventoryReader.read(folder.resolve("inventory.yaml"));
        try (Connection connection =
                new KubernetesConnector(Confirmation.TERMINAL).connect(inventory, UnsafeTestTiming.parse(Site.FAST))) {
            assertThatExceptionOfType(StoppedException.class)
                    .isThrownBy(() -> connection.lifecycle().apply(Change.rotateAwayFrom(first), untilMarked));
        }
        assertThat(site.onlyKey()).startsWith("rekey-2-");
        assertThat(configuration()).contains(first);

        site.controlPlane().restore(snapshot.get());

        assertThat(site.onlyKey()).isEqualTo(first);
        assertThat(site.succeed("status", "--output", "json")
                        .json()
                        .get("proof")
                        .getAsString())
                .isNotEqualTo("settled");
        assertThat(site.succeed("plan", "rotate", "--away-from", first).out()).contains("rewrite secrets");
        site.succeed("rotate", "--away-from", first, "--yes");
        assertThat(site.onlyKey()).startsWith("rekey-2-");
        site.assertEverySecretReadable();
        assertThat(configuration()).doesNotContain(first);
    }

    @Test
    void aSignal_stopsACallAtASafePoint_andTheSameCallGoesOn() {
        RekeyJar.Running call = site.start("rotate", "--away-from", first, "--yes", "--output", "json");
        Site.awaitProgress(call, "settle for");
        call.terminate();

        RekeyJar.Result stopped = call.result();

        assertThat(stopped.status()).as(stopped::describe).isEqualTo(1);
        assertThat(stopped.json().getAsJsonObject("error").get("code").getAsString())
                .isEqualTo("stopped");
        assertThat(stopped.err()).contains("asked to stop");
        assertThat(site.succeed("status", "--output", "json").json().get("lock").getAsString())
                .isEmpty();
        site.assertEverySecretReadable();
        site.succeed("rotate", "--away-from", first, "--yes");
        assertThat(site.onlyKey()).startsWith("rekey-2-");
    }

    @Test
    void twoCallsAtOnce_neverBothChangeSomething() {
        RekeyJar.Running one = site.start("rotate", "--away-from", first, "--yes");
        Site.awaitProgress(one, "[1/");

        RekeyJar.Result other = site.run("disable", "--yes", "--output", "json");

        assertThat(other.status()).as(other::describe).isEqualTo(3);
        assertThat(other.json().getAsJsonObject("error").get("code").getAsString())
                .isEqualTo("locked");
        assertThat(error(other)).contains("cp1", "alive", "Nothing was changed");
        RekeyJar.Result result = one.result();
        assertThat(result.status()).as(result::describe).isZero();
        assertThat(site.onlyKey()).startsWith("rekey-2-");
    }

    @Test
    void anObjectThatNobodyCanRead_isNoticedByTheClientsOfTheseTests() {
        BackgroundClient client = new BackgroundClient(site);
        site.controlPlane()
                .etcd()
                .put("/registry/secrets/default/stable-1", "k8s:enc:aescbc:v1:lost:0123456789abcdef".getBytes(UTF_8));
        Site.await("some reads", () -> client.reads() > 2000);

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(client::close)
                .withMessageContaining("stable-1 through cp1");
    }

    private String configuration() {
        return Site.text(member.configurationDirectory().resolve("encryption-providers.yaml"));
    }

    private static String error(RekeyJar.Result result) {
        return result.json().getAsJsonObject("error").get("message").getAsString();
    }
}
