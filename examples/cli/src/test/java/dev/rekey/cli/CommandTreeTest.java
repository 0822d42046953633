package dev.rekey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.rekey.config.KeyRef;
import dev.rekey.manifest.NodePath;
import dev.rekey.testing.FakeControlPlane;
import dev.rekey.testing.FakeObject;
import dev.rekey.testing.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandTreeTest {
    @TempDir
    private Path folder;

    private final FakeControlPlane plane = FakeControlPlane.withMembers(3);
    private CommandRun command;

    @BeforeEach
    void createSecrets() {
        plane.createSecrets(20);
        command = CommandRun.on(plane, folder);
    }

    @Test
    void aLife_isThreeCommandsThatEndWithZero() {
        assertThat(command.run("enable", "--yes").status()).isZero();
        KeyRef first = onlyReader();
        assertThat(first.type()).isEqualTo("aescbc");
        assertThat(command.run("rotate", "--yes").status()).isZero();
        assertThat(onlyReader()).isNotEqualTo(first).extracting(KeyRef::type).isEqualTo("aescbc");
        assertThat(command.run("rewrite", "--yes").status()).isZero();
        assertThat(command.run("disable", "--yes").status()).isZero();
        assertThat(onlyReader()).isEqualTo(KeyRef.IDENTITY);
    }

    @Test
    void aCallMadeAgain_hasNothingToDo() {
        command.run("enable", "--yes");
        String key = onlyReader().name();

        assertThat(command.run("enable", "--yes", "--output", "json").json().getAsJsonArray("steps"))
                .isEmpty();
        command.run("rotate", "--away-from", key, "--yes");
        CommandRun.Result again = command.run("rotate", "--away-from", key, "--yes", "--output", "json");
        assertThat(again.status()).isZero();
        assertThat(again.json().getAsJsonArray("steps")).isEmpty();
        command.run("disable", "--yes");
        assertThat(command.run("disable", "--yes", "--output", "json").json().getAsJsonArray("steps"))
                .isEmpty();
    }

    @Test
    void settings_comeFromTheInventory() {
        CommandRun own = CommandRun.on(
                plane,
                folder,
                "keyPrefix: kubeone\nprovider: secretbox\npreviousKeysKept: 1\nresources: [secrets, configmaps]\n");

        assertThat(own.run("enable", "--yes").status()).isZero();
        assertThat(onlyReader().toString()).startsWith("secretbox key kubeone-1-");
        assertThat(own.run("rotate", "--yes").status()).isZero();
        assertThat(onlyReader().toString()).startsWith("secretbox key kubeone-2-");
        assertThat(managedFile()).contains("kubeone-2-", "kubeone-1-", "configmaps");
    }

    @Test
    void statusAsJson_hasItsFields() {
        command.run("enable", "--yes");

        CommandRun.Result status = command.run("status", "--output", "json");

        assertThat(status.status()).isZero();
        JsonObject json = status.json();
        assertThat(json.keySet()).contains("state", "members", "drift", "writer", "proof", "membership", "lock");
        assertThat(json.getAsJsonArray("members")).hasSize(3);
        assertThat(json.getAsJsonArray("drift")).isEmpty();
        assertThat(json.getAsJsonObject("writer").keySet()).containsExactly("secrets");
        assertThat(json.get("proof").getAsString()).isEqualTo("settled");
        assertThat(json.get("lock").getAsString()).isEmpty();
    }

    @Test
    void statusAsText_namesMembersAndWriter() {
        command.run("enable", "--yes");

        assertThat(command.run("status").out())
                .contains("cp1", "cp2", "cp3", "secrets", onlyReader().name());
    }

    @ParameterizedTest
    @ValueSource(strings = {"enable", "rotate", "disable", "rewrite"})
    void plan_changesNothing(String change) {
        command.run("enable", "--yes");
        List<Map<NodePath, ?>> before = plane.members().stream()
                .<Map<NodePath, ?>>map(name -> plane.member(name).statuses())
                .toList();
        long revision = plane.etcd().revision();

        CommandRun.Result plan = command.run("plan", change, "--output", "json");

        assertThat(plan.status()).isZero();
        assertThat(plan.json().keySet()).containsExactly("change", "outcome", "steps", "findings");
        assertThat(plan.json().get("change").getAsString()).isEqualTo(change);
        assertThat(plane.members().stream()
                        .<Map<NodePath, ?>>map(name -> plane.member(name).statuses())
                        .toList())
                .isEqualTo(before);
        assertThat(plane.etcd().revision()).isEqualTo(revision);
    }

    @Test
    void plan_takesWhatTheChangeTakes_inAnyOrder() {
        command.run("enable", "--yes");
        String key = onlyReader().name();

        CommandRun.Result plan = command.run("plan", "--output=json", "--yes", "rotate", "--away-from", key);

        assertThat(plan.json().get("change").getAsString()).isEqualTo("rotate --away-from " + key);
        assertThat(command.run("plan", "disable", "--away-from", key).status()).isEqualTo(2);
        assertThat(command.run("plan", "rotate", "--replace").status()).isEqualTo(2);
    }

    @Test
    void progress_isOnStandardErrorAndTheReportOnStandardOutput() {
        CommandRun.Result text = command.run("enable", "--yes");

        assertThat(text.err()).contains("[1/", "archive aescbc key rekey-1-");
        assertThat(text.out())
                .startsWith("enable: secrets under aescbc key rekey-1-")
                .doesNotContain("[1/");
    }

    @Test
    void theReportAsJson_isOneObject() {
        JsonObject report = command.run("enable", "--yes", "--output", "json").json();

        assertThat(report.keySet()).containsExactly("change", "outcome", "steps", "rewrites", "membership");
        assertThat(report.get("membership").getAsString()).isEqualTo("proved");
        assertThat(report.getAsJsonArray("rewrites")
                        .get(0)
                        .getAsJsonObject()
                        .get("written")
                        .getAsInt())
                .isEqualTo(20);
    }

    @Test
    void withNobodyToAsk_nothingIsDoneWithoutYes() {
        CommandRun.Result result = command.run("enable", "--output", "json");

        assertThat(result.status()).isEqualTo(2);
        assertError(result, "usage", "--yes");
        assertThat(onlyReader()).isEqualTo(KeyRef.IDENTITY);
    }

    @Test
    void whoeverIsAsked_seesThePlanFirst_andItIsDoneAfterAYes() {
        command.asked(question -> true);

        CommandRun.Result result = command.run("enable");

        assertThat(result.status()).isZero();
        assertThat(command.questions()).containsExactly("Do this to cluster k1?");
        assertThat(result.out()).contains("   1. archive aescbc key rekey-1-");
        assertThat(onlyReader().type()).isEqualTo("aescbc");
    }

    @Test
    void aNo_changesNothing() {
        command.asked(question -> false);

        CommandRun.Result result = command.run("enable", "--output", "json");

        assertThat(result.status()).isEqualTo(3);
        assertError(result, "not-confirmed", "nothing was changed");
        assertThat(result.err()).contains("   1. archive aescbc key rekey-1-");
        assertThat(onlyReader()).isEqualTo(KeyRef.IDENTITY);
    }

    @Test
    void whatChangesBetweenTheQuestionAndTheYes_makesThePlanOutdated() {
        command.run("enable", "--yes");
        command.asked(
                question -> CommandRun.on(plane, folder).run("disable", "--yes").status() == 0);

        CommandRun.Result result = command.run("rewrite", "--output", "json");

        assertThat(result.status()).isEqualTo(3);
        assertError(result, "plan-outdated", "Plan again");
    }

    @Test
    void whereNothingIsToDo_nobodyIsAsked() {
        command.run("enable", "--yes");
        command.asked(question -> {
            throw new AssertionError(question);
        });

        assertThat(command.run("enable").status()).isZero();
    }

    @Test
    void whatTheStateForbids_isRefusedWithThree() {
        CommandRun.Result result = command.run("rotate", "--yes", "--output", "json");

        assertThat(result.status()).isEqualTo(3);
        assertError(result, "refused", "not enabled");
    }

    @Test
    void missingRights_areRefusedWithThree() {
        plane.lackRights("patch secrets");

        CommandRun.Result result = command.run("enable", "--yes", "--output", "json");

        assertThat(result.status()).isEqualTo(3);
        assertError(result, "refused", "patch secrets");
    }

    @Test
    void anArchiveThatFails_endsWithOneAndKeepsEverythingPlain() {
        plane.archiveFails(true);

        CommandRun.Result result = command.run("enable", "--yes", "--output", "json");

        assertThat(result.status()).isEqualTo(1);
        assertThat(onlyReader()).isEqualTo(KeyRef.IDENTITY);
        assertThat(managedFiles()).isEmpty();
        plane.archiveFails(false);
        assertThat(command.run("enable", "--yes").status()).isZero();
    }

    @Test
    void anObjectThatCannotBeRewritten_endsWithOneAndItsName() {
        command.run("enable", "--yes");
        String key = onlyReader().name();
        plane.etcd().breakObject(FakeObject.secret("secret-7"));

        CommandRun.Result result = command.run("rotate", "--away-from", key, "--yes", "--output", "json");

        assertThat(result.status()).isEqualTo(1);
        assertError(result, "rewrite-incomplete", "secret-7");
        assertThat(managedFile()).contains(key);
    }

    @Test
    void aMemberOutOfReach_isRefusedWithThree() {
        plane.member("cp2").always(Fault.TRANSPORT_DOWN);

        CommandRun.Result result = command.run("enable", "--yes", "--output", "json");

        assertThat(result.status()).isEqualTo(3);
        assertThat(result.json().getAsJsonObject("error").get("message").getAsString())
                .contains("cp2");
    }

    @Test
    void aTimeout_stopsAtASafePoint_andTheSameCallGoesOn() {
        CommandRun.Result result = command.run("enable", "--yes", "--timeout", "1s", "--output", "json");

        assertThat(result.status()).isEqualTo(1);
        assertError(result, "stopped", "deadline");
        assertThat(plane.unreadable()).isEmpty();
        assertThat(command.run("enable", "--yes").status()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "enabel",
                "enable --yes --inventori x",
                "enable --yes --output yaml",
                "enable --yes --timeout soon",
                "rotate --yes --replace",
                "status --yes",
                "config",
                "manifest",
                "kubeadm --replace",
                "plan",
                "plan everything"
            })
    void wrongUsage_endsWithTwo(String line) {
        String[] arguments = line.isEmpty() ? new String[0] : line.split(" ");

        CommandRun.Result result = command.runAsIs(arguments);

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).startsWith("error (usage): ").contains("--help");
    }

    @Test
    void wrongUsageAsJson_isOneObjectToo() {
        CommandRun.Result result = command.run("enable", "--yse", "--output", "json");

        assertThat(result.status()).isEqualTo(2);
        assertError(result, "usage", "--yse");
    }

    @Test
    void anInventoryThatIsWrong_endsWithTwo() {
        CommandRun.Result result = command.run(
                "enable",
                "--yes",
                "--output=json",
                "--inventory",
                folder.resolve("absent.yaml").toString());

        assertThat(result.status()).isEqualTo(2);
        assertError(result, "invalid-input", "absent.yaml");
    }

    @Test
    void aBug_isToldByItsPlaceAndNeverByItsText() {
        Path strange = inventoryOf("cp9");

        CommandRun.Result result = command.run("status", "--output", "json", "--inventory", strange.toString());

        assertThat(result.status()).isEqualTo(1);
        assertError(result, "internal", "Exception at dev.rekey.testing.");
        assertThat(result.all()).doesNotContain("cp9");
    }

    @Test
    void shortenedWaits_areWarnedAbout_andRefusedWhereMalformed() {
        assertThat(command.timing("poll=1s").run("status").err()).contains("warning: rekey.unsafeTestTiming");
        CommandRun.Result malformed = command.timing("poll=soon").run("status");
        assertThat(malformed.status()).isEqualTo(2);
        assertThat(malformed.err()).contains("rekey.unsafeTestTiming is malformed");
    }

    @Test
    void help_listsCommandsAndExitStatuses_andNoTestProperty() {
        CommandRun.Result help = command.runAsIs("--help");

        assertThat(help.status()).isZero();
        assertThat(help.out())
                .contains(
                        "demo",
                        "status",
                        "plan",
                        "enable",
                        "rotate",
                        "disable",
                        "rewrite",
                        "config",
                        "stages",
                        "manifest",
                        "kubeadm",
                        "stored",
                        "Exit status:",
                        "  3  refused")
                .doesNotContain("unsafe");
        for (String name : List.of(
                "demo",
                "status",
                "plan",
                "enable",
                "rotate",
                "disable",
                "rewrite",
                "config generate",
                "config check",
                "stages",
                "manifest show",
                "manifest enable",
                "manifest disable",
                "kubeadm show",
                "kubeadm enable",
                "kubeadm disable",
                "stored")) {
            CommandRun.Result one = command.runAsIs((name + " --help").split(" "));
            assertThat(one.status()).isZero();
            assertThat(one.out()).contains("rekey " + name, "--output").doesNotContain("unsafe");
            assertThat(one.out().lines()).allMatch(line -> line.length() <= 80);
        }
    }

    private static void assertError(CommandRun.Result result, String code, String part) {
        assertThat(result.json().keySet()).containsExactly("error");
        JsonObject error = result.json().getAsJsonObject("error");
        assertThat(error.keySet()).containsExactly("code", "message");
        assertThat(error.get("code").getAsString()).isEqualTo(code);
        assertThat(error.get("message").getAsString()).contains(part);
    }

    private Path inventoryOf(String member) {
        try {
            return Files.writeString(folder.resolve("strange.yaml"), """
                    kubeconfig: admin.conf
                    archive: {none: a test}
                    nodes: [{name: %s, local: true, apiServer: "https://10.0.0.1:6443"}]
                    """.formatted(member));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private KeyRef onlyReader() {
        Map<KeyRef, Integer> stored = plane.storedUnder().get("secrets");
        assertThat(stored).hasSize(1).containsValue(20);
        return stored.keySet().iterator().next();
    }

    private List<NodePath> managedFiles() {
        return plane.members().stream()
                .flatMap(name -> plane.member(name).files().keySet().stream())
                .filter(plane.layout().managedPath()::equals)
                .toList();
    }

    private String managedFile() {
        return plane.member("cp1").file(plane.layout().managedPath()).orElseThrow();
    }
}
