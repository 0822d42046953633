package dev.rekey.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.internal.YamlNode.Mapping;
import dev.rekey.internal.YamlNode.Scalar;
import dev.rekey.internal.YamlNode.Sequence;
import dev.rekey.internal.YamlNode.Style;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlTextTest {
    @Test
    @DisplayName("emoji before and inside => spans cut the very text out of the string")
    void spans() {
        String text = "\uFEFF# 🔑\r\n\"🚀\": [🔑x, '漢🔑'] # 🔑\r\nb: |\r\n  🔑\r\nc: y\r\n";
        List<String> cut = new ArrayList<>();
        Mapping root = (Mapping) YamlText.parse(text).first().orElseThrow();
        root.pairs().forEach(pair -> {
            cut.add(text.substring(pair.key().span().start(), pair.key().span().end()));
            cut.add(text.substring(
                    pair.value().span().start(), pair.value().span().end()));
        });
        assertThat(cut).containsExactly("\"🚀\"", "[🔑x, '漢🔑']", "b", "|\r\n  🔑\r\n", "c", "y");
        assertThat(root.pairs().get(2).key().span().line()).isEqualTo(5);
        Sequence list = (Sequence) root.pairs().get(0).value();
        assertThat(list.items().get(1).span().column()).isEqualTo(11);
    }

    @Test
    @DisplayName("scalars => text and style, nothing resolved")
    void styles() {
        Sequence list = (Sequence)
                YamlText.parse("[yes, '1', \"\\u0041\", ~]\n").first().orElseThrow();
        assertThat(list.items().stream().map(item -> ((Scalar) item).text())).containsExactly("yes", "1", "A", "~");
        assertThat(list.items().stream().map(item -> ((Scalar) item).style()))
                .containsExactly(Style.PLAIN, Style.SINGLE, Style.DOUBLE, Style.PLAIN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{a: ", "- ", "? "})
    void nestingWithoutEndIsRefusedWithAPosition(String opening) {
        assertThatThrownBy(() -> YamlText.parse(opening.repeat(50_000)))
                .isInstanceOf(YamlSyntaxException.class)
                .hasMessageContaining("is nested deeper than 64")
                .satisfies(e -> assertThat(((YamlSyntaxException) e).line()).isEqualTo(1));
    }

    @Test
    void textThatIsTooLongIsRefused() {
        assertThatThrownBy(() -> YamlText.parse("a".repeat(YamlText.MAX_CHARS + 1)))
                .isInstanceOf(YamlSyntaxException.class)
                .hasMessage("is longer than 1048576 characters");
    }

    @ParameterizedTest
    @DisplayName(
            "an escape that the text ends in, over which the engine's scanner falls => refused like all that is no YAML")
    @ValueSource(strings = {"\"\\x", "\"\\u", "\"\\U", "a: \"\\x", "\"\\"})
    void brokenEscape(String text) {
        assertThatThrownBy(() -> YamlText.parse(text))
                .isInstanceOf(YamlSyntaxException.class)
                .hasMessage("is not valid YAML");
    }

    @ParameterizedTest
    @DisplayName(
            "an alias without an anchor, before it, inside of it, or of another document => refused, as Kubernetes does")
    @ValueSource(strings = {"a: *x", "- *x\n- &x a", "&x [*x]", "a: &x 1\n---\n*x", "a: &x {b: *x}"})
    void looseAlias(String text) {
        assertThatThrownBy(() -> YamlText.parse(text))
                .isInstanceOf(YamlSyntaxException.class)
                .hasMessage("has an alias here whose anchor is missing or not finished")
                .satisfies(e -> assertThat(((YamlSyntaxException) e).line()).isPositive());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: s3cr3t: b",
                "s3cr3t: [",
                "\"s3cr3t",
                "&s3cr3t &b c",
                "@s3cr3t",
                "a: !<s3cr3t",
                "s3cr3t: \u0007"
            })
    void noMessageQuotesTheText(String text) {
        assertThatThrownBy(() -> YamlText.parse(text))
                .isInstanceOf(YamlSyntaxException.class)
                .hasNoCause()
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3cr3t"));
    }
}
