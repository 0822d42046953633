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
 *   <li>absent: a block collection, or in a flow map a flow one with one blank inside its brackets
 *   <li>empty: a flow collection with no blank there
 *   <li>null in one of its spellings: a flow collection with two blanks or more
 * </ul>
 *
 * <p>Where an empty map is what people have and absent is rare, {@link #usuallyEmpty} changes the first two places.
 */
public final class YamlSlot {
    /** Index + 2 is the number of blanks. */
    private static final List<String> NULLS = List.of("null", "~", "", "Null", "NULL");

    private final YamlEdit edit;
    private final Mapping parent;
    private final String key;
    private final int index;
    private final boolean usuallyEmpty;
    private final @Nullable YamlSlot outer;

    private YamlSlot(YamlEdit edit, Mapping parent, String key, boolean usuallyEmpty, @Nullable YamlSlot outer) {
        this.edit = edit;
        this.parent = parent;
        this.key = key;
        this.index = index(parent, key);
        this.usuallyEmpty = usuallyEmpty;
        this.outer = outer;
    }

    /** The slot {@code key} of {@code parent}, a node of what {@code edit} has parsed. */
    public static YamlSlot of(YamlEdit edit, Mapping parent, String key) {
        return new YamlSlot(edit, parent, key, false, null);
    }

    /** The slot of a map that mostly is {@code {}}: that is extended in block style, and an absent one in flow style. */
    public static YamlSlot usuallyEmpty(YamlEdit edit, Mapping parent, String key) {
        return new YamlSlot(edit, parent, key, true, null);
    }

    /** The slot {@code name} of the map in this slot, which loses its last element when that one does. */
    public YamlSlot inner(String name) {
        return new YamlSlot(edit, (Mapping) value(), name, false, this);
    }

    /** Whether the node is absent or a null, in any spelling. */
    public static boolean isNull(@Nullable YamlNode node) {
        return node == null
                || (node instanceof Scalar scalar
                        && scalar.style() == Style.PLAIN
                        && scalar.tag() == null
                        && scalar.anchor() == null
                        && NULLS.contains(scalar.text()));
    }

    /** Adds an item at the end of the list. */
    public YamlEdit add(YamlValue item) {
        return collection() instanceof Sequence list ? edit.append(list, item) : create(YamlValue.items(item));
    }

    /** Adds a pair at the end of the map. */
    public YamlEdit add(String name, YamlValue value) {
        if (!(collection() instanceof Mapping map)) {
            return create(YamlValue.fields(YamlValue.field(name, value)));
        }
        YamlValue pair = YamlValue.fields(YamlValue.field(name, value));
        return usuallyEmpty && EmptyMap.isOne(edit, parent, map)
                ? EmptyMap.fill(edit, parent, map, pair)
                : edit.append(map, name, value);
    }

    /** Removes an item of the list, and with the last one the list itself if it was made for it. */
    public YamlEdit removeItem(int item) {
        Sequence list = (Sequence) value();
        return list.items().size() > 1 ? edit.remove(list, item) : restore();
    }

    /** Removes a pair of the map, and with the last one the map itself if it was made for it. */
    public YamlEdit removePair(int pair) {
        Mapping map = (Mapping) value();
        return map.pairs().size() > 1 ? edit.remove(map, pair) : restore();
    }

    private YamlNode value() {
        return parent.pairs().get(index).value();
    }

    private @Nullable YamlNode collection() {
        return index < 0 || isNull(value()) ? null : value();
    }

    private YamlEdit create(YamlValue value) {
        if (index < 0) {
            return usuallyEmpty ? edit.appendFlow(parent, key, value) : edit.append(parent, key, value);
        }
        if (!(value() instanceof Scalar none) || !isNull(none)) {
            throw new YamlEditException(value().span().line(), key + " is of another kind");
        }
        YamlNode node = value.node(true);
        String written = YamlWriter.pad(YamlWriter.flow(node), NULLS.indexOf(none.text()) + 2);
        String apart = none.text().isEmpty() ? " " : "";
        return edit.rewrite(none.span().start(), none.span().end(), apart + written, none, node);
    }

    /** What was there before the only element. */
    private YamlEdit restore() {
        YamlNode collection = value();
        boolean flow = collection instanceof Sequence list ? list.flow() : ((Mapping) collection).flow();
        if (!flow) {
            return usuallyEmpty ? EmptyMap.empty(edit, parent, index) : withoutKey();
        }
        int from = collection.span().start();
        int to = collection.span().end();
        int padding = padding(edit.text().substring(from + 1, to - 1));
        if (padding == 1 && (parent.flow() || usuallyEmpty)) {
            return withoutKey();
        }
        if (padding >= 2 && padding - 2 < NULLS.size()) {
            String none = NULLS.get(padding - 2);
            int start = none.isEmpty() && edit.text().charAt(from - 1) == ' ' ? from - 1 : from;
            return edit.rewrite(
                    start, to, none, collection, new Scalar(none, Style.PLAIN, null, null, collection.span()));
        }
        return collection instanceof Sequence list ? edit.remove(list, 0) : edit.remove((Mapping) collection, 0);
    }

    private YamlEdit withoutKey() {
        return outer != null && parent.pairs().size() == 1 ? outer.restore() : edit.remove(parent, index);
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
