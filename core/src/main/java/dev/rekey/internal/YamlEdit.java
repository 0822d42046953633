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
                ? intoFlow(list, list.items(), YamlWriter.flow(node))
                : afterBlock(list, list.span(), YamlWriter.blockItem(node));
        return proved(edited, list, expected);
    }

    /** Adds a pair at the end. */
    public YamlEdit append(Mapping map, String key, YamlValue value) {
        return appendFlowPadded(map, key, value, 0);
    }

    /** {@link #append(Mapping, String, YamlValue)}, in flow style with blanks inside the brackets of the value. */
    YamlEdit appendFlowPadded(Mapping map, String key, YamlValue value, int padding) {
        Pair pair = new Pair(YamlValue.text(key).node(map.flow()), value.node(map.flow()));
        List<Pair> pairs = new ArrayList<>(map.pairs());
        pairs.add(pair);
        Mapping expected = new Mapping(pairs, map.flow(), map.tag(), map.anchor(), map.span());
        if (!map.flow()) {
            return proved(afterBlock(map, map.span(), YamlWriter.blockPair(pair)), map, expected);
        }
        String written = YamlWriter.flow(pair.key()) + ": " + pad(YamlWriter.flow(pair.value()), padding);
        List<YamlNode> values = map.pairs().stream().map(Pair::value).toList();
        return proved(intoFlow(map, values, written), map, expected);
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

    static String pad(String collection, int padding) {
        String blanks = " ".repeat(padding);
        int last = collection.length() - 1;
        return collection.charAt(0) + blanks + collection.substring(1, last) + blanks + collection.charAt(last);
    }

    private String afterBlock(YamlNode collection, YamlNode.Span span, List<String> written) {
        int at = lines.lineAfter(collection);
        String eol = lines.eol();
        String indent = " ".repeat(span.column() - 1);
        boolean unended = at == text.length() && lines.breakBefore(at) == 0;
        StringBuilder added = new StringBuilder();
        for (String line : written) {
            added.append(unended ? eol + indent + line : indent + line + eol);
        }
        return splice(at, at, added.toString());
    }

    private String intoFlow(YamlNode collection, List<YamlNode> present, String written) {
        if (present.isEmpty()) {
            int at = collection.span().start() + 1;
            return splice(at, at, written);
        }
        int at = YamlLines.end(present.get(present.size() - 1));
        return splice(at, at, ", " + written);
    }

    private String outOfBlock(int start, YamlNode last, boolean only) {
        if (only || !lines.isFirstOnLine(start)) {
            throw new YamlEditException(
                    lines.number(start), "what is to be removed shares its line with something else");
        }
        int from = lines.lineStart(start);
        int to = lines.lineAfter(last);
        boolean unended = to == text.length() && lines.breakBefore(to) == 0;
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

    private String splice(int from, int to, String with) {
        return text.substring(0, from) + with + text.substring(to);
    }

    private YamlEdit proved(String edited, YamlNode old, YamlNode with) {
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
        if (!same) {
            throw new YamlEditException(old.span().line(), "the edited text would mean something else");
        }
        return new YamlEdit(again);
    }
}
