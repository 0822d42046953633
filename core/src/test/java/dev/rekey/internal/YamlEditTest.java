package dev.rekey.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.internal.YamlNode.Mapping;
import dev.rekey.internal.YamlNode.Scalar;
import dev.rekey.internal.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every list and map of every layout gets one element more and loses it again. */
class YamlEditTest {
    private static final YamlValue ELEMENT = YamlValue.fields(
            YamlValue.field("name", YamlValue.text("it's: \"new\"")),
            YamlValue.field("list", YamlValue.items(YamlValue.text("yes"), YamlValue.truth(true))));

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void layouts(String layout, String text, int collections) {
        String unended = text.stripTrailing();
        for (String variant : List.of(
                text,
                text.replace("\n", "\r\n"),
                text.replace("\n", "\r"),
                "\uFEFF" + text,
                "---\n" + text + "...\n",
                unended,
                unended + " # 🔑",
                "# 🔑🔑\n" + text + "\n\n# end")) {
            YamlText parsed = YamlText.parse(variant);
            List<YamlNode> all = new ArrayList<>();
            collect(parsed.documents().get(0), all);
            assertThat(all).hasSize(collections);
            all.forEach(collection -> grownAndBack(parsed, collection));
        }
    }

    private static void grownAndBack(YamlText parsed, YamlNode collection) {
        YamlEdit edit = YamlEdit.of(parsed);
        if (collection instanceof Sequence list) {
            YamlText grown = edit.append(list, ELEMENT).parsed();
            Sequence again = (Sequence) at(grown, list);
            assertThat(YamlEdit.of(grown).remove(again, list.items().size()).parsed())
                    .isEqualTo(parsed);
        } else if (collection instanceof Mapping map) {
            YamlText grown = edit.append(map, "added", ELEMENT).parsed();
            Mapping again = (Mapping) at(grown, map);
            assertThat(YamlEdit.of(grown).remove(again, map.pairs().size()).parsed())
                    .isEqualTo(parsed);
        }
    }

    private static YamlNode at(YamlText text, YamlNode collection) {
        List<YamlNode> all = new ArrayList<>();
        collect(text.documents().get(0), all);
        return all.stream()
                .filter(node ->
                        node.span().start() == collection.span().start() && node.getClass() == collection.getClass())
                .findFirst()
                .orElseThrow();
    }

    private static void collect(YamlNode node, List<YamlNode> found) {
        if (node instanceof Sequence list) {
            found.add(list);
            list.items().forEach(item -> collect(item, found));
        } else if (node instanceof Mapping map) {
            found.add(map);
            map.pairs().forEach(pair -> collect(pair.value(), found));
        }
    }

    static Stream<Arguments> layouts() {
        return Stream.of(
                Arguments.of("lists without indentation", "a:\n- x\n- y: 1\n  z:\n  - q\nb: c\n", 4),
                Arguments.of("lists with indentation", "a:\n    - x\n    -   y: 1\n        z:\n          - q\n", 4),
                Arguments.of("lists in lists", "- - a\n  - b\n- - - c\n", 4),
                Arguments.of("dashes on their own", "-\n  a: b\n-\n  - c\n", 3),
                Arguments.of("comments", "# a\na: # b\n  # c\n  - x # d\n  # e\n\n# f\nb: # g\n  c: d # h\n", 3),
                Arguments.of("flow", "a: [x, {y: 1}, [ ]]\nb: {}\nc: { d: [1], }\n", 7),
                Arguments.of("flow over lines", "a: [\n  x, # 1\n  y # 2\n  ]\nb: {\n  c: d\n}\n", 3),
                Arguments.of("JSON", "{\"a\": [1, \"two\", {}], \"b\": {\"c\": null}}\n", 4),
                Arguments.of("empty values", "a:\n  b:\n  c:\n- d\n".replace("- d\n", "d:\n-\n-\n"), 3),
                Arguments.of("block scalars", "a:\n- |\n  x\n\n- >-\n  y\n  z\nb:\n  c: |+\n    w\n\nd: e\n", 3),
                Arguments.of("long scalars", "a:\n- x\n  y\n- 'p\n\n  q'\n- \"r\\\n  s\"\n", 2),
                Arguments.of("anchors, aliases and tags", "a:\n- !!str y\n- &z w\nb: *z\nc:\n  d: !t x\n", 3),
                Arguments.of("other scripts", "ключ: [🔑, 漢字]\n\"🚀\":\n- é: ü\n", 4));
    }

    @ParameterizedTest(name = "{0} => {2}")
    @MethodSource
    void refused(String shape, String text, String reason) {
        YamlText parsed = YamlText.parse(text);
        List<YamlNode> all = new ArrayList<>();
        collect(parsed.documents().get(0), all);
        assertThatThrownBy(() -> {
                    YamlEdit edit = YamlEdit.of(parsed);
                    YamlNode node = all.get(all.size() - 1);
                    if (reason.contains("end")) {
                        edit.append((Sequence) node, ELEMENT);
                    } else {
                        edit.remove((Sequence) node, 0);
                    }
                })
                .isInstanceOf(YamlEditException.class)
                .hasMessageContaining(reason);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of("the only item of a block list", "a:\n- x\n", "shares its line with something else"),
                Arguments.of(
                        "an item on the line of another", "a:\n- - x\n  - y\n", "shares its line with something else"),
                Arguments.of("a comment between items", "a: [x, # about y\n y]\n", "a comment stands within"),
                Arguments.of("a list with an anchor", "a: &a [x, y]\nb: *a\n", "has a tag or an anchor"),
                Arguments.of("a comma that would stand alone", "a: [x, ]\n", "would not be YAML any more"),
                Arguments.of("a block scalar without line end", "a:\n- |\n  x", "ends the text without a line end"));
    }

    @Test
    @DisplayName("what is taken away would end the text in a block scalar without line end => refused")
    void blockScalarWouldEndTheText() {
        YamlText parsed = YamlText.parse("- |\n  x\n- y");
        assertThatThrownBy(() ->
                        YamlEdit.of(parsed).remove((Sequence) parsed.documents().get(0), 1))
                .isInstanceOf(YamlEditException.class)
                .hasMessage("the edited text would mean something else");
    }

    @ParameterizedTest(name = "{0} becomes {1} => {2}")
    @MethodSource
    void replaced(String before, String value, String after) {
        YamlText parsed = YamlText.parse("- " + before + " # c\n");
        Scalar scalar = (Scalar) ((Sequence) parsed.documents().get(0)).items().get(0);
        assertThat(YamlEdit.of(parsed).replace(scalar, value).parsed().text()).isEqualTo("- " + after + " # c\n");
    }

    static Stream<Arguments> replaced() {
        return Stream.of(
                Arguments.of("x", "/y", "/y"),
                Arguments.of("x", "on", "\"on\""),
                Arguments.of("x", "1e3", "\"1e3\""),
                Arguments.of("x", "a: b", "\"a: b\""),
                Arguments.of("'x'", "it's", "'it''s'"),
                Arguments.of("\"x\"", "a\\\"b", "\"a\\\\\\\"b\""),
                Arguments.of("'🔑'", "🔑🔑", "'🔑🔑'"));
    }
}
