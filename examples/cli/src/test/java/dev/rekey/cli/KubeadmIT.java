package dev.rekey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.rekey.controlplane.KubernetesApi;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** kubeadm's ClusterConfiguration says what the manifests say, or the next upgrade would drop the flag. */
class KubeadmIT {
    private static final String CONFIG_MAPS = "/api/v1/namespaces/kube-system/configmaps";
    private static final String V1BETA4 = """
            apiServer:
              extraArgs:
              - name: authorization-mode
                value: Node,RBAC   # as it came
            apiVersion: kubeadm.k8s.io/v1beta4
            clusterName: kubernetes
            kind: ClusterConfiguration
            kubernetesVersion: v1.36.3
            """;
    private static final String V1BETA3 = """
            apiServer:
              extraArgs:
                authorization-mode: Node,RBAC
              timeoutForControlPlane: 4m0s
            apiVersion: kubeadm.k8s.io/v1beta3
            kind: ClusterConfiguration
            kubernetesVersion: v1.36.3
            """;

    @TempDir
    private static Path folder;

    @AutoClose
    private static Site site;

    @BeforeAll
    static void start() {
        site = Site.of(1, folder);
        site.createSecrets(5);
    }

    @AfterEach
    void removeClusterConfiguration() {
        api().send("DELETE", CONFIG_MAPS + "/kubeadm-config", "", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {V1BETA4, V1BETA3})
    void clusterConfiguration_getsTheFlagsWithTheMembers_andLosesThemWithTheMembers(String text) {
        create(text);

        site.succeed("enable", "--yes");

        assertThat(clusterConfiguration())
                .isNotEqualTo(text)
                .contains(
                        "encryption-provider-config",
                        "encryption-provider-config-automatic-reload",
                        "hostPath: /etc/kubernetes/encryption-providers");
        assertThat(site.succeed("plan", "enable", "--output", "json").json().getAsJsonArray("steps"))
                .isEmpty();

        site.succeed("disable", "--yes");

        assertThat(clusterConfiguration()).isEqualTo(text);
        site.assertNothingLeft();
    }

    @Test
    void aClusterConfigurationThatCannotBeEdited_isRefusedBeforeAnyChange() {
        create(V1BETA4.replace("extraArgs:\n", "extraArgs: &args\n")
                .replace("clusterName: kubernetes", "clusterName: *args"));
        Map<String, String> times = site.times();

        RekeyJar.Result result = site.run("enable", "--yes", "--output", "json");

        assertThat(result.status()).as(result::describe).isEqualTo(3);
        assertThat(result.json().getAsJsonObject("error").get("message").getAsString())
                .contains("ClusterConfiguration", "othing was changed");
        assertThat(site.times()).isEqualTo(times);
    }

    private static void create(String text) {
        JsonObject data = new JsonObject();
        data.addProperty("ClusterConfiguration", text);
        JsonObject metadata = new JsonObject();
        metadata.addProperty("name", "kubeadm-config");
        JsonObject configMap = new JsonObject();
        configMap.addProperty("apiVersion", "v1");
        configMap.addProperty("kind", "ConfigMap");
        configMap.add("metadata", metadata);
        configMap.add("data", data);
        api().create(CONFIG_MAPS, configMap.toString());
    }

    private static String clusterConfiguration() {
        return JsonParser.parseString(api().get(CONFIG_MAPS + "/kubeadm-config").body())
                .getAsJsonObject()
                .getAsJsonObject("data")
                .get("ClusterConfiguration")
                .getAsString();
    }

    private static KubernetesApi api() {
        return site.controlPlane().member("cp1").api();
    }
}
