package dev.rekey.cli;

import dev.rekey.manifest.Encryption;
import dev.rekey.manifest.NodePath;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;

/** Says what a text tells an apiserver about encryption, and changes nothing. */
@Command(
        name = "show",
        description = "Says which encryption configuration an apiserver would read, and what is mounted for it.",
        footer = {
            "",
            "As JSON: configurationPath (in the container), hostPath, automaticReload, kmsSockets (what is mounted for"
                    + " KMS plugins; with --configuration, which of its sockets can be reached); null where none."
        })
final class ShowCommand extends ToldCommand {
    ShowCommand(Session session, Told.Kind kind) {
        super(session, kind);
    }

    @Override
    void run(Input input, Told told) {
        Optional<Encryption> encryption = told.encryption();
        List<NodePath> sockets = configuration()
                .sockets(session())
                .map(wanted -> wanted.stream().filter(told::covers).toList())
                .orElseGet(told::kmsMounts);
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(
                "configurationPath",
                encryption.map(Encryption::configurationPath).orElse(null));
        map.put(
                "hostPath",
                encryption.flatMap(Encryption::hostPath).map(NodePath::value).orElse(null));
        map.put("automaticReload", encryption.map(Encryption::automaticReload).orElse(null));
        map.put(
                "kmsSockets",
                sockets.isEmpty() ? null : sockets.stream().map(NodePath::value).toList());
        session().output().result(describe(encryption, sockets), map);
    }

    private static String describe(Optional<Encryption> encryption, List<NodePath> sockets) {
        String mounts = sockets.isEmpty()
                ? ""
                : System.lineSeparator() + "for KMS:          "
                        + String.join(
                                ", ", sockets.stream().map(NodePath::value).toList());
        if (encryption.isEmpty()) {
            return "no encryption configuration: everything is written plain" + mounts;
        }
        Encryption told = encryption.get();
        String host = told.hostPath().map(NodePath::value).orElse("no place of the host");
        return String.join(
                        System.lineSeparator(),
                        "configuration:    " + told.configurationPath(),
                        "on the host:      " + host + (told.mountedAsFile() ? " (mounted alone: never reloaded)" : ""),
                        "automatic reload: " + (told.automaticReload() ? "yes" : "no"))
                + mounts;
    }
}
