package dev.rekey.cli;

import dev.rekey.InvalidInputException;
import dev.rekey.config.ManagedSettings;
import dev.rekey.kubeone.KubeOneHost;
import dev.rekey.kubeone.KubeOneManifest;
import dev.rekey.kubeone.SshAccess;
import dev.rekey.kubeone.TerraformOutput;
import dev.rekey.manifest.NodeLayout;
import dev.rekey.ssh.SshTransport;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An inventory out of KubeOne's own files: its hosts over SSH, their apiservers through the tunnels. KubeOne checks host keys only where
 * they are named; here all others must be known.
 *
 * @param knownHosts for hosts whose key is not named
 * @param kubeconfig null for that of a host
 */
record KubeOneInventory(Path knownHosts, @Nullable Path kubeconfig, Inventory.Archive archive) {
    private static final String FROM_ENVIRONMENT = "env:";
    private static final String USUAL_AGENT = "env:SSH_AUTH_SOCK";

    /** As KubeOne takes it: of this directory, or with {@code ~} of this user's. */
    static Path ofThisUser(Path path) {
        return path.startsWith("~")
                ? Path.of(System.getProperty("user.home")).resolve(Path.of("~").relativize(path))
                : path;
    }

    private static Path path(String text, String what) {
        try {
            return ofThisUser(LocalPath.of(text));
        } catch (InvalidInputException e) {
            throw new InvalidInputException("the path of its " + what + " " + e.getMessage());
        }
    }

    /** An {@link InvalidInputException} where not every host can be told and reached. */
    Inventory of(KubeOneManifest manifest, Optional<TerraformOutput> terraform) {
        List<KubeOneHost> hosts = terraform.map(manifest::hosts).orElseGet(manifest::hosts);
        if (hosts.isEmpty()) {
            throw mistake(
                    "it names no hosts of the control plane",
                    "Give what terraform output -json prints with --tfjson, or write an inventory");
        }
        List<Inventory.Member> members = hosts.stream().map(this::member).toList();
        requireDistinct(members);
        return new Inventory(
                manifest.clusterName(), kubeconfig, archive, ManagedSettings.DEFAULT, NodeLayout.DEFAULT, members);
    }

    private Inventory.Member member(KubeOneHost host) {
        try {
            Inventory.Ssh jump =
                    host.bastion().map(bastion -> ssh(bastion, null)).orElse(null);
            return new Inventory.Member(host.name(), null, "", ssh(host.ssh(), jump), NodeLayout.DEFAULT);
        } catch (InvalidInputException e) {
            throw new InvalidInputException("host " + host.name() + ": " + e.getMessage());
        }
    }

    private Inventory.Ssh ssh(SshAccess access, Inventory.@Nullable Ssh jump) {
        SshTransport.to(access.host()).user(access.user());
        boolean beside = access.certificateFile().equals(access.privateKeyFile() + "-cert.pub");
        if (!access.certificateFile().isEmpty() && !beside) {
            throw mistake(
                    "its certificate does not stand beside its private key",
                    "Name it as that key with -cert.pub behind, here and on disk");
        }
        boolean hasKey = !access.privateKeyFile().isEmpty();
        return new Inventory.Ssh(
                access.host(),
                access.port(),
                access.user(),
                hasKey ? path(access.privateKeyFile(), "private key") : null,
                hasKey ? null : agent(access),
                access.hostKey().isEmpty() ? knownHosts : null,
                access.hostKey().isEmpty() ? "" : fingerprint(access),
                jump);
    }

    private static @Nullable Path agent(SshAccess access) {
        String socket = access.agentSocket();
        if (socket.equals(USUAL_AGENT)) {
            return null;
        }
        if (!socket.startsWith(FROM_ENVIRONMENT)) {
            return path(socket, "agent");
        }
        String said = System.getenv(socket.substring(FROM_ENVIRONMENT.length()));
        if (said == null || said.isEmpty()) {
            throw mistake("its agent is where an environment variable says, and that is not set", "Set it");
        }
        return path(said, "agent");
    }

    private static String fingerprint(SshAccess access) {
        try {
            byte[] key = Base64.getDecoder().decode(access.hostKey());
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key);
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(hash);
        } catch (IllegalArgumentException e) {
            throw mistake("its host key is no base64", "Give the second field of its line in known_hosts");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Two that are one would prove each other. */
    private static void requireDistinct(List<Inventory.Member> members) {
        Set<String> seen = new HashSet<>();
        for (Inventory.Member member : members) {
            Inventory.Ssh ssh = member.ssh();
            boolean other = seen.add("name " + member.name()) && (ssh == null || seen.add("place " + ssh.place()));
            if (!other) {
                throw mistake("host " + member.name() + " stands there twice", "Give each its own name and address");
            }
        }
    }

    private static InvalidInputException mistake(String found, String advice) {
        return new InvalidInputException(found + ". Nothing was changed. " + advice);
    }
}
