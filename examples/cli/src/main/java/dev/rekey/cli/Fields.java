package dev.rekey.cli;

import dev.rekey.InvalidInputException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A mapping of the inventory, in which every field is known and stands once. Messages name fields, never values. */
final class Fields {
    private final Source source;
    private final String path;
    private final int line;
    private final Map<String, Node> values = new LinkedHashMap<>();

    private Fields(Source source, String path, int line) {
        this.source = source;
        this.path = path;
        this.line = line;
    }

    /** {@code path} is empty for the whole file. */
    static Fields of(Source source, String path, Node node, List<String> known) {
        if (!(node instanceof MappingNode mapping)) {
            throw source.mistake(
                    Source.line(node), path, "is " + kind(node), "Write a mapping with the fields " + list(known));
        }
        Fields fields = new Fields(source, path, Source.line(node));
        for (NodeTuple tuple : mapping.getValue()) {
            fields.add(tuple, known);
        }
        return fields;
    }

    private void add(NodeTuple tuple, List<String> known) {
        Node key = tuple.getKeyNode();
        String name = key instanceof ScalarNode scalar ? scalar.getValue() : "";
        if (!known.contains(name)) {
            String meant = NearestName.of(name, known)
                    .map(near -> "Did you mean " + near + "? ")
                    .orElse("");
            throw source.mistake(
                    Source.line(key),
                    at(shown(name)),
                    "there is no such field",
                    meant + "The fields here are " + list(known));
        }
        if (values.put(name, tuple.getValueNode()) != null) {
            throw source.mistake(Source.line(key), at(name), "is given twice", "Keep one of the two");
        }
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** Of the field, or of the mapping where the field is not there. */
    int lineOf(String name) {
        Node value = values.get(name);
        return value == null ? line : Source.line(value);
    }

    /** {@code expected} says what the field is for, for whoever left it out. */
    String text(String name, String expected) {
        return optionalText(name, expected).orElseThrow(() -> missing(name, expected));
    }

    Optional<String> optionalText(String name, String expected) {
        return Optional.ofNullable(values.get(name)).map(node -> scalar(node, at(name), expected));
    }

    /** Checked by {@code check}, whose refusal is told with file, line and field. */
    <T> Optional<T> optional(String name, String expected, Function<String, T> check) {
        return optionalText(name, expected)
                .map(text -> source.checked(lineOf(name), at(name), () -> check.apply(text)));
    }

    Optional<Integer> optionalNumber(String name, String expected) {
        return Optional.ofNullable(values.get(name)).map(node -> {
            if (node instanceof ScalarNode number
                    && number.getTag().equals(Tag.INT)
                    && number.getValue().matches("[0-9]{1,9}")) {
                return Integer.valueOf(number.getValue());
            }
            throw wrong(node, at(name), expected);
        });
    }

    /** Whether it is there; {@code false} is no value for a field that is left out instead. */
    boolean isTrue(String name, String expected) {
        Node node = values.get(name);
        if (node == null) {
            return false;
        }
        if (node instanceof ScalarNode word
                && word.getTag().equals(Tag.BOOL)
                && word.getValue().equals("true")) {
            return true;
        }
        throw wrong(node, at(name), expected);
    }

    Optional<List<String>> optionalTexts(String name, String expected) {
        return Optional.ofNullable(values.get(name)).map(node -> {
            List<Node> elements = elements(node, at(name), expected);
            return IntStream.range(0, elements.size())
                    .mapToObj(i -> scalar(elements.get(i), at(name) + "[" + i + "]", "a text"))
                    .toList();
        });
    }

    Optional<Fields> mapping(String name, List<String> known) {
        return Optional.ofNullable(values.get(name)).map(node -> of(source, at(name), node, known));
    }

    List<Fields> mappings(String name, String expected, List<String> known) {
        Node node = values.get(name);
        if (node == null) {
            throw missing(name, expected);
        }
        List<Node> elements = elements(node, at(name), expected);
        return IntStream.range(0, elements.size())
                .mapToObj(i -> of(source, at(name) + "[" + i + "]", elements.get(i), known))
                .toList();
    }

    InvalidInputException missing(String name, String expected) {
        return source.mistake(line, at(name), "is missing", "Give " + expected);
    }

    /** A mistake in the value of {@code name}. */
    InvalidInputException mistake(String name, String problem, String advice) {
        return source.mistake(lineOf(name), at(name), problem, advice);
    }

    private List<Node> elements(Node node, String field, String expected) {
        if (node instanceof SequenceNode sequence && !sequence.getValue().isEmpty()) {
            return sequence.getValue();
        }
        throw wrong(node, field, expected);
    }

    private String scalar(Node node, String field, String expected) {
        if (node instanceof ScalarNode text
                && text.getTag().equals(Tag.STR)
                && !text.getValue().isBlank()) {
            return text.getValue();
        }
        throw wrong(node, field, expected);
    }

    private InvalidInputException wrong(Node node, String field, String expected) {
        return source.mistake(Source.line(node), field, "is " + kind(node), "Give " + expected);
    }

    private String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static String kind(Node node) {
        if (node instanceof MappingNode) {
            return "a mapping";
        }
        if (node instanceof SequenceNode sequence) {
            return sequence.getValue().isEmpty() ? "an empty list" : "a list";
        }
        if (node instanceof ScalarNode scalar) {
            if (scalar.getValue().isBlank() || scalar.getTag().equals(Tag.NULL)) {
                return "empty";
            }
            return scalar.getTag().equals(Tag.STR) ? "a text" : "a number, a truth value or the like, not a text";
        }
        return "neither text, list nor mapping";
    }

    private static String list(List<String> names) {
        return String.join(", ", names);
    }

    /** A name out of the file, so that it cannot break the message's line. */
    private static String shown(String name) {
        String printable = name.replaceAll("[^\\x20-\\x7e]", "?");
        return printable.length() > 40 ? printable.substring(0, 40) + "…" : printable;
    }
}
