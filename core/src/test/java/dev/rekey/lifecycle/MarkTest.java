package dev.rekey.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.config.KeyRef;
import dev.rekey.config.Rendered;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MarkTest {
    @Test
    void writersThatPeopleAreShownAlike_areNotTheSameInAMark() {
        String long1 = "k".repeat(200) + "1";
        String long2 = "k".repeat(200) + "2";

        assertThat(Mark.writer(new KeyRef("aescbc", long1)))
                .isEqualTo("aescbc key " + long1)
                .isNotEqualTo(Mark.writer(new KeyRef("aescbc", long2)));
        assertThat(Mark.writer(new KeyRef("aescbc", "6utsip8CJ1GFQpM6iWq4oL2z2g8tJ5UkGbIgkSWAAc")))
                .endsWith("SWAAc");
        assertThat(Mark.writer(KeyRef.IDENTITY)).isEqualTo("identity");
    }

    @Test
    void aMark_isReadBackAsItWasWritten_andOneThatWasTouchedProvesNothing() {
        Mark mark = new Mark(
                "uid",
                42,
                Map.of("secrets", "aescbc key it's", "*.*", "identity"),
                Set.of("h1", Mark.NONE),
                Set.of("h1"));
        String text = new String(mark.render().exposeBytes(), StandardCharsets.UTF_8);

        assertThat(Mark.parse(mark.render())).contains(mark);
        assertThat(Mark.parse(Rendered.of(text.replace("'42'", "'42' ")))).isEmpty();
        assertThat(Mark.parse(Rendered.of(text.replace("'42'", "'x'")))).isEmpty();
        assertThat(Mark.parse(Rendered.of(text + "more: [")))
                .as("what is no YAML at all")
                .isEmpty();
        assertThat(Mark.parse(Rendered.of("[]"))).isEmpty();
    }
}
