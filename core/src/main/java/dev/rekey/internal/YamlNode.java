package dev.rekey.internal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node as it stands in the text. Nothing is resolved: a plain {@code yes} is the text {@code yes}. */
public sealed interface YamlNode {

    /** Where it stands. */
    Span span();

    /** Its tag in full; null where it has none. */
    @Nullable
    String tag();

    /** The name by which an alias may mean it; null where it has none. */
    @Nullable
    String anchor();

    /** Offsets into the Java string (chars, not code points), and the position of the start counted from 1. */
    record Span(int start, int end, int line, int column) {}

    /** How a scalar is written. */
    enum Style {
        /** Without quotes. */
        PLAIN,
        /** In single quotes. */
        SINGLE,
        /** In double quotes. */
        DOUBLE,
        /** After a bar. */
        LITERAL,
        /** After a greater-than sign. */
        FOLDED
    }

    /** A scalar; an empty value is an empty plain one of no length. */
    record Scalar(
            String text,
            Style style,
            @Nullable String tag,
            @Nullable String anchor,
            Span span) implements YamlNode {}

    /** A list, in flow style or block style. */
    record Sequence(
            List<YamlNode> items,
            boolean flow,
            @Nullable String tag,
            @Nullable String anchor,
            Span span) implements YamlNode {}

    /** A map; a key may stand twice, since the text may have it so. */
    record Mapping(
            List<Pair> pairs,
            boolean flow,
            @Nullable String tag,
            @Nullable String anchor,
            Span span) implements YamlNode {
        /** The value of the last pair with that scalar key. */
        public @Nullable YamlNode value(String key) {
            YamlNode found = null;
            for (Pair pair : pairs) {
                if (pair.key() instanceof Scalar scalar && scalar.text().equals(key)) {
                    found = pair.value();
                }
            }
            return found;
        }
    }

    /** A key and its value. */
    record Pair(YamlNode key, YamlNode value) {}

    /** {@code *name}, not followed. */
    record Alias(String name, Span span) implements YamlNode {
        @Override
        public @Nullable String tag() {
            return null;
        }

        @Override
        public @Nullable String anchor() {
            return null;
        }
    }
}
