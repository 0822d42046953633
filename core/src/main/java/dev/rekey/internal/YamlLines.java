package dev.rekey.internal;

import dev.rekey.internal.YamlNode.Mapping;
import dev.rekey.internal.YamlNode.Scalar;
import dev.rekey.internal.YamlNode.Sequence;
import dev.rekey.internal.YamlNode.Style;
import java.util.List;

/** Where lines and nodes of a text begin and end, in chars. */
final class YamlLines {
    private final String text;

    YamlLines(String text) {
        this.text = text;
    }

    /** The line ending that the text uses first; a line feed where it has none. */
    String eol() {
        for (int i = 0; i < text.length(); i++) {
            int length = breakAt(i);
            if (length > 0) {
                return text.substring(i, i + length);
            }
        }
        return "\n";
    }

    /** The length of the line break at {@code offset}; 0 where there is none. */
    int breakAt(int offset) {
        if (offset >= text.length()) {
            return 0;
        }
        if (text.startsWith("\r\n", offset)) {
            return 2;
        }
        return text.charAt(offset) == '\n' || text.charAt(offset) == '\r' ? 1 : 0;
    }

    /** The length of the line break that ends right before {@code offset}. */
    int breakBefore(int offset) {
        if (offset >= 2 && text.startsWith("\r\n", offset - 2)) {
            return 2;
        }
        return offset >= 1 ? breakAt(offset - 1) : 0;
    }

    /** The start of the line that holds {@code offset}. */
    int lineStart(int offset) {
        int at = offset;
        while (at > 0 && breakBefore(at) == 0) {
            at--;
        }
        return at;
    }

    /** The start of the line after the one that holds {@code offset}; the end of the text for the last one. */
    int nextLine(int offset) {
        int at = offset;
        while (at < text.length() && breakAt(at) == 0) {
            at++;
        }
        return at + breakAt(at);
    }

    /** Whether the last line has no line end. */
    boolean isUnended() {
        return breakBefore(text.length()) == 0;
    }

    /** The number of the line that holds {@code offset}, from 1. */
    int number(int offset) {
        int line = 1;
        for (int at = nextLine(0); at <= offset && breakBefore(at) > 0; at = nextLine(at)) {
            line++;
            if (at == text.length()) {
                break;
            }
        }
        return line;
    }

    /** Whether nothing but blanks stands between the start of its line and {@code offset}. */
    boolean isFirstOnLine(int offset) {
        return text.substring(lineStart(offset), offset).isBlank();
    }

    /** Where the next thing that is no blank, line break or comment stands. Only right outside of scalars. */
    int skipSpace(int offset) {
        int at = offset;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '#') {
                at = nextLine(at);
            } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
                at++;
            } else {
                break;
            }
        }
        return at;
    }

    /** Where new lines can be put after {@code node}: the parser lets block collections reach over comments after them. */
    int lineAfter(YamlNode node) {
        YamlNode last = deepestLast(node);
        if (last instanceof Scalar scalar && (scalar.style() == Style.LITERAL || scalar.style() == Style.FOLDED)) {
            int end = scalar.span().end();
            if (end == text.length() && isUnended()) {
                throw new YamlEditException(
                        scalar.span().line(), "a block scalar ends the text without a line end, and would change");
            }
            return end;
        }
        return nextLine(last.span().end());
    }

    /** The end of {@code node} without comments after it. */
    static int end(YamlNode node) {
        return deepestLast(node).span().end();
    }

    static YamlNode deepestLast(YamlNode node) {
        if (node instanceof Sequence sequence && !sequence.flow()) {
            return deepestLast(last(sequence.items()));
        }
        if (node instanceof Mapping mapping && !mapping.flow()) {
            return deepestLast(last(mapping.pairs()).value());
        }
        return node;
    }

    private static <T> T last(List<T> list) {
        return list.get(list.size() - 1);
    }
}
