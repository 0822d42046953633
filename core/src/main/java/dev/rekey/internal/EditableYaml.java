package dev.rekey.internal;

import dev.rekey.internal.YamlNode.Alias;
import dev.rekey.internal.YamlNode.Mapping;
import dev.rekey.internal.YamlNode.Pair;
import dev.rekey.internal.YamlNode.Scalar;
import dev.rekey.internal.YamlNode.Sequence;
import dev.rekey.internal.YamlNode.Span;
import dev.rekey.internal.YamlNode.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A text that may be edited: nothing in it is read by Kubernetes in another way than by our parser. What begins as JSON has to be JSON
 * throughout.
 */
public final class EditableYaml {
    private static final Pattern JSON_WORD =
            Pattern.compile("true|false|null|-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][+-]?[0-9]+)?");
    private static final Pattern TAB_FIRST = Pattern.compile("[|>][-+]?[ \\t]*+(#[^\\r\\n]*+)?[\\r\\n][ \\r\\n]*+\\t");
    private static final Pattern JSON_GAP = Pattern.compile("[\\[\\]{}:, \\t\\r\\n\uFEFF]*");
    private static final Pattern TRAILING_COMMA = Pattern.compile(",\\s*[\\]}]");

    private final YamlText parsed;
    private final String text;
    private final YamlLines lines;

    private EditableYaml(YamlText parsed) {
        this.parsed = parsed;
        this.text = parsed.text();
        this.lines = new YamlLines(text);
    }

    /** A {@link YamlEditException} at the first difference. Linear in the length. */
    public static void require(YamlText parsed) {
        new EditableYaml(parsed).check();
    }

    /** Whether the text is taken for JSON: by its first character. */
    private static boolean isJson(String text) {
        String stripped = text.startsWith("\uFEFF") ? text.substring(1) : text;
        return stripped.stripLeading().startsWith("{");
    }

    private void check() {
        if (parsed.directives()) {
            throw new YamlEditException(1, "a directive stands in front of the document");
        }
        for (int i = 1; i < parsed.documents().size(); i++) {
            if (!(parsed.documents().get(i) instanceof Scalar scalar)
                    || scalar.span().start() < scalar.span().end()) {
                int line = parsed.documents().get(i).span().line();
                throw new YamlEditException(line, "a second document, which the server ignores, stands in the text");
            }
        }
        checkCharacters();
        List<Span> leaves = new ArrayList<>();
        boolean json = isJson(text);
        parsed.first().ifPresent(document -> collect(document, false, leaves, json));
        int from = 0;
        for (Span leaf : leaves) {
            checkGap(from, leaf.start(), json);
            from = leaf.end();
        }
        checkGap(from, text.length(), json);
    }

    private void checkCharacters() {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\u0085' || c == '\u2028' || c == '\u2029' || (c == '\uFEFF' && i > 0)) {
                throw new YamlEditException(lines.number(i), "a character ends a line for some parsers only");
            }
            if (c == '\uFFFD') {
                throw new YamlEditException(lines.number(i), "a character is lost: the text was not UTF-8 throughout");
            }
        }
    }

    private void collect(YamlNode node, boolean inFlow, List<Span> leaves, boolean json) {
        String anchor = node.anchor();
        if (anchor != null && !YamlDifferences.isAnchorForAll(anchor)) {
            throw new YamlEditException(node.span().line(), "an anchor's name has more than letters, digits, dashes");
        }
        if (node instanceof Scalar scalar) {
            checkScalar(scalar, json);
            if (inFlow && YamlDifferences.isCutAtQuestionMark(scalar, text)) {
                throw new YamlEditException(
                        scalar.span().line(), "a question mark stands without quotes in brackets or braces");
            }
            leaves.add(scalar.span());
        } else if (node instanceof Sequence sequence) {
            sequence.items().forEach(item -> collect(item, sequence.flow(), leaves, json));
        } else if (node instanceof Mapping mapping) {
            for (Pair pair : mapping.pairs()) {
                checkKey(pair.key());
                if (mapping.flow() && YamlDifferences.bareColon(pair.key(), text) >= 0) {
                    throw new YamlEditException(
                            pair.key().span().line(), "a colon stands without a blank after it in braces");
                }
                collect(pair.key(), mapping.flow(), leaves, json);
                collect(pair.value(), mapping.flow(), leaves, json);
            }
        } else if (node instanceof Alias alias) {
            leaves.add(alias.span());
        }
    }

    /** {@code {{ x }}} of a template is a map whose key is a map. */
    private static void checkKey(YamlNode key) {
        if (!(key instanceof Scalar) || YamlSlot.isNull(key)) {
            throw new YamlEditException(
                    key.span().line(), "what is no text stands as a key, which Kubernetes does not read");
        }
    }

    private void checkScalar(Scalar scalar, boolean json) {
        Span span = scalar.span();
        boolean plain = scalar.style() == Style.PLAIN;
        String written = text.substring(span.start(), span.end());
        if (plain && written.contains("\t") && (written.contains("\n") || written.contains("\r"))) {
            throw new YamlEditException(span.line(), "a tab indents a line");
        }
        if (plain && YamlDifferences.isNotFinite(written)) {
            throw new YamlEditException(span.line(), "a number stands here that JSON has not");
        }
        boolean quoted = scalar.style() == Style.DOUBLE;
        boolean isJson = plain ? JSON_WORD.matcher(written).matches() : quoted && isJsonString(written);
        if (json && !isJson) {
            throw new YamlEditException(span.line(), "the text begins with { and is taken for JSON, which it is not");
        }
        if (!json && (written.indexOf('\u007f') >= 0 || (quoted && YamlDifferences.oddEscape(scalar, text) >= 0))) {
            throw new YamlEditException(
                    span.line(), "a control character or an escape stands there that Kubernetes does not read");
        }
        if (TAB_FIRST.matcher(written).lookingAt()) {
            throw new YamlEditException(span.line(), "a tab begins a block of text");
        }
    }

    /** Four digits after {@code \\u} are what our parser wants, too. */
    private static boolean isJsonString(String quoted) {
        for (int i = 1; i < quoted.length() - 1; i++) {
            char c = quoted.charAt(i);
            if (c < ' ' || (c == '\\' && "\"\\/bfnrtu".indexOf(quoted.charAt(++i)) < 0)) {
                return false;
            }
        }
        return true;
    }

    /** Between scalars stand only indicators, blanks and comments, and rarely the tag or anchor of a collection. */
    private void checkGap(int from, int to, boolean json) {
        if (json) {
            String gap = text.substring(from, to);
            if (!JSON_GAP.matcher(gap).matches() || TRAILING_COMMA.matcher(gap).find()) {
                throw new YamlEditException(
                        lines.number(from), "the text begins with { and is taken for JSON, which it is not");
            }
            return;
        }
        int at = from;
        while (at < to) {
            char c = text.charAt(at);
            int blanks = at;
            while (blanks < to && (text.charAt(blanks) == '\t' || text.charAt(blanks) == ' ')) {
                blanks++;
            }
            boolean lineStart = at == 0 || text.charAt(at - 1) == '\n' || text.charAt(at - 1) == '\r';
            boolean comment = !lineStart && blanks < text.length() && text.charAt(blanks) == '#';
            if (!comment && text.substring(at, blanks).contains("\t")) {
                throw new YamlEditException(lines.number(at), "a tab stands between values");
            }
            at = c == '#' ? lines.nextLine(at) : Math.max(blanks, at + 1);
        }
    }
}
