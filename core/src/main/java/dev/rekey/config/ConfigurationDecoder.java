package dev.rekey.config;

import dev.rekey.config.Tree.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** From values to the configuration, as strictly as the server; a value that is null counts as absent, as it does there. */
final class ConfigurationDecoder {
    private final Findings findings;
    private final Fields fields;
    private final ProviderDecoder providers;
    private boolean complete = true;

    ConfigurationDecoder(Findings findings) {
        this.findings = findings;
        this.fields = new Fields(findings);
        this.providers = new ProviderDecoder(findings, fields);
    }

    Optional<EncryptionConfiguration> decode(Tree root) {
        findings.place("", root.at());
        if (!(root instanceof Obj map)) {
            findings.add(
                    Code.WRONG_TYPE,
                    "",
                    "the file is " + root.kind() + " and must be a map with apiVersion, kind and resources");
            return Optional.empty();
        }
        fields.onlyKnown(map, "", Set.of("apiVersion", "kind", "resources"));
        kind(fields.string(map, "apiVersion", ""), fields.string(map, "kind", ""));
        List<Entry> entries = new ArrayList<>();
        List<Tree> items = fields.list(map, "resources", "");
        for (int i = 0; i < items.size(); i++) {
            entries.add(entry(items.get(i), "resources[" + i + "]"));
        }
        return complete ? Optional.of(new EncryptionConfiguration(entries)) : Optional.empty();
    }

    private void kind(String apiVersion, String kind) {
        boolean current = apiVersion.equals("apiserver.config.k8s.io/v1") && kind.equals("EncryptionConfiguration");
        boolean legacy = apiVersion.equals("v1") && kind.equals("EncryptionConfig");
        String wanted = "apiVersion: apiserver.config.k8s.io/v1 and kind: EncryptionConfiguration";
        if (legacy) {
            findings.add(
                    Code.LEGACY_KIND,
                    "kind",
                    "the kind is the one of before 1.13, which servers still read; better is " + wanted);
        } else if (!current) {
            findings.add(
                    Code.WRONG_KIND,
                    kind.isEmpty() || !apiVersion.isEmpty() ? "kind" : "apiVersion",
                    "apiVersion or kind is missing or another one; the server reads only " + wanted);
        }
    }

    private Entry entry(Tree tree, String path) {
        findings.place(path, tree.at());
        Optional<Obj> map = fields.map(tree, path);
        if (map.isEmpty()) {
            return new Entry(List.of(), List.of());
        }
        fields.onlyKnown(map.get(), path, Set.of("resources", "providers"));
        List<String> resources = new ArrayList<>();
        List<Tree> names = fields.list(map.get(), "resources", path);
        for (int i = 0; i < names.size(); i++) {
            resources.add(fields.string(names.get(i), path + ".resources[" + i + "]"));
        }
        List<Provider> decoded = new ArrayList<>();
        List<Tree> items = fields.list(map.get(), "providers", path);
        for (int i = 0; i < items.size(); i++) {
            Optional<Provider> provider = providers.decode(items.get(i), path + ".providers[" + i + "]");
            provider.ifPresent(decoded::add);
            // One that is missing would shift those after it, and findings would name the wrong ones.
            complete &= provider.isPresent();
        }
        return new Entry(resources, decoded);
    }
}
