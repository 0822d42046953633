package dev.rekey.cli;

import dev.rekey.config.ManagedSettings;
import dev.rekey.manifest.NodeLayout;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * The control plane that a command works on, as the inventory describes it.
 *
 * @param cluster its name for people; empty where it has none
 * @param settings what is named of them; the rest is as it is on the members
 * @param layout of all members; kubeadm's ClusterConfiguration takes it too
 */
record Inventory(
        String cluster,
        Path kubeconfig,
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
     * A member on this very machine.
     *
     * @param tlsServerName the name that its certificate is checked for; empty for the host of {@code apiServer}
     * @param layout its own, or the common one
     */
    record Member(String name, URI apiServer, String tlsServerName, NodeLayout layout) {}
}
