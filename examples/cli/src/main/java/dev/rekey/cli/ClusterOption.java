package dev.rekey.cli;

import dev.rekey.kubeone.KubeOneManifest;
import dev.rekey.kubeone.TerraformOutput;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Of every command that works on a cluster: which one, by an inventory or by what KubeOne is given. */
final class ClusterOption {
    @Option(
            names = "--inventory",
            paramLabel = "FILE",
            description = "the members of the control plane and how they are reached (YAML)")
    private @Nullable Path inventory;

    @ArgGroup(exclusive = false)
    private @Nullable KubeOne kubeOne;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    /** The files and what they do not say. */
    static final class KubeOne {
        @Option(
                names = "--manifest",
                paramLabel = "FILE",
                required = true,
                description = "instead of an inventory: the hosts that this KubeOneCluster names, over SSH")
        private String manifest = "";

        @Option(
                names = "--tfjson",
                paramLabel = "FILE",
                description = "with --manifest: the hosts in what terraform output -json prints; - for standard input")
        private @Nullable String terraform;

        @Option(
                names = "--known-hosts",
                paramLabel = "FILE",
                defaultValue = "~/.ssh/known_hosts",
                description =
                        "with --manifest: the keys of hosts whose key it does not name; without it ${DEFAULT-VALUE}")
        private Path knownHosts = Path.of("");

        @Option(
                names = "--kubeconfig",
                paramLabel = "FILE",
                description =
                        "with --manifest: an administrator's; without it that of a host, /etc/kubernetes/admin.conf")
        private @Nullable Path kubeconfig;

        @ArgGroup(multiplicity = "0..1")
        private @Nullable Archive archive;
    }

    /** One of the two. */
    static final class Archive {
        @ArgGroup(exclusive = false)
        private @Nullable Encrypted encrypted;

        @Option(
                names = "--no-archive",
                paramLabel = "WHY",
                description =
                        "with --manifest: keep keys nowhere, which makes backups unreadable with the members lost")
        private String reason = "";

        Inventory.Archive named() {
            return encrypted == null
                    ? new Inventory.None(reason)
                    : new Inventory.Encrypted(encrypted.certificate, encrypted.file);
        }
    }

    /** Both. */
    static final class Encrypted {
        @Option(
                names = "--archive",
                paramLabel = "FILE",
                required = true,
                description = "with --manifest: where each key is kept before it is used")
        private Path file = Path.of("");

        @Option(
                names = "--archive-certificate",
                paramLabel = "FILE",
                required = true,
                description = "with --archive: the certificate (PEM) that keys are encrypted to")
        private Path certificate = Path.of("");
    }

    /** For a command that makes no key, so that none need be kept. */
    Inventory read(Session session) {
        return read(session, new Inventory.None("no key is made"));
    }

    /** For a command that may make a key: it is said where keys are kept, or why nowhere. */
    Inventory readWithArchive(Session session) {
        return read(session, null);
    }

    private Inventory read(Session session, Inventory.@Nullable Archive otherwise) {
        if (inventory != null && kubeOne == null) {
            return InventoryReader.read(inventory);
        }
        if (inventory == null && kubeOne != null) {
            String terraform = Optional.ofNullable(kubeOne.terraform).orElse("");
            Input.requireOneFromStandardInput(spec, kubeOne.manifest, terraform, "--manifest and --tfjson");
            return read(session, kubeOne, otherwise);
        }
        throw new ParameterException(
                spec.commandLine(),
                (inventory == null ? "no cluster is named" : "a cluster is named twice")
                        + ": give --inventory FILE, or KubeOne's own --manifest FILE [--tfjson FILE]");
    }

    private static Inventory read(Session session, KubeOne given, Inventory.@Nullable Archive otherwise) {
        Input manifest = session.input(given.manifest);
        Optional<Input> terraform = Optional.ofNullable(given.terraform).map(session::input);
        Inventory.Archive archive = given.archive == null ? otherwise : given.archive.named();
        if (archive == null) {
            throw manifest.invalid(
                    "a KubeOne manifest does not say where keys are kept",
                    "Say --archive keys.cms --archive-certificate backup.pem, or --no-archive WHY");
        }
        KubeOneInventory hosts =
                new KubeOneInventory(KubeOneInventory.ofThisUser(given.knownHosts), given.kubeconfig, archive);
        KubeOneManifest cluster = manifest.parsed(KubeOneManifest::parse);
        Optional<TerraformOutput> output = terraform.map(input -> input.parsed(TerraformOutput::parse));
        boolean named = output.isPresent() && !output.get().hosts().isEmpty();
        Input naming = named ? terraform.orElseThrow() : manifest;
        return naming.checked(() -> hosts.of(cluster, output));
    }
}
