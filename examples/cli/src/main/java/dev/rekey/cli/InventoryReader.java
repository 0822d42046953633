package dev.rekey.cli;

import dev.rekey.InvalidInputException;
import dev.rekey.config.ManagedSettings;
import dev.rekey.manifest.NodeLayout;
import dev.rekey.manifest.NodePath;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads an inventory strictly: a misspelt field that is left out silently could leave a member out. */
final class InventoryReader {
    private static final int MAX_BYTES = 1 << 20;
    private static final List<String> TOP = List.of(
            "cluster",
            "kubeconfig",
            "archive",
            "keyPrefix",
            "previousKeysKept",
            "provider",
            "resources",
            "layout",
            "nodes");
    private static final List<String> LAYOUT =
            List.of("manifest", "configurationDirectory", "managedFile", "customFile", "stateDirectory", "volumeName");
    private static final List<String> NODE = List.of("name", "apiServer", "tlsServerName", "local", "ssh", "layout");
    private static final String ARCHIVE =
            "archive: {certificate: backup.pem, file: keys.cms}, so that every key is kept"
                    + " encrypted to that certificate before it is used, or archive: {none: \"why\"}";

    private final Source source;

    private InventoryReader(Source source) {
        this.source = source;
    }

    /** An {@link InvalidInputException} with file, line and field for whatever is wrong. */
    static Inventory read(Path file) {
        InventoryReader reader = new InventoryReader(new Source(file));
        return reader.inventory(reader.parse(reader.load()));
    }

    private String load() {
        try (InputStream in = Files.newInputStream(source.file())) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw source.mistake(0, "", "the inventory is longer than 1 MiB", "Give the right file");
            }
            return Utf8.decoded(bytes)
                    .orElseThrow(() -> source.mistake(0, "", "the inventory " + Utf8.found(bytes), Utf8.advice(bytes)));
        } catch (NoSuchFileException e) {
            throw source.mistake(0, "", "there is no such inventory", "Give its path with --inventory");
        } catch (IOException e) {
            throw source.mistake(
                    0,
                    "",
                    "the inventory cannot be read (" + e.getClass().getSimpleName() + ")",
                    "See to it that this user may read it");
        }
    }

    private Node parse(String text) {
        LoadSettings settings = LoadSettings.builder()
                .setCodePointLimit(MAX_BYTES)
                .setLabel("inventory")
                .build();
        Optional<Node> root;
        try {
            root = new Compose(settings).composeString(text);
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(Mark::getLine).orElse(-1) + 1;
            throw source.mistake(
                    line, "", "this is no valid YAML, or a second document", "Mend the line, or the one above");
        } catch (RuntimeException | StackOverflowError e) {
            // The engine's scanner falls over some texts with exceptions that are not its own.
            throw source.mistake(0, "", "this is no valid YAML, or nested too deeply", "Mend it");
        }
        return root.orElseThrow(() -> source.mistake(0, "", "the inventory is empty", "Write one"));
    }

    private Inventory inventory(Node root) {
        Fields top = Fields.of(source, "", root, TOP);
        NodeLayout layout = layout(top.mapping("layout", LAYOUT), NodeLayout.DEFAULT);
        List<Inventory.Member> members = members(top, layout);
        return new Inventory(
                top.optionalText("cluster", "the cluster's name").orElse(""),
                kubeconfig(top, members),
                archive(top),
                settings(top),
                layout,
                members);
    }

    private @Nullable Path kubeconfig(Fields top, List<Inventory.Member> members) {
        String what = "the path of a kubeconfig with the rights of an administrator";
        Optional<Path> given = top.optional("kubeconfig", what, source::resolve);
        if (given.isEmpty() && members.stream().allMatch(member -> member.ssh() == null)) {
            throw top.missing("kubeconfig", what);
        }
        return given.orElse(null);
    }

    private Inventory.Archive archive(Fields top) {
        Fields archive = top.mapping("archive", List.of("certificate", "file", "none"))
                .orElseThrow(() -> top.missing("archive", ARCHIVE));
        if (archive.has("none")) {
            if (archive.has("certificate") || archive.has("file")) {
                throw archive.mistake("none", "stands beside a certificate or a file", "Give " + ARCHIVE);
            }
            return new Inventory.None(archive.text("none", "the reason, in words"));
        }
        return new Inventory.Encrypted(path(archive, "certificate"), path(archive, "file"));
    }

    private Path path(Fields archive, String name) {
        return archive.optional(name, ARCHIVE, source::resolve).orElseThrow(() -> archive.missing(name, ARCHIVE));
    }

    private ManagedSettings settings(Fields top) {
        ManagedSettings settings = ManagedSettings.DEFAULT;
        ManagedSettings withPrefix = top.optional(
                        "keyPrefix", "the beginning of new keys' names", settings::withKeyPrefix)
                .orElse(settings);
        ManagedSettings withProvider = top.optional(
                        "provider", "aescbc, aesgcm or secretbox", withPrefix::withProviderType)
                .orElse(withPrefix);
        ManagedSettings withKept = top.optionalNumber("previousKeysKept", "a number from 0 to 10")
                .map(count -> source.checked(
                        top.lineOf("previousKeysKept"),
                        "previousKeysKept",
                        () -> withProvider.withPreviousKeysKept(count)))
                .orElse(withProvider);
        return top.optionalTexts("resources", "a list of resources, as [secrets]")
                .map(withKept::withResources)
                .orElse(withKept);
    }

    private static NodeLayout layout(Optional<Fields> given, NodeLayout common) {
        return given.map(fields -> new NodeLayout(
                        path(fields, "manifest", common.manifest()),
                        path(fields, "configurationDirectory", common.configurationDirectory()),
                        name(fields, "managedFile", common.managedFile()),
                        name(fields, "customFile", common.customFile()),
                        path(fields, "stateDirectory", common.stateDirectory()),
                        fields.optionalText("volumeName", "the name of a volume")
                                .orElse(common.volumeName())))
                .orElse(common);
    }

    private static NodePath path(Fields fields, String name, NodePath otherwise) {
        return fields.optional(name, "an absolute path on the member", NodePath::of)
                .orElse(otherwise);
    }

    private static String name(Fields fields, String name, String otherwise) {
        return fields.optional(name, "the name of a file in configurationDirectory", text -> NodePath.of("/" + text))
                .map(path -> path.value().substring(1))
                .map(text -> {
                    if (text.contains("/") || text.startsWith(".")) {
                        throw fields.mistake(name, "is a path or a hidden file", "Give a file's name alone");
                    }
                    return text;
                })
                .orElse(otherwise);
    }

    private List<Inventory.Member> members(Fields top, NodeLayout common) {
        List<Fields> nodes = top.mappings("nodes", "a list with every member of the control plane", NODE);
        List<Inventory.Member> members = new ArrayList<>();
        for (Fields node : nodes) {
            members.add(member(node, common));
        }
        requireDistinct(nodes, members, "name", Inventory.Member::name);
        requireDistinct(nodes, members, "apiServer", Inventory.Member::apiServer);
        requireDistinct(nodes, members, "layout", member -> at(member, NodeLayout::manifest));
        requireDistinct(nodes, members, "layout", member -> at(member, NodeLayout::configurationDirectory));
        requireDistinct(nodes, members, "layout", member -> at(member, NodeLayout::stateDirectory));
        return members;
    }

    /** A path on a host: two hosts may have the same ones. */
    private static List<Object> at(Inventory.Member member, Function<NodeLayout, NodePath> path) {
        return List.of(member.ssh() == null ? "this machine" : member.ssh().place(), path.apply(member.layout()));
    }

    private Inventory.Member member(Fields node, NodeLayout common) {
        String name = node.text("name", "the member's name");
        Inventory.Ssh ssh = new SshFields(source).of(node).orElse(null);
        boolean local = node.isTrue("local", "local: true, or leave it out");
        if (local && ssh != null) {
            throw node.mistake("local", "stands beside ssh", "Give one of the two");
        }
        if (!local && ssh == null) {
            throw node.missing(
                    "ssh",
                    "ssh: {host: 10.0.0.1, user: root, privateKey: id, knownHosts: known_hosts}, or"
                            + " local: true, which says that the member is this very machine");
        }
        return new Inventory.Member(
                name,
                ssh != null && !node.has("apiServer") ? null : apiServer(node),
                node.optionalText("tlsServerName", "a name in the apiserver's certificate")
                        .orElse(""),
                ssh,
                layout(node.mapping("layout", LAYOUT), common));
    }

    private static URI apiServer(Fields node) {
        String text = node.text(
                "apiServer", "the address of this member's own apiserver and no balancer's, as https://10.0.0.1:6443");
        try {
            URI address = URI.create(text);
            if ("https".equals(address.getScheme())
                    && address.getHost() != null
                    && address.getRawUserInfo() == null
                    && address.getRawPath().matches("/?")
                    && address.getRawQuery() == null
                    && address.getRawFragment() == null) {
                return URI.create("https://" + address.getRawAuthority());
            }
        } catch (IllegalArgumentException e) {
            throw noAddress(node);
        }
        throw noAddress(node);
    }

    private static InvalidInputException noAddress(Fields node) {
        return node.mistake("apiServer", "is no address of an apiserver", "Write https://host:port and nothing else");
    }

    /** Two members that share a file or an apiserver are one member, and would prove each other. */
    private static void requireDistinct(
            List<Fields> nodes,
            List<Inventory.Member> members,
            String field,
            Function<Inventory.Member, @Nullable Object> value) {
        Map<Object, String> seen = new HashMap<>();
        for (int i = 0; i < members.size(); i++) {
            Inventory.Member member = members.get(i);
            Object key = value.apply(member);
            String before = key == null ? null : seen.putIfAbsent(key, member.name());
            if (before != null) {
                throw nodes.get(i)
                        .mistake(
                                field,
                                field.equals("name")
                                        ? "is the name of another member too"
                                        : "leads to the same place as that of " + before,
                                "Give each member its own");
            }
        }
    }
}
