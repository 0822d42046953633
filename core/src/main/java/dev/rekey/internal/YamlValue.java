package dev.rekey.internal;

import dev.rekey.internal.YamlNode.Pair;
import dev.rekey.internal.YamlNode.Scalar;
import dev.rekey.internal.YamlNode.Span;
import dev.rekey.internal.YamlNode.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What an edit writes, before it is decided in which style. */
public sealed interface YamlValue {
    /** A string; quoted wherever a parser of any YAML version could take it for something else. */
    record Text(String text) implements YamlValue {
        @Override
        public Scalar node(boolean flow) {
            Style quoted = flow ? Style.DOUBLE : Style.SINGLE;
            return scalar(text, flow || !isPlainForAll(text) ? quoted : Style.PLAIN);
        }
    }

    /** A boolean. */
    record Truth(boolean value) implements YamlValue {
        @Override
        public Scalar node(boolean flow) {
            return scalar(String.valueOf(value), Style.PLAIN);
        }
    }

    /** A list. */
    record Items(List<YamlValue> items) implements YamlValue {
        /** Copies the list. */
        public Items {
            items = List.copyOf(items);
        }

        @Override
        public YamlNode.Sequence node(boolean flow) {
            List<YamlNode> nodes = new ArrayList<>();
            items.forEach(item -> nodes.add(item.node(flow)));
            return new YamlNode.Sequence(nodes, flow, null, null, NOWHERE);
        }
    }

    /** A map, written in this order. */
    record Fields(List<Field> fields) implements YamlValue {
        /** Copies the list. */
        public Fields {
            fields = List.copyOf(fields);
        }

        @Override
        public YamlNode.Mapping node(boolean flow) {
            List<Pair> pairs = new ArrayList<>();
            fields.forEach(field -> pairs.add(field.node(flow)));
            return new YamlNode.Mapping(pairs, flow, null, null, NOWHERE);
        }
    }

    /** A key and its value. */
    record Field(String key, YamlValue value) {
        Pair node(boolean flow) {
            return new Pair(new Text(key).node(flow), value.node(flow));
        }
    }

    /** Where a node that is not yet in any text stands. */
    Span NOWHERE = new Span(0, 0, 0, 0);

    /** The node that this is to become; JSON where {@code flow}, since a flow collection may be read as such. */
    YamlNode node(boolean flow);

    /** A string. */
    static Text text(String text) {
        return new Text(text);
    }

    /** A boolean. */
    static Truth truth(boolean value) {
        return new Truth(value);
    }

    /** A list. */
    static Items items(YamlValue... items) {
        return new Items(List.of(items));
    }

    /** A map, written in this order. */
    static Fields fields(Field... fields) {
        return new Fields(List.of(fields));
    }

    /** A key and its value. */
    static Field field(String key, YamlValue value) {
        return new Field(key, value);
    }

    private static Scalar scalar(String text, Style style) {
        return new Scalar(text, style, null, null, NOWHERE);
    }

    /** Whether {@code text} without quotes is that string in YAML 1.1 and 1.2, block and flow style alike. */
    static boolean isPlainForAll(String text) {
        return Words.PLAIN.matcher(text).matches() && !Words.RESOLVED.contains(text.toLowerCase(Locale.ROOT));
    }

    /** The texts that decide about quotes. */
    final class Words {
        private static final Pattern PLAIN = Pattern.compile("(--)?[A-Za-z/][A-Za-z0-9/._=-]*");
        private static final Set<String> RESOLVED = Set.of("y", "n", "yes", "no", "on", "off", "true", "false", "null");

        private Words() {}
    }
}
