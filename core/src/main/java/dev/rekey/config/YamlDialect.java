package dev.rekey.config;

import dev.rekey.config.Tree.Position;
import dev.rekey.internal.YamlNode;
import dev.rekey.internal.YamlNode.Scalar;
import dev.rekey.internal.YamlNode.Span;
import dev.rekey.internal.YamlNode.Style;
import dev.rekey.internal.YamlText;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What our YAML 1.2 parser and the server's YAML 1.1 could read differently is refused: directives, tabs outside quotes and
 * comments, line ends that only one of them knows, escapes that only one knows, and tags other than the three harmless ones.
 */
final class YamlDialect {
    /** Escapes of double quotes that both know; a line end after the backslash, too. */
    private static final String COMMON_ESCAPES = "0abt\tnvfre \"\\N_LPxuU\r\n";

    private static final Pattern SURROGATE = Pattern.compile("[dD][89a-fA-F]");

    private YamlDialect() {}

    static void checkCharacters(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                boolean pair = i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1));
                if (!pair) {
                    throw refused(Code.NOT_UTF_8, text, i, "half of a character stands here; save the file as UTF-8");
                }
                i++;
            } else if (c == '\u0085' || c == '\u2028' || c == '\u2029' || (c == '\ufeff' && i > 0)) {
                throw refused(
                        Code.UNSUPPORTED_YAML, text, i, "an invisible line or byte order mark stands here; remove it");
            }
        }
    }

    static void check(YamlText yaml) {
        if (yaml.directives()) {
            throw new UnreadableException(
                    Code.UNSUPPORTED_YAML,
                    new Position(1, 1),
                    "the file has a directive, which the server may refuse; remove it");
        }
        List<Scalar> scalars = new ArrayList<>();
        yaml.documents().forEach(document -> collect(document, scalars));
        int at = 0;
        for (Scalar scalar : scalars) {
            checkTabs(yaml.text(), at, scalar.span().start());
            if (scalar.style() == Style.DOUBLE) {
                checkEscapes(yaml.text(), scalar.span());
            } else if (scalar.style() != Style.SINGLE) {
                int tab = yaml.text()
                        .substring(0, scalar.span().end())
                        .indexOf('\t', scalar.span().start());
                if (tab >= 0) {
                    throw tab(yaml.text(), tab);
                }
            }
            at = scalar.span().end();
        }
        checkTabs(yaml.text(), at, yaml.text().length());
    }

    private static void collect(YamlNode node, List<Scalar> scalars) {
        if (node instanceof Scalar scalar) {
            checkTag(scalar.tag(), "tag:yaml.org,2002:str", scalar.span());
            scalars.add(scalar);
        } else if (node instanceof YamlNode.Sequence sequence) {
            checkTag(sequence.tag(), "tag:yaml.org,2002:seq", sequence.span());
            sequence.items().forEach(item -> collect(item, scalars));
        } else if (node instanceof YamlNode.Mapping mapping) {
            checkTag(mapping.tag(), "tag:yaml.org,2002:map", mapping.span());
            for (YamlNode.Pair pair : mapping.pairs()) {
                collect(pair.key(), scalars);
                collect(pair.value(), scalars);
            }
        }
    }

    private static void checkTag(@Nullable String tag, String harmless, Span span) {
        if (tag != null && !tag.equals(harmless)) {
            throw new UnreadableException(
                    Code.UNSUPPORTED_YAML,
                    new Position(span.line(), span.column()),
                    "a YAML tag stands here that could be read in two ways; remove it");
        }
    }

    /** Between scalars: a number sign begins a comment there. */
    private static void checkTabs(String text, int from, int to) {
        boolean comment = false;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c == '\n' || c == '\r') {
                comment = false;
            } else if (c == '#') {
                comment = true;
            } else if (c == '\t' && !comment) {
                throw tab(text, i);
            }
        }
    }

    private static void checkEscapes(String text, Span span) {
        int i = span.start();
        while (i < span.end() - 1) {
            if (text.charAt(i) != '\\') {
                i++;
                continue;
            }
            boolean surrogate = text.startsWith("u", i + 1)
                    && SURROGATE.matcher(text).region(i + 2, span.end()).lookingAt();
            if (COMMON_ESCAPES.indexOf(text.charAt(i + 1)) < 0 || surrogate) {
                throw refused(
                        Code.UNSUPPORTED_YAML,
                        text,
                        i,
                        "an escape stands here that the server does not know; write the character itself");
            }
            i += 2;
        }
    }

    private static UnreadableException tab(String text, int at) {
        return refused(
                Code.UNSUPPORTED_YAML,
                text,
                at,
                "a tab stands here, outside of quotes; write blanks, since the server may refuse it");
    }

    private static UnreadableException refused(Code code, String text, int at, String reason) {
        return new UnreadableException(code, Lines.position(text, at), reason);
    }
}
