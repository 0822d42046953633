package dev.rekey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.rekey.controlplane.ControlPlaneMember;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong is told before anything changes, with where it is and what to do. */
class BadInputIT {
    @TempDir
    private static Path folder;

    @AutoClose
    private static Site site;

    private Map<String, String> files;

    @BeforeAll
    static void start() {
        site = Site.of(3, folder);
        site.createSecrets(5);
    }

    @BeforeEach
    void remember() {
        files = site.files();
    }

    @AfterEach
    void nothingHasChanged() {
        assertThat(site.files()).isEqualTo(files);
        site.assertAllPlain();
    }

    @Test
    void anUnreadableKubeconfig() {
        site.write("broken.conf", "apiVersion: v1\nclusters: [\n");
        String text = inventory(site.controlPlane().members());
        site.write("bad.yaml", text.replaceAll("kubeconfig: .*", "kubeconfig: broken.conf"));

        assertRefused(2, "broken.conf", "nothing was changed");

        site.write("bad.yaml", text.replaceAll("kubeconfig: .*", "kubeconfig: absent.conf"));
        assertRefused(2, "absent.conf", "there is no such file");
    }

    @Test
    void aMisspeltField() {
        site.write("bad.yaml", inventory(site.controlPlane().members()).replace("archive:", "archiv:"));

        assertRefused(2, "bad.yaml:3: archiv: there is no such field", "Did you mean archive?");
    }

    @Test
    void noArchive() {
        site.write("bad.yaml", inventory(site.controlPlane().members()).replaceAll("archive: .*\n", ""));

        assertRefused(2, "archive: is missing", "Nothing was changed", "none: \"why\"");
    }

    @Test
    void anArchiveWhoseFolderIsNotThere() {
        site.write("bad.yaml", inventory(site.controlPlane().members()).replace("keys.cms", "absent/keys.cms"));

        assertRefused(2, "absent/keys.cms", "directory is not there");
    }

    @Test
    void aMemberThatTheInventoryLeavesOut() {
        site.write("bad.yaml", inventory(site.controlPlane().members().subList(0, 2)));

        if (site.controlPlane().identitiesAreSeparate()) {
            assertRefused(3, "cp3", "no member", "Nothing was changed");
        } else {
            assertRefused(3, "192.0.2.3", "Nothing was changed");
        }
    }

    @Test
    void aManifestThatCannotBeEdited() {
        ControlPlaneMember member = site.controlPlane().member("cp2");
        String good = Site.text(member.manifestPath());
        // Without its probe's port it is another pod for kubelet, but one that cannot be edited; hence only its reading
        // is hidden.
        Path elsewhere = folder.resolve("shell.yaml");
        site.write(
                "shell.yaml",
                good.replace(
                        "  - command:\n    - kube-apiserver\n",
                        "  - command:\n    - sh\n    - -c\n    - exec kube-apiserver\n"));
        site.write(
                "bad.yaml",
                inventory(site.controlPlane().members())
                        .replace(member.manifestPath().toString(), elsewhere.toString()));

        assertRefused(3, "cp2", "shell.yaml", "othing was changed");
    }

    @Test
    void aMemberWhoseApiServerIsDown() {
        ControlPlaneMember member = site.controlPlane().member("cp2");
        member.host().stopApiServer();
        try {
            site.write("bad.yaml", inventory(site.controlPlane().members()));
            RekeyJar impatient = new RekeyJar(folder, Site.FAST + ",restart=5s");

            RekeyJar.Result result = impatient.run("enable", "--yes", "--output", "json", "--inventory", "bad.yaml");

            assertRefused(result, 3, "cp2", "othing was changed");
        } finally {
            member.host().startApiServer();
            site.controlPlane().waitReady("cp2");
        }
    }

    private static String inventory(List<ControlPlaneMember> members) {
        return site.inventory(members);
    }

    private static void assertRefused(int status, String... parts) {
        assertRefused(site.run("enable", "--yes", "--output", "json", "--inventory", "bad.yaml"), status, parts);
    }

    private static void assertRefused(RekeyJar.Result result, int status, String... parts) {
        assertThat(result.status()).as(result::describe).isEqualTo(status);
        JsonObject error = result.json().getAsJsonObject("error");
        assertThat(error.get("message").getAsString()).contains(parts);
    }
}
