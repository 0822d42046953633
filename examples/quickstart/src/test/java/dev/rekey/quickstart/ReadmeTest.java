package dev.rekey.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.rekey.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReadmeTest {
    private static final Path MODULE = Path.of("").toAbsolutePath();

    @Test
    void theReadme_showsTheLinesThatCompile() throws IOException {
        String source = Files.readString(MODULE.resolve("src/main/java/dev/rekey/quickstart/Quickstart.java"));
        String tagged = source.substring(
                source.indexOf("// tag::readme[]\n") + "// tag::readme[]\n".length(),
                source.indexOf("        // end::readme[]"));
        String snippet = tagged.stripTrailing().stripIndent() + "\n";

        assertThat(snippet.lines().count()).isBetween(5L, 12L);
        assertThat(Files.readString(MODULE.resolve("../../README.md"))).contains("```java\n" + snippet + "```\n");
    }

    @Test
    void withoutItsFiles_itSaysWhichOneIsMissing() {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> Quickstart.main(new String[0]))
                .withMessageContaining("backup.pem");
    }
}
