package dev.rekey.cli;

import dev.rekey.InvalidInputException;
import dev.rekey.k8s.KubernetesAccess;
import dev.rekey.lifecycle.EncryptionLifecycle;
import dev.rekey.lifecycle.Timing;
import dev.rekey.spi.KeyArchive;
import dev.rekey.spi.LocalTransport;
import dev.rekey.spi.NodeTransport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Over this machine's files and the members' own apiservers. */
final class KubernetesConnector implements Connector {
    @Override
    public Connection connect(Inventory inventory, Timing timing) {
        KeyArchive archive = archive(inventory.archive());
        KubernetesAccess kubernetes = KubernetesAccess.fromKubeconfig(inventory.kubeconfig());
        Map<String, NodeTransport> transports = new TreeMap<>();
        for (Inventory.Member member : inventory.members()) {
            transports.put(member.name(), new LocalTransport());
            if (member.tlsServerName().isEmpty()) {
                kubernetes.member(member.name(), member.apiServer());
            } else {
                kubernetes.member(member.name(), member.apiServer(), member.tlsServerName());
            }
        }
        EncryptionLifecycle.Builder builder = EncryptionLifecycle.on(transports, kubernetes.access(), archive)
                .layout(inventory.layout())
                .timing(timing);
        inventory.members().forEach(member -> builder.layout(member.name(), member.layout()));
        return new Connection(builder.build(), kubernetes::close);
    }

    private static KeyArchive archive(Inventory.Archive archive) {
        if (archive instanceof Inventory.Encrypted encrypted) {
            requireDirectory(encrypted.file());
            return KeyArchive.encryptedTo(KeyArchive.certificate(encrypted.certificate()), encrypted.file());
        }
        if (archive instanceof Inventory.None none) {
            return KeyArchive.none(none.reason());
        }
        throw new IllegalStateException("no such archive: " + archive.getClass());
    }

    /** Found out now, and not when the first key is to be kept. */
    private static void requireDirectory(Path file) {
        if (file.getParent() == null || !Files.isDirectory(file.getParent())) {
            throw new InvalidInputException(
                    "the archive " + file
                            + ": its directory is not there. Nothing was changed. Make it, or give another file in the inventory");
        }
    }
}
