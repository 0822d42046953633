package dev.rekey.cli;

import dev.rekey.config.ManagedSettings;
import dev.rekey.manifest.NodeLayout;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The control plane that a command works on, as the inventory describes it.
 *
 * @param cluster its name for people; empty where it has none
 * @param kubeconfig null where the one that kubeadm leaves on a member is taken
 * @param settings what is named of them; the rest is as it is on the members
 * @param layout of all members; kubeadm's ClusterConfiguration takes it too
 */
record Inventory(
        String cluster,
        @Nullable Path kubeconfig,
        Archive archive,
        ManagedSettings settings,
        NodeLayout layout,
        List<Member> members) {
    Inventory {
        members = List.copyOf(members);
    }

    /** Where keys are kept. */
    sealed interface Archive {}

    /** Encrypted to the certificate, in the file. */
    record Encrypted(Path certificate, Path file) implements Archive {}

    /** Nowhere. */
    record None(String reason) implements Archive {}

    /**
     * A member.
     *
     * @param apiServer its own apiserver; null where that is asked through the SSH tunnel, at the address in its manifest
     * @param tlsServerName the name that its certificate is checked for; empty for the usual one
     * @param ssh the way to its host; null where that is this very machine
     * @param layout its own, or the common one
     */
    record Member(
            String name,
            @Nullable URI apiServer,
            String tlsServerName,
            @Nullable Ssh ssh,
            NodeLayout layout) {}

    /**
     * The way to a host.
     *
     * @param privateKey null where the agent is asked
     * @param agentSocket null for that of {@code SSH_AUTH_SOCK}
     * @param knownHosts null where {@code hostKey} is given, which is else empty
     * @param jump null where the host is reached directly
     */
    record Ssh(
            String host,
            int port,
            String user,
            @Nullable Path privateKey,
            @Nullable Path agentSocket,
            @Nullable Path knownHosts,
            String hostKey,
            @Nullable Ssh jump) {

        /** Equal where two ways lead to one host, whoever logs in. */
        String place() {
            return host.toLowerCase(Locale.ROOT) + ":" + port + (jump == null ? "" : " through " + jump.place());
        }
    }
}
