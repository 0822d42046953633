package dev.rekey.internal;

import java.util.List;
import java.util.Optional;

/**
 * Text and what it parses to.
 *
 * @param documents the roots, in order; an empty document is an empty scalar
 * @param directives whether a {@code %} line stands in front of a document
 * @param aliases number of aliases
 */
public record YamlText(String text, List<YamlNode> documents, boolean directives, int aliases) {
    /** The most characters that are read. */
    public static final int MAX_CHARS = 1 << 20;

    /** The deepest nesting that is read. */
    public static final int MAX_DEPTH = 64;

    /** Copies the list. */
    public YamlText {
        documents = List.copyOf(documents);
    }

    /** Parses; a {@link YamlSyntaxException} where it is no YAML, too large or too deep. Linear in the length. */
    public static YamlText parse(String text) {
        if (text.length() > MAX_CHARS) {
            throw new YamlSyntaxException(0, 0, "is longer than " + MAX_CHARS + " characters");
        }
        if (text.indexOf('\0') >= 0) {
            throw new YamlSyntaxException(
                    0, 0, "holds NUL characters, as UTF-16 does where UTF-8 should stand: convert it to UTF-8");
        }
        return new YamlParser(text).parse();
    }

    /** The first document. */
    public Optional<YamlNode> first() {
        return documents.stream().findFirst();
    }
}
