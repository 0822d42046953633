package dev.rekey.config;

import dev.rekey.config.Tree.Member;
import dev.rekey.config.Tree.Position;
import dev.rekey.internal.YamlNode;
import dev.rekey.internal.YamlNode.Scalar;
import dev.rekey.internal.YamlNode.Span;
import dev.rekey.internal.YamlNode.Style;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sees a YAML tree with the server's eyes: follows aliases, merges, resolves plain scalars, reports keys that stand twice. */
final class YamlReader {
    /** More than any file needs; what aliases multiply counts each time. */
    static final int MOST_VALUES = 20_000;

    private final Findings findings;
    private final Map<String, Anchored> anchors = new HashMap<>();
    private int nodes;

    YamlReader(Findings findings) {
        this.findings = findings;
    }

    /** A finished node and the number of nodes in it. */
    private record Anchored(Tree tree, int size) {}

    Tree read(YamlNode node) {
        int before = nodes;
        count(1, node.span());
        if (node instanceof YamlNode.Alias alias) {
            Anchored anchored = anchors.get(alias.name());
            if (anchored == null) {
                throw new UnreadableException(
                        Code.SYNTAX, at(alias.span()), "an alias stands here whose anchor is missing or not finished");
            }
            count(anchored.size(), alias.span());
            return anchored.tree();
        }
        if (node instanceof Scalar scalar) {
            return anchored(scalar.anchor(), scalar(scalar), before);
        }
        if (node instanceof YamlNode.Sequence sequence) {
            List<Tree> items = new ArrayList<>();
            sequence.items().forEach(item -> items.add(read(item)));
            return anchored(sequence.anchor(), new Tree.Arr(List.copyOf(items), at(sequence.span())), before);
        }
        YamlNode.Mapping mapping = (YamlNode.Mapping) node;
        return anchored(mapping.anchor(), mapping(mapping), before);
    }

    private Tree anchored(@Nullable String anchor, Tree tree, int before) {
        if (anchor != null) {
            anchors.put(anchor, new Anchored(tree, nodes - before));
        }
        return tree;
    }

    private Tree mapping(YamlNode.Mapping mapping) {
        List<Member> members = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (YamlNode.Pair pair : mapping.pairs()) {
            if (isMerge(pair.key())) {
                merge(read(pair.value()), at(pair.value().span()), members, names);
                continue;
            }
            Position keyAt = at(pair.key().span());
            Tree key = read(pair.key());
            Tree value = read(pair.value());
            add(new Member(name(key, pair.key()), keyAt, value), keyAt, members, names);
        }
        return new Tree.Obj(List.copyOf(members), at(mapping.span()));
    }

    /** The server refuses a merged key that stands in the map as well, whichever came first. */
    private void merge(Tree value, Position at, List<Member> members, Set<String> names) {
        List<Tree> sources = value instanceof Tree.Arr list ? list.items() : List.of(value);
        for (Tree source : sources) {
            if (!(source instanceof Tree.Obj map)) {
                throw new UnreadableException(
                        Code.SYNTAX,
                        at,
                        "a merge key (<<) takes a map or a list of maps, and here stands " + source.kind());
            }
            map.members().forEach(member -> add(member, at, members, names));
        }
    }

    private void add(Member member, Position at, List<Member> members, Set<String> names) {
        if (!names.add(member.name())) {
            findings.add(
                    Code.DUPLICATE_FIELD,
                    "",
                    at,
                    "the field '" + Names.field(member.name()) + "' stands twice in one map; keep one");
            return;
        }
        members.add(member);
    }

    private static boolean isMerge(YamlNode key) {
        return key instanceof Scalar scalar
                && scalar.text().equals("<<")
                && scalar.style() == Style.PLAIN
                && scalar.tag() == null;
    }

    /** No field of the file is named like a number or a boolean, so only a text can be a known one. */
    private static String name(Tree key, YamlNode node) {
        if (key instanceof Tree.Str string) {
            return string.text();
        }
        if (node instanceof Scalar scalar && !(key instanceof Tree.Null)) {
            return scalar.text();
        }
        throw new UnreadableException(
                Code.SYNTAX, at(node.span()), "a field's name stands here that is " + key.kind() + " and not a text");
    }

    private static Tree scalar(Scalar scalar) {
        Position at = at(scalar.span());
        if (scalar.style() == Style.PLAIN && scalar.tag() == null) {
            return YamlScalar.read(scalar.text(), at);
        }
        return new Tree.Str(scalar.text(), scalar.style() == Style.FOLDED, at);
    }

    private void count(int more, Span span) {
        nodes += more;
        if (nodes > MOST_VALUES) {
            throw new UnreadableException(
                    Code.UNSUPPORTED_TEXT,
                    at(span),
                    "the file holds more than " + MOST_VALUES + " values; it is no configuration");
        }
    }

    private static Position at(Span span) {
        return new Position(span.line(), span.column());
    }
}
