package dev.rekey.internal;

import dev.rekey.internal.YamlNode.Alias;
import dev.rekey.internal.YamlNode.Mapping;
import dev.rekey.internal.YamlNode.Pair;
import dev.rekey.internal.YamlNode.Scalar;
import dev.rekey.internal.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Trees as values: compared without regard to where they stand, and changed by putting one node for another. */
public final class YamlTree {
    private YamlTree() {}

    /** Whether both mean the same and are written in the same style: quotes, flow or block, tags and anchors. */
    public static boolean same(YamlNode a, YamlNode b) {
        if (a instanceof Scalar x && b instanceof Scalar y) {
            return x.text().equals(y.text())
                    && x.style() == y.style()
                    && same(x.tag(), y.tag(), x.anchor(), y.anchor());
        }
        if (a instanceof Alias x && b instanceof Alias y) {
            return x.name().equals(y.name());
        }
        if (a instanceof Sequence x && b instanceof Sequence y) {
            return x.flow() == y.flow() && same(x.tag(), y.tag(), x.anchor(), y.anchor()) && same(x.items(), y.items());
        }
        if (a instanceof Mapping x && b instanceof Mapping y) {
            return x.flow() == y.flow() && same(x.tag(), y.tag(), x.anchor(), y.anchor()) && same(flat(x), flat(y));
        }
        return false;
    }

    /** {@code root} with {@code with} where {@code old}, this very object, is. */
    static YamlNode replace(YamlNode root, YamlNode old, YamlNode with) {
        if (root == old) {
            return with;
        }
        if (root instanceof Sequence s) {
            List<YamlNode> items = new ArrayList<>();
            s.items().forEach(item -> items.add(replace(item, old, with)));
            return new Sequence(items, s.flow(), s.tag(), s.anchor(), s.span());
        }
        if (root instanceof Mapping m) {
            List<Pair> pairs = new ArrayList<>();
            m.pairs().forEach(p -> pairs.add(new Pair(replace(p.key(), old, with), replace(p.value(), old, with))));
            return new Mapping(pairs, m.flow(), m.tag(), m.anchor(), m.span());
        }
        return root;
    }

    private static boolean same(
            @Nullable String tag, @Nullable String otherTag, @Nullable String anchor, @Nullable String otherAnchor) {
        return Objects.equals(tag, otherTag) && Objects.equals(anchor, otherAnchor);
    }

    private static boolean same(List<YamlNode> a, List<YamlNode> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (!same(a.get(i), b.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static List<YamlNode> flat(Mapping mapping) {
        List<YamlNode> nodes = new ArrayList<>();
        for (Pair pair : mapping.pairs()) {
            nodes.add(pair.key());
            nodes.add(pair.value());
        }
        return nodes;
    }
}
