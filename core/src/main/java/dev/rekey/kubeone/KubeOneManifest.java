package dev.rekey.kubeone;

import dev.rekey.InvalidInputException;
import dev.rekey.lifecycle.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A KubeOneCluster, as KubeOne 1.3 and later read it (API {@code v1beta1} to {@code v1beta3}). What it does not say changes nothing;
 * fields that do not concern encryption or hosts are not looked at.
 */
public final class KubeOneManifest {
    /** The group was renamed with v1beta2. */
    private static final List<String> API_VERSIONS =
            List.of("kubeone.io/v1beta1", "kubeone.k8c.io/v1beta2", "kubeone.k8c.io/v1beta3");

    private final String clusterName;
    private final String kubernetesVersion;
    private final Optional<Boolean> enabled;
    private final String customConfiguration;
    private final List<KubeOneHost> hosts;

    private KubeOneManifest(
            String clusterName,
            String kubernetesVersion,
            Optional<Boolean> enabled,
            String customConfiguration,
            List<KubeOneHost> hosts) {
        this.clusterName = clusterName;
        this.kubernetesVersion = kubernetesVersion;
        this.enabled = enabled;
        this.customConfiguration = customConfiguration;
        this.hosts = List.copyOf(hosts);
    }

    /** Reads the text; an {@link InvalidInputException} names line, column and field, and quotes nothing. */
    public static KubeOneManifest parse(String yaml) {
        Section root = Section.of("the KubeOne manifest", yaml);
        if (!root.text("kind").equals("KubeOneCluster")) {
            throw root.mistake("kind", "this is no KubeOneCluster; give the manifest that kubeone apply takes");
        }
        if (!API_VERSIONS.contains(root.text("apiVersion"))) {
            throw root.mistake("apiVersion", "this version is not known; known are " + String.join(", ", API_VERSIONS));
        }
        Section encryption = root.section("features").section("encryptionProviders");
        return new KubeOneManifest(
                root.text("name"),
                root.section("versions").text("kubernetes").replaceFirst("^v", ""),
                encryption.flag("enable"),
                encryption.verbatim("customEncryptionConfiguration"),
                hosts(root.section("controlPlane")));
    }

    /** The cluster's name; empty where Terraform names it. */
    public String clusterName() {
        return clusterName;
    }

    /** As in {@code 1.36.3}; empty where it is not said. */
    public String kubernetesVersion() {
        return kubernetesVersion;
    }

    /**
     * Enable or disable, as {@code features.encryptionProviders.enable} says; nothing where that field is not there, and
     * nothing where the configuration is custom, see {@link #exposeCustomConfiguration}.
     */
    public Optional<Change> change() {
        if (isCustom()) {
            return Optional.empty();
        }
        return enabled.map(enable -> enable ? Change.enable() : Change.disable());
    }

    /**
     * The custom configuration that is to be used, byte for byte as KubeOne would push it, with the keys in it. Empty where there is
     * none, or where the feature is not enabled.
     */
    public Optional<String> exposeCustomConfiguration() {
        return isCustom() ? Optional.of(customConfiguration) : Optional.empty();
    }

    /** The control plane's hosts, static workers are none; empty where Terraform names them. */
    public List<KubeOneHost> hosts() {
        return hosts;
    }

    /** Terraform's hosts where it names any, as KubeOne does, else this manifest's. */
    public List<KubeOneHost> hosts(TerraformOutput terraform) {
        return terraform.hosts().isEmpty() ? hosts : terraform.hosts();
    }

    @Override
    public String toString() {
        return "KubeOneManifest[" + clusterName + ", " + hosts.size() + " hosts]";
    }

    private boolean isCustom() {
        return enabled.orElse(false) && !customConfiguration.isEmpty();
    }

    private static List<KubeOneHost> hosts(Section controlPlane) {
        if (!controlPlane.sections("nodeSets").isEmpty()) {
            throw controlPlane.mistake(
                    "nodeSets", "hosts that KubeOne creates are not named here; write an inventory with every member");
        }
        List<KubeOneHost> hosts = new ArrayList<>();
        for (Section host : controlPlane.sections("hosts")) {
            hosts.add(new HostFields(
                            host.text("hostname"),
                            host.text("publicAddress"),
                            host.text("privateAddress"),
                            host.text("sshUsername"),
                            host.port("sshPort"),
                            host.text("sshPrivateKeyFile"),
                            host.text("sshCertFile"),
                            host.text("sshAgentSocket"),
                            host.text("sshHostPublicKey"),
                            host.text("bastion"),
                            host.port("bastionPort"),
                            host.text("bastionUser"),
                            host.text("bastionPrivateKeyFile"),
                            host.text("bastionHostPublicKey"))
                    .host()
                    .orElseThrow(() -> host.mistake("", "a host needs a publicAddress or a privateAddress")));
        }
        return hosts;
    }
}
