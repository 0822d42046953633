package dev.rekey.config;

import dev.rekey.config.Tree.Position;
import dev.rekey.internal.YamlDifferences;
import dev.rekey.internal.YamlNode;
import dev.rekey.internal.YamlNode.Scalar;
import dev.rekey.internal.YamlNode.Span;
import dev.rekey.internal.YamlNode.Style;
import dev.rekey.internal.YamlText;
import org.jspecify.annotations.Nullable;

/**
 * A text that may be read as a configuration. What our YAML 1.2 parser and the server's YAML 1.1 could read differently is refused:
 * directives, tabs outside quotes and comments, line ends and escapes that only one of them knows, odd punctuation in braces, and tags
 * other than the three harmless ones. Not the rules for texts that are edited, see {@link dev.rekey.internal.EditableYaml}: here every
 * finding has a code and a column, and aliases, merges and JSON are read as the server reads them.
 */
final class ReadableYaml {
    private final String text;
    private int seen;

    private ReadableYaml(String text) {
        this.text = text;
    }

    static void checkCharacters(String text) {
        ReadableYaml reading = new ReadableYaml(text);
        int i = 0;
        while (i < text.length()) {
            int c = text.codePointAt(i);
            if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                throw reading.refused(Code.NOT_UTF_8, i, "half of a character stands here; save the file as UTF-8");
            }
            if (c == 0x85 || c == 0x2028 || c == 0x2029 || (c == 0xfeff && i > 0)) {
                throw reading.refused(i, "an invisible line or byte order mark stands here; remove it");
            }
            boolean control = c < ' ' ? c != '\t' && c != '\n' && c != '\r' : c >= 0x7f && c < 0xa0;
            if (control || c == 0xfffe || c == 0xffff) {
                throw reading.refused(Code.SYNTAX, i, "a control character stands here; remove it");
            }
            i += Character.charCount(c);
        }
    }

    static void check(YamlText yaml) {
        ReadableYaml reading = new ReadableYaml(yaml.text());
        yaml.documents().forEach(document -> reading.node(document, false));
        reading.between(yaml.text().length());
    }

    private void node(YamlNode node, boolean inFlow) {
        if (node instanceof Scalar scalar) {
            properties(scalar.tag(), "tag:yaml.org,2002:str", scalar.anchor(), scalar.span());
            scalar(scalar, inFlow);
        } else if (node instanceof YamlNode.Sequence sequence) {
            properties(sequence.tag(), "tag:yaml.org,2002:seq", sequence.anchor(), sequence.span());
            sequence.items().forEach(item -> node(item, sequence.flow()));
        } else if (node instanceof YamlNode.Mapping mapping) {
            properties(mapping.tag(), "tag:yaml.org,2002:map", mapping.anchor(), mapping.span());
            for (YamlNode.Pair pair : mapping.pairs()) {
                node(pair.key(), mapping.flow());
                int bareColon = mapping.flow() ? YamlDifferences.bareColon(pair.key(), text) : -1;
                if (bareColon >= 0) {
                    throw refused(bareColon, "a colon stands here without a blank after it; add one");
                }
                node(pair.value(), mapping.flow());
            }
        } else if (node instanceof YamlNode.Alias alias) {
            properties(null, "", alias.name(), alias.span());
        }
    }

    private void properties(@Nullable String tag, String harmless, @Nullable String anchor, Span span) {
        if (tag != null && !tag.equals(harmless)) {
            throw refused(span.start(), "a YAML tag stands here that could be read in two ways; remove it");
        }
        if (anchor != null && !YamlDifferences.isAnchorForAll(anchor)) {
            throw refused(span.start(), "an anchor's name here has more than letters, digits, dashes; rename it");
        }
    }

    private void scalar(Scalar scalar, boolean inFlow) {
        Span span = scalar.span();
        between(span.start());
        seen = span.end();
        if (scalar.style() == Style.DOUBLE) {
            int escape = YamlDifferences.oddEscape(scalar, text);
            if (escape >= 0) {
                throw refused(
                        escape, "an escape stands here that the server does not know; write the character itself");
            }
            return;
        }
        if (scalar.style() == Style.SINGLE) {
            return;
        }
        String raw = text.substring(span.start(), span.end());
        if (raw.indexOf('\t') >= 0) {
            throw tab(span.start() + raw.indexOf('\t'));
        }
        if (inFlow && YamlDifferences.isCutAtQuestionMark(scalar, text)) {
            throw refused(span.start(), "a question mark stands in brackets or braces; put the text in quotes");
        }
    }

    /** Between scalars a number sign begins a comment, and a percent sign at the start of a line a directive. */
    private void between(int end) {
        boolean comment = false;
        for (int i = seen; i < end; i++) {
            char c = text.charAt(i);
            boolean lineStart = i == 0 || "\r\n\ufeff".indexOf(text.charAt(i - 1)) >= 0;
            if (c == '\n' || c == '\r') {
                comment = false;
            } else if (c == '#') {
                comment = true;
            } else if (c == '\t' && !comment) {
                throw tab(i);
            } else if (c == '%' && lineStart) {
                throw refused(i, "a YAML directive stands here, which the server may refuse; remove it");
            }
        }
    }

    private UnreadableException tab(int at) {
        return refused(at, "a tab stands here, outside of quotes; write blanks, since the server may refuse it");
    }

    private UnreadableException refused(int at, String reason) {
        return refused(Code.UNSUPPORTED_TEXT, at, reason);
    }

    private UnreadableException refused(Code code, int at, String reason) {
        Position position = new Lines(text).position(at);
        return new UnreadableException(code, position, reason);
    }
}
