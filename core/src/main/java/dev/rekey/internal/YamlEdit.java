package dev.rekey.internal;

import dev.rekey.internal.YamlNode.Mapping;
import dev.rekey.internal.YamlNode.Pair;
import dev.rekey.internal.YamlNode.Scalar;
import dev.rekey.internal.YamlNode.Sequence;
import dev.rekey.internal.YamlNode.Style;
import java.util.ArrayList;
import java.util.List;

/**
 * A text with one document that is changed node by node, every other byte left as it is. Each change is made on the text and
 * on the tree; when the text does not parse to that tree, the change is refused with a {@link YamlEditException}.
 */
public final class YamlEdit {
    private final YamlText parsed;
    private final String text;
    private final YamlNode root;
    private final YamlLines lines;

    private YamlEdit(YamlText parsed) {
        this.parsed = parsed;
        this.text = parsed.text();
        this.root = parsed.first().orElseThrow();
        this.lines = new YamlLines(text);
    }

    /** Edits the first document of {@code parsed}, which must have one. */
    public static YamlEdit of(YamlText parsed) {
        return new YamlEdit(parsed);
    }

    /** The text as it is now. */
    public YamlText parsed() {
        return parsed;
    }

    /** Adds an item at the end. */
    public YamlEdit append(Sequence list, YamlValue item) {
        YamlNode node = item.node(list.flow());
        List<YamlNode> items = new ArrayList<>(list.items());
        items.add(node);
        Sequence expected = new Sequence(items, list.flow(), list.tag(), list.anchor(), list.span());
        String edited = list.flow()
                ? intoFlow(list, start(list), end(list), YamlWriter.flow(node))
                : afterBlock(list, YamlWriter.blockItem(node));
        return proved(edited, list, expected);
    }

    /** Adds a pair at the end; in a flow map a collection gets one blank inside its brackets. */
    public YamlEdit append(Mapping map, String key, YamlValue value) {
        return append(map, new Pair(YamlValue.text(key).node(map.flow()), value.node(map.flow())));
    }

    /** Adds a pair at the end whose value is a collection in flow style, whatever the style of the map. */
    YamlEdit appendFlow(Mapping map, String key, YamlValue value) {
        return append(map, new Pair(YamlValue.text(key).node(map.flow()), value.node(true)));
    }

    private YamlEdit append(Mapping map, Pair pair) {
        List<Pair> pairs = new ArrayList<>(map.pairs());
        pairs.add(pair);
        Mapping expected = new Mapping(pairs, map.flow(), map.tag(), map.anchor(), map.span());
        String edited = map.flow()
                ? intoFlow(map, start(map), end(map), YamlWriter.flow(pair))
                : afterBlock(map, YamlWriter.blockPair(pair));
        return proved(edited, map, expected);
    }

    /** Removes the item; not the last one of a block list, which would leave a null. */
    public YamlEdit remove(Sequence list, int index) {
        List<YamlNode> items = new ArrayList<>(list.items());
        YamlNode item = items.remove(index);
        Sequence expected = new Sequence(items, list.flow(), list.tag(), list.anchor(), list.span());
        if (list.flow()) {
            int before = index == 0 ? -1 : YamlLines.end(list.items().get(index - 1));
            int after =
                    items.size() > index ? list.items().get(index + 1).span().start() : -1;
            return proved(outOfFlow(before, item.span().start(), YamlLines.end(item), after), list, expected);
        }
        int dash = index == 0
                ? list.span().start()
                : lines.skipSpace(YamlLines.end(list.items().get(index - 1)));
        return proved(outOfBlock(dash, item, items.isEmpty()), list, expected);
    }

    /** Removes the pair; not the last one of a block map, which would leave a null. */
    public YamlEdit remove(Mapping map, int index) {
        List<Pair> pairs = new ArrayList<>(map.pairs());
        Pair pair = pairs.remove(index);
        Mapping expected = new Mapping(pairs, map.flow(), map.tag(), map.anchor(), map.span());
        int start = pair.key().span().start();
        if (map.flow()) {
            int before =
                    index == 0 ? -1 : YamlLines.end(map.pairs().get(index - 1).value());
            int after = pairs.size() > index
                    ? map.pairs().get(index + 1).key().span().start()
                    : -1;
            return proved(outOfFlow(before, start, YamlLines.end(pair.value()), after), map, expected);
        }
        return proved(outOfBlock(start, pair.value(), pairs.isEmpty()), map, expected);
    }

    /** Gives the scalar another text, in its own style where that can hold it. */
    public YamlEdit replace(Scalar scalar, String value) {
        Style style = scalar.style();
        if (style == Style.LITERAL || style == Style.FOLDED || scalar.tag() != null || scalar.anchor() != null) {
            throw new YamlEditException(scalar.span().line(), "the value is a block scalar or has a tag or anchor");
        }
        if (style == Style.PLAIN && !YamlValue.isPlainForAll(value)) {
            style = Style.DOUBLE;
        }
        Scalar expected = new Scalar(value, style, null, null, scalar.span());
        return proved(
                splice(scalar.span().start(), scalar.span().end(), YamlWriter.scalar(expected)), scalar, expected);
    }

    /** Puts {@code written} where {@code from} to {@code to} stand, and {@code expected} where {@code old} is. */
    YamlEdit rewrite(int from, int to, String written, YamlNode old, YamlNode expected) {
        return proved(splice(from, to, written), old, expected);
    }

    String text() {
        return text;
    }

    YamlLines lines() {
        return lines;
    }

    private String afterBlock(YamlNode collection, List<String> written) {
        int at = lines.lineAfter(collection);
        return splice(at, at, lines(at, collection.span().column(), written));
    }

    /** The lines as they are to be put at {@code at}, the start of a line or the end of a text without a last line end. */
    String lines(int at, int column, List<String> written) {
        String eol = lines.eol();
        String indent = " ".repeat(column - 1);
        boolean unended = at == text.length() && lines.isUnended();
        StringBuilder added = new StringBuilder();
        for (String line : written) {
            added.append(unended ? eol + indent + line : indent + line + eol);
        }
        return added.toString();
    }

    /** On a line of its own where the last element is; -1 where there is none. */
    private String intoFlow(YamlNode collection, int lastStart, int lastEnd, String written) {
        if (lastEnd < 0) {
            int at = collection.span().start() + 1;
            return splice(at, at, written);
        }
        String separator = ", ";
        if (lines.isFirstOnLine(lastStart)) {
            separator = "," + lines.eol() + text.substring(lines.lineStart(lastStart), lastStart);
        }
        return splice(lastEnd, lastEnd, separator + written);
    }

    private String outOfBlock(int start, YamlNode last, boolean only) {
        if (only || !lines.isFirstOnLine(start)) {
            throw new YamlEditException(
                    lines.number(start), "what is to be removed shares its line with something else");
        }
        int from = lines.lineStart(start);
        int to = lines.lineAfter(last);
        boolean unended = to == text.length() && lines.isUnended();
        return splice(unended ? from - lines.breakBefore(from) : from, to, "");
    }

    /** Together with the comma before, or after where it is the first; -1 where there is none. */
    private String outOfFlow(int before, int start, int end, int after) {
        int from = before >= 0 ? before : start;
        int to = before < 0 && after >= 0 ? after : end;
        if (text.substring(from, start).contains("#") || text.substring(end, to).contains("#")) {
            throw new YamlEditException(lines.number(start), "a comment stands within what is to be removed");
        }
        return splice(from, to, "");
    }

    private static boolean hasProperties(YamlNode node) {
        if (node instanceof Sequence list) {
            return list.tag() != null || list.anchor() != null;
        }
        return node instanceof Mapping map && (map.tag() != null || map.anchor() != null);
    }

    /** Without a line end, which the server counts and our parser does not see. */
    private static boolean endsInBlockScalar(YamlText text) {
        return new YamlLines(text.text()).isUnended()
                && YamlLines.deepestLast(text.documents().get(0)) instanceof Scalar scalar
                && (scalar.style() == Style.LITERAL || scalar.style() == Style.FOLDED);
    }

    /** The start of the last element; -1 where there is none. */
    private static int start(YamlNode collection) {
        if (collection instanceof Sequence list) {
            return list.items().isEmpty() ? -1 : last(list.items()).span().start();
        }
        List<Pair> pairs = ((Mapping) collection).pairs();
        return pairs.isEmpty() ? -1 : last(pairs).key().span().start();
    }

    private static int end(YamlNode collection) {
        if (collection instanceof Sequence list) {
            return list.items().isEmpty() ? -1 : YamlLines.end(last(list.items()));
        }
        List<Pair> pairs = ((Mapping) collection).pairs();
        return pairs.isEmpty() ? -1 : YamlLines.end(last(pairs).value());
    }

    private static <T> T last(List<T> list) {
        return list.get(list.size() - 1);
    }

    private String splice(int from, int to, String with) {
        return text.substring(0, from) + with + text.substring(to);
    }

    private YamlEdit proved(String edited, YamlNode old, YamlNode with) {
        if (hasProperties(old)) {
            throw new YamlEditException(old.span().line(), "what is to be changed has a tag or an anchor");
        }
        YamlText again;
        try {
            again = YamlText.parse(edited);
        } catch (YamlSyntaxException e) {
            throw new YamlEditException(old.span().line(), "the edited text would not be YAML any more");
        }
        YamlNode expected = YamlTree.replace(root, old, with);
        boolean same = again.documents().size() == parsed.documents().size()
                && YamlTree.same(expected, again.documents().get(0))
                && parsed.aliases() == again.aliases();
        if (!same || (endsInBlockScalar(again) && !endsInBlockScalar(parsed))) {
            throw new YamlEditException(old.span().line(), "the edited text would mean something else");
        }
        return new YamlEdit(again);
    }
}
