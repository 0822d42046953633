package dev.rekey.lifecycle;

import dev.rekey.config.KeyRef;
import dev.rekey.config.Rendered;
import dev.rekey.internal.YamlNode;
import dev.rekey.internal.YamlSyntaxException;
import dev.rekey.internal.YamlText;
import dev.rekey.spi.ClusterFacts;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The record, on every member, that everything was rewritten: what makes "settled" more than a guess. Holds no key.
 *
 * @param cluster UID of the namespace kube-system
 * @param revision of etcd, right after the rewrite: a lower one later means that etcd was restored
 * @param writers by rule, see {@link #writer}
 * @param hashes of the configuration files that this holds for; {@link #NONE} for an apiserver without one
 * @param targets those of them that the run was on its way to: with one of these on every member it was done
 */
record Mark(String cluster, long revision, Map<String, String> writers, Set<String> hashes, Set<String> targets) {
    /** In {@code hashes} and {@code targets}: no configuration. */
    static final String NONE = "none";

    private static final String HEAD = """
            # Written by Rekey after it had proved that every object is stored under these writers.
            # Remove it only together with a rewrite: a wrong one may cost a key that is still needed.
            """;

    Mark {
        writers = Map.copyOf(writers);
        hashes = Set.copyOf(hashes);
        targets = Set.copyOf(targets);
    }

    /** Whole, whatever people are shown of a name: two writers never look the same. */
    static String writer(KeyRef ref) {
        return ref.name().isEmpty() ? ref.type() : ref.type() + " key " + ref.name();
    }

    /** Equal marks give equal bytes. */
    Rendered render() {
        StringBuilder text = new StringBuilder(HEAD);
        text.append("cluster: '")
                .append(cluster)
                .append("'\nrevision: '")
                .append(revision)
                .append("'\nwriters:\n");
        new TreeMap<>(writers)
                .forEach((rule, writer) -> text.append("  ")
                        .append(quoted(rule))
                        .append(": ")
                        .append(quoted(writer))
                        .append('\n'));
        append(text, "hashes", hashes);
        append(text, "targets", targets);
        return Rendered.of(text.toString());
    }

    /** Empty for anything that is not exactly what {@link #render} makes: such a mark proves nothing. */
    static Optional<Mark> parse(Rendered file) {
        try {
            YamlText yaml = YamlText.parse(new String(file.exposeBytes(), StandardCharsets.UTF_8));
            if (!(yaml.first().orElse(null) instanceof YamlNode.Mapping root)) {
                return Optional.empty();
            }
            Mark mark = new Mark(
                    text(root.value("cluster")),
                    Long.parseLong(text(root.value("revision"))),
                    texts(root.value("writers")),
                    items(root.value("hashes")),
                    items(root.value("targets")));
            return mark.render().equals(file) ? Optional.of(mark) : Optional.empty();
        } catch (YamlSyntaxException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Whether it speaks of this cluster, in a past that etcd still has. */
    boolean isOf(ClusterFacts facts) {
        return cluster.equals(facts.uid()) && !cluster.isEmpty() && revision <= facts.revision();
    }

    private static void append(StringBuilder text, String name, Set<String> items) {
        text.append(name).append(":\n");
        new TreeSet<>(items)
                .forEach(item -> text.append("- ").append(quoted(item)).append('\n'));
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private static String text(@Nullable YamlNode node) {
        return node instanceof YamlNode.Scalar scalar ? scalar.text() : "";
    }

    private static Map<String, String> texts(@Nullable YamlNode node) {
        Map<String, String> texts = new TreeMap<>();
        if (node instanceof YamlNode.Mapping mapping) {
            mapping.pairs().forEach(pair -> texts.put(text(pair.key()), text(pair.value())));
        }
        return texts;
    }

    private static Set<String> items(@Nullable YamlNode node) {
        Set<String> items = new TreeSet<>();
        if (node instanceof YamlNode.Sequence sequence) {
            sequence.items().forEach(item -> items.add(text(item)));
        }
        return items;
    }
}
