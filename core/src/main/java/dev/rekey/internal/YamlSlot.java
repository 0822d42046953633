package dev.rekey.internal;

import dev.rekey.internal.YamlNode.Mapping;
import dev.rekey.internal.YamlNode.Pair;
import dev.rekey.internal.YamlNode.Scalar;
import dev.rekey.internal.YamlNode.Sequence;
import dev.rekey.internal.YamlNode.Style;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The list or map under one key of a map, which may be absent, null or empty. Each of these is extended in a form of its own,
 * so that taking the last element away again can tell which it was:
 *
 * <ul>
 *   <li>absent: a block list, or in a flow map a flow list with one blank inside its brackets
 *   <li>empty: a flow list with none
 *   <li>null in one of its spellings: a flow list with two or more
 * </ul>
 */
public final class YamlSlot {
    /** Index + 2 is the number of blanks. */
    private static final List<String> NULLS = List.of("null", "~", "", "Null", "NULL");

    private final YamlEdit edit;
    private final Mapping parent;
    private final String key;
    private final int index;

    private YamlSlot(YamlEdit edit, Mapping parent, String key) {
        this.edit = edit;
        this.parent = parent;
        this.key = key;
        this.index = index(parent, key);
    }

    /** The slot {@code key} of {@code parent}, a node of what {@code edit} has parsed. */
    public static YamlSlot of(YamlEdit edit, Mapping parent, String key) {
        return new YamlSlot(edit, parent, key);
    }

    /** Whether the node is a null, in any spelling. */
    public static boolean isNull(@Nullable YamlNode node) {
        return node == null
                || (node instanceof Scalar scalar
                        && scalar.style() == Style.PLAIN
                        && scalar.tag() == null
                        && NULLS.contains(scalar.text()));
    }

    /** Adds an item at the end of the list. */
    public YamlEdit add(YamlValue item) {
        return collection() instanceof Sequence list ? edit.append(list, item) : create(YamlValue.items(item));
    }

    /** Adds a pair at the end of the map. */
    public YamlEdit add(String name, YamlValue value) {
        return collection() instanceof Mapping map
                ? edit.append(map, name, value)
                : create(YamlValue.fields(YamlValue.field(name, value)));
    }

    /** Removes an item of the list, and with the last one the list itself if it was made for it. */
    public YamlEdit removeItem(int item) {
        Sequence list = (Sequence) parent.pairs().get(index).value();
        return list.items().size() > 1 ? edit.remove(list, item) : restore(list.flow(), list);
    }

    /** Removes a pair of the map, and with the last one the map itself if it was made for it. */
    public YamlEdit removePair(int pair) {
        Mapping map = (Mapping) parent.pairs().get(index).value();
        return map.pairs().size() > 1 ? edit.remove(map, pair) : restore(map.flow(), map);
    }

    private @Nullable YamlNode collection() {
        YamlNode value = index < 0 ? null : parent.pairs().get(index).value();
        return isNull(value) ? null : value;
    }

    private YamlEdit create(YamlValue value) {
        if (index < 0) {
            return edit.appendFlowPadded(parent, key, value, 1);
        }
        YamlNode old = parent.pairs().get(index).value();
        if (!(old instanceof Scalar none) || !isNull(none)) {
            throw new YamlEditException(old.span().line(), key + " is no collection");
        }
        YamlNode node = value.node(true);
        String written = YamlEdit.pad(YamlWriter.flow(node), NULLS.indexOf(none.text()) + 2);
        String apart = none.text().isEmpty() ? " " : "";
        return edit.rewrite(none.span().start(), none.span().end(), apart + written, none, node);
    }

    private YamlEdit restore(boolean flow, YamlNode collection) {
        if (!flow) {
            return edit.remove(parent, index);
        }
        int from = collection.span().start();
        int to = collection.span().end();
        int padding = padding(edit.text().substring(from + 1, to - 1));
        if (padding == 1 && parent.flow()) {
            return edit.remove(parent, index);
        }
        if (padding >= 2 && padding - 2 < NULLS.size()) {
            String none = NULLS.get(padding - 2);
            int start = none.isEmpty() && edit.text().charAt(from - 1) == ' ' ? from - 1 : from;
            return edit.rewrite(
                    start, to, none, collection, new Scalar(none, Style.PLAIN, null, null, collection.span()));
        }
        return collection instanceof Sequence list ? edit.remove(list, 0) : edit.remove((Mapping) collection, 0);
    }

    /** The number of blanks on either side, if there are as many. */
    private static int padding(String inner) {
        int before = inner.length() - inner.stripLeading().length();
        int after = inner.length() - inner.stripTrailing().length();
        return before == after && inner.substring(0, before).equals(" ".repeat(before)) ? before : 0;
    }

    private static int index(Mapping parent, String key) {
        for (int i = parent.pairs().size() - 1; i >= 0; i--) {
            Pair pair = parent.pairs().get(i);
            if (pair.key() instanceof Scalar scalar && scalar.text().equals(key)) {
                return i;
            }
        }
        return -1;
    }
}
