package dev.rekey.internal;

import dev.rekey.internal.YamlNode.Mapping;
import dev.rekey.internal.YamlNode.Pair;
import dev.rekey.internal.YamlNode.Scalar;
import dev.rekey.internal.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** Writes nodes that an edit adds; it writes only what {@link YamlValue} makes. */
final class YamlWriter {
    private YamlWriter() {}

    /** One line, without the line end. */
    static String flow(YamlNode node) {
        if (node instanceof Sequence sequence) {
            StringJoiner items = new StringJoiner(", ", "[", "]");
            sequence.items().forEach(item -> items.add(flow(item)));
            return items.toString();
        }
        if (node instanceof Mapping mapping) {
            StringJoiner pairs = new StringJoiner(", ", "{", "}");
            mapping.pairs().forEach(pair -> pairs.add(flow(pair)));
            return pairs.toString();
        }
        return scalar((Scalar) node);
    }

    /** One blank inside the brackets of a value tells that its key was absent before. */
    static String flow(Pair pair) {
        String value = flow(pair.value());
        return flow(pair.key()) + ": " + (pair.value() instanceof Scalar ? value : pad(value, 1));
    }

    static String pad(String collection, int padding) {
        String blanks = " ".repeat(padding);
        int last = collection.length() - 1;
        return collection.charAt(0) + blanks + collection.substring(1, last) + blanks + collection.charAt(last);
    }

    /** The lines of a list item, without indentation and line ends. */
    static List<String> blockItem(YamlNode item) {
        return hung("- ", item instanceof Mapping mapping && !mapping.flow() ? block(mapping) : List.of(flow(item)));
    }

    /** The lines of a pair, without indentation and line ends. Lists are not indented, as kubeadm writes them. */
    static List<String> blockPair(Pair pair) {
        String key = scalar((Scalar) pair.key()) + ":";
        List<String> lines = new ArrayList<>();
        if (pair.value() instanceof Sequence sequence && !sequence.flow()) {
            lines.add(key);
            sequence.items().forEach(item -> lines.addAll(blockItem(item)));
        } else if (pair.value() instanceof Mapping mapping && !mapping.flow()) {
            lines.add(key);
            block(mapping).forEach(line -> lines.add("  " + line));
        } else {
            lines.add(flow(pair));
        }
        return lines;
    }

    static String scalar(Scalar scalar) {
        return switch (scalar.style()) {
            case SINGLE -> "'" + scalar.text().replace("'", "''") + "'";
            case DOUBLE -> '"' + scalar.text().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
            default -> scalar.text();
        };
    }

    static List<String> block(Mapping mapping) {
        List<String> lines = new ArrayList<>();
        mapping.pairs().forEach(pair -> lines.addAll(blockPair(pair)));
        return lines;
    }

    private static List<String> hung(String first, List<String> lines) {
        List<String> hung = new ArrayList<>();
        for (String line : lines) {
            hung.add((hung.isEmpty() ? first : " ".repeat(first.length())) + line);
        }
        return hung;
    }
}
