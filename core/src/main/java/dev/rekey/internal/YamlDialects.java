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

/** Finds what Kubernetes, which reads YAML 1.1 and takes JSON for JSON, could read in another way than our parser. */
public final class YamlDialects {
    private static final Pattern JSON_WORD =
            Pattern.compile("true|false|null|-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][+-]?[0-9]+)?");
    private static final Pattern TRAILING_COMMA = Pattern.compile(",\\s*[\\]}]");

    private final YamlText parsed;
    private final String text;
    private final YamlLines lines;

    private YamlDialects(YamlText parsed) {
        this.parsed = parsed;
        this.text = parsed.text();
        this.lines = new YamlLines(text);
    }

    /** A {@link YamlEditException} at the first difference. Linear in the length. */
    public static void requireNoDifference(YamlText parsed) {
        new YamlDialects(parsed).check();
    }

    /** Whether the text is taken for JSON: by its first character. */
    public static boolean isJson(String text) {
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
        parsed.documents().forEach(document -> collect(document, leaves, json));
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

    private void collect(YamlNode node, List<Span> leaves, boolean json) {
        if (node instanceof Scalar scalar) {
            checkScalar(scalar, json);
            leaves.add(scalar.span());
        } else if (node instanceof Sequence sequence) {
            sequence.items().forEach(item -> collect(item, leaves, json));
        } else if (node instanceof Mapping mapping) {
            for (Pair pair : mapping.pairs()) {
                collect(pair.key(), leaves, json);
                collect(pair.value(), leaves, json);
            }
        } else if (node instanceof Alias alias) {
            leaves.add(alias.span());
        }
    }

    private void checkScalar(Scalar scalar, boolean json) {
        Span span = scalar.span();
        boolean plain = scalar.style() == Style.PLAIN;
        String written = text.substring(span.start(), span.end());
        if (plain && written.contains("\t") && (written.contains("\n") || written.contains("\r"))) {
            throw new YamlEditException(span.line(), "a tab indents a line");
        }
        boolean isJson = plain
                ? span.start() == span.end() || JSON_WORD.matcher(scalar.text()).matches()
                : scalar.style() == Style.DOUBLE;
        if (json && !isJson) {
            throw new YamlEditException(span.line(), "the text begins with { and is taken for JSON, which it is not");
        }
    }

    /** Between scalars stand only indicators, blanks and comments, and rarely the tag or anchor of a collection. */
    private void checkGap(int from, int to, boolean json) {
        if (json) {
            String gap = text.substring(from, to);
            if (gap.contains("#") || TRAILING_COMMA.matcher(gap).find()) {
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
            boolean comment = blanks < text.length() && text.charAt(blanks) == '#';
            if (!comment && text.substring(at, blanks).contains("\t")) {
                throw new YamlEditException(lines.number(at), "a tab stands between values");
            }
            at = c == '#' ? lines.nextLine(at) : Math.max(blanks, at + 1);
        }
    }
}
