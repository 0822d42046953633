package dev.rekey.cli;

import dev.rekey.config.ConfigurationText;
import dev.rekey.manifest.EncryptionSettings;
import dev.rekey.manifest.NodeLayout;
import dev.rekey.manifest.NodePath;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The encryption configuration that an apiserver is to read: where it is on the host, and which sockets it needs. */
final class WantedConfiguration {
    @Option(
            names = "--configuration",
            paramLabel = "FILE",
            description = {
                "the encryption configuration: the sockets of its KMS plugins are what is mounted for it",
                "an absolute path is also where it is on the apiserver's host, and need not be there on this machine;"
                        + " otherwise that is /etc/kubernetes/encryption-providers/encryption-providers.yaml"
            })
    private String file = "";

    /** As it was given; empty where it was not. */
    String file() {
        return file;
    }

    /** Whether it is on the apiserver's host only. */
    boolean isElsewhere() {
        return file.startsWith("/") && !Files.exists(Input.path(file));
    }

    /** The usual layout, or that of the file. */
    NodeLayout layout() {
        NodeLayout usual = NodeLayout.DEFAULT;
        if (!file.startsWith("/")) {
            return usual;
        }
        Input.path(file); // has the better advice for a name that the locale lacks
        return Input.of(file, () -> {
            NodePath path = NodePath.of(file);
            return new NodeLayout(
                    usual.manifest(),
                    path.parent(),
                    path.name(),
                    usual.customFile(),
                    usual.stateDirectory(),
                    usual.volumeName());
        });
    }

    /** What an apiserver is told to read it, without KMS sockets. */
    EncryptionSettings settings() {
        NodeLayout layout = layout();
        return Input.of(file, () -> EncryptionSettings.of(layout, layout.managedPath()));
    }

    /** Where the apiserver's host has it. */
    NodePath path() {
        return layout().managedPath();
    }

    /** Reads it. Of its KMS plugins, abstract ones left out; empty where it is not to be read here. */
    Optional<List<NodePath>> sockets(Session session) {
        if (file.isEmpty() || isElsewhere()) {
            return Optional.empty();
        }
        Input input = session.input(file);
        List<String> sockets = input.checked(() -> ConfigurationText.parse(input.bytes()))
                .configuration()
                .kmsSockets();
        return Optional.of(sockets.stream()
                .filter(socket -> socket.startsWith("/"))
                .map(socket -> input.checked(() -> NodePath.of(socket)))
                .toList());
    }
}
