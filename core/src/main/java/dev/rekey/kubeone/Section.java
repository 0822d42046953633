package dev.rekey.kubeone;

import dev.rekey.InvalidInputException;
import dev.rekey.internal.Placeholder;
import dev.rekey.internal.YamlNode;
import dev.rekey.internal.YamlNode.Mapping;
import dev.rekey.internal.YamlNode.Scalar;
import dev.rekey.internal.YamlNode.Sequence;
import dev.rekey.internal.YamlNode.Style;
import dev.rekey.internal.YamlSyntaxException;
import dev.rekey.internal.YamlText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A map of a file that belongs to others: strict about the fields that are asked for, in whatever capitals they stand, and silent about
 * all others.
 */
final class Section {
    private static final Pattern NULL = Pattern.compile("|~|null|Null|NULL");
    private static final Pattern TRUE = Pattern.compile("true|True|TRUE");
    private static final Pattern FALSE = Pattern.compile("false|False|FALSE");
    private static final Pattern PORT = Pattern.compile("[1-9][0-9]{0,4}");

    private final String file;
    private final String path;
    private final @Nullable Mapping map;

    private Section(String file, String path, @Nullable Mapping map) {
        this.file = file;
        this.path = path;
        this.map = map;
    }

    /** The whole text; {@code file} is what messages call it. */
    static Section of(String file, String text) {
        YamlText parsed;
        try {
            parsed = YamlText.parse(text);
        } catch (YamlSyntaxException e) {
            String where = e.line() > 0 ? ", line " + e.line() + ", column " + e.column() : "";
            throw new InvalidInputException(file + where + ": the text " + e.reason() + "; mend it and call again");
        }
        List<YamlNode> documents = parsed.documents().stream()
                .filter(document -> !isNull(document))
                .toList();
        if (documents.size() != 1) {
            throw new InvalidInputException(file + ": there are " + documents.size()
                    + " documents in it, and it has to be one; give the file of one cluster");
        }
        return new Section(file, "", new Section(file, "", null).map("", documents.get(0)));
    }

    /** The map in the field; an empty one where it is absent or null. */
    Section section(String field) {
        return new Section(
                file,
                join(field),
                value(field).map(node -> map(join(field), node)).orElse(null));
    }

    /** The maps in the list; none where it is absent or null. */
    List<Section> sections(String field) {
        List<Section> sections = new ArrayList<>();
        for (YamlNode item : items(field)) {
            String at = join(field) + "[" + sections.size() + "]";
            sections.add(new Section(file, at, map(at, item)));
        }
        return sections;
    }

    /** The texts in the list, with empty ones for nulls; none where it is absent or null. */
    List<String> texts(String field) {
        List<String> texts = new ArrayList<>();
        for (YamlNode item : items(field)) {
            String at = join(field) + "[" + texts.size() + "]";
            texts.add(isNull(item) ? "" : text(at, item));
        }
        return texts;
    }

    /** Empty where it is absent or null. */
    String text(String field) {
        return value(field).map(node -> text(join(field), node)).orElse("");
    }

    /** A text that is not ours to judge; empty where it is absent or null. */
    String verbatim(String field) {
        return value(field)
                .map(node -> scalar(join(field), node, "a text").text())
                .orElse("");
    }

    int port(String field) {
        Optional<YamlNode> node = value(field);
        if (node.isEmpty()) {
            return 0;
        }
        String text = scalar(join(field), node.get(), "a port").text();
        if (text.equals("0")) {
            return 0;
        }
        if (Placeholder.isIn(text)) {
            throw template(join(field), node.get());
        }
        if (!PORT.matcher(text).matches() || Integer.parseInt(text) > 65535) {
            throw mistake(join(field), node.get(), "here has to be a port, a number from 1 to 65535");
        }
        return Integer.parseInt(text);
    }

    /** Empty where it is absent or null. */
    Optional<Boolean> flag(String field) {
        return value(field).map(node -> {
            Scalar scalar = scalar(join(field), node, "true or false");
            boolean plain = scalar.style() == Style.PLAIN;
            if (plain && TRUE.matcher(scalar.text()).matches()) {
                return true;
            }
            if (plain && FALSE.matcher(scalar.text()).matches()) {
                return false;
            }
            throw mistake(join(field), node, "here has to be true or false, without quotes and spelled out");
        });
    }

    /** Where the section or one of its fields is wrong. */
    InvalidInputException mistake(String field, String what) {
        YamlNode node = value(field).orElse(map);
        return node == null
                ? new InvalidInputException(file + ", " + join(field) + ": " + what)
                : mistake(join(field), node, what);
    }

    private List<YamlNode> items(String field) {
        Optional<YamlNode> node = value(field);
        if (node.isEmpty()) {
            return List.of();
        }
        if (!(node.get() instanceof Sequence list)) {
            throw mistake(join(field), node.get(), "here has to be a list");
        }
        return list.items();
    }

    private Optional<YamlNode> value(String field) {
        YamlNode found = null;
        for (YamlNode.Pair pair : map == null ? List.<YamlNode.Pair>of() : map.pairs()) {
            if (!(pair.key() instanceof Scalar key)) {
                continue;
            }
            if (key.text().equals("<<") && key.style() == Style.PLAIN) {
                throw mistake(path, key, "a merge key (<<) stands here, which is not followed; write its fields out");
            }
            if (key.text().equals(field)) {
                if (found != null) {
                    throw mistake(join(field), key, "the field stands twice; keep one");
                }
                found = pair.value();
            } else if (key.text().equalsIgnoreCase(field)) {
                throw mistake(join(field), key, "the field stands here with other capitals; write it as " + field);
            }
        }
        return Optional.ofNullable(found).filter(node -> !isNull(node));
    }

    private Mapping map(String at, YamlNode node) {
        if (node instanceof Mapping mapping) {
            return mapping;
        }
        throw mistake(at, node, "here has to be a map");
    }

    private String text(String at, YamlNode node) {
        String text = scalar(at, node, "a text").text();
        if (Placeholder.isIn(text)) {
            throw template(at, node);
        }
        return text;
    }

    private Scalar scalar(String at, YamlNode node, String wanted) {
        if (node instanceof Scalar scalar) {
            return scalar;
        }
        // What {{ x }} is without quotes: a map whose key is a map.
        if (node instanceof Mapping map && map.pairs().stream().anyMatch(pair -> pair.key() instanceof Mapping)) {
            throw template(at, node);
        }
        throw mistake(at, node, "here has to be " + wanted);
    }

    private InvalidInputException template(String at, YamlNode node) {
        return mistake(at, node, "a template stands here that is not filled in; fill it in and call again");
    }

    private InvalidInputException mistake(String at, YamlNode node, String what) {
        String said = node instanceof YamlNode.Alias
                ? "an alias stands here, which is not followed; write the value itself"
                : what;
        return new InvalidInputException(file + ", line " + node.span().line() + ", column "
                + node.span().column() + (at.isEmpty() ? "" : ", " + at) + ": " + said);
    }

    private static boolean isNull(YamlNode node) {
        return node instanceof Scalar scalar
                && scalar.style() == Style.PLAIN
                && NULL.matcher(scalar.text()).matches();
    }

    private String join(String field) {
        return path.isEmpty() ? field : field.isEmpty() ? path : path + "." + field;
    }
}
