package dev.rekey.internal;

import dev.rekey.internal.YamlNode.Mapping;
import dev.rekey.internal.YamlNode.Pair;
import java.util.List;

/** {@code key: {}} on a line of a block map, filled in block style and emptied again. */
final class EmptyMap {
    private static final String EMPTY = " {}";

    private EmptyMap() {}

    /** Whether it stands in that very form, which {@link #empty} gives back. */
    static boolean isOne(YamlEdit edit, Mapping parent, Mapping map) {
        int start = map.span().start();
        return !parent.flow() && edit.text().startsWith(":" + EMPTY, start - 2);
    }

    static YamlEdit fill(YamlEdit edit, Mapping parent, Mapping map, YamlValue content) {
        int start = map.span().start() - 1;
        int end = map.span().end();
        int next = edit.lines().nextLine(end);
        Mapping filled = (Mapping) content.node(false);
        List<String> written = YamlWriter.block(filled);
        String rest = edit.text().substring(end, next);
        String added = edit.lines(next, parent.span().column() + 2, written);
        return edit.rewrite(start, next, rest + added, map, filled);
    }

    static YamlEdit empty(YamlEdit edit, Mapping parent, int index) {
        Pair pair = parent.pairs().get(index);
        Mapping map = (Mapping) pair.value();
        int colon = pair.key().span().end();
        int next = edit.lines().nextLine(colon);
        boolean apart = next == edit.lines().lineStart(map.span().start());
        if (edit.text().charAt(colon) != ':' || !apart) {
            throw new YamlEditException(map.span().line(), "a comment stands within what is to be removed");
        }
        int to = edit.lines().lineAfter(map);
        boolean unended = to == edit.text().length() && edit.lines().isUnended();
        int restEnd = unended ? next - edit.lines().breakBefore(next) : next;
        String rest = edit.text().substring(colon + 1, restEnd);
        Mapping emptied = new Mapping(List.of(), true, null, null, map.span());
        return edit.rewrite(colon + 1, to, EMPTY + rest, map, emptied);
    }
}
