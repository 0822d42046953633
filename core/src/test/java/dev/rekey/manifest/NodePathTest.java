package dev.rekey.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodePathTest {
    private static final NodePath DIRECTORY = NodePath.of("/d");

    @ParameterizedTest
    @ValueSource(strings = {"a\0b", "\0", "two\nlines", "tab\t", "\u007f", "half \ud83d", "\udd11 half", "\ufffd"})
    void aNameThatIsNoText_isRefusedBeforeAnyTransportSeesIt_andIsNoEntry(String name) {
        assertThatThrownBy(() -> DIRECTORY.resolve(name))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("control character")
                .hasMessageContaining("nothing was changed");
        assertThat(DIRECTORY.entry(name)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b"})
    void whatIsNoName_isNoEntry(String name) {
        assertThat(DIRECTORY.entry(name)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-rf", "$(x)", "it's", " ", "schl\u00fcssel-\ud83d\udd11"})
    void aNameOfText_isAnEntry(String name) {
        assertThat(DIRECTORY.entry(name)).contains(NodePath.of("/d/" + name));
    }

    @Test
    void anEntryOfTheRoot_hasOneSlash() {
        assertThat(NodePath.of("/").entry("etc")).contains(NodePath.of("/etc"));
    }
}
