package dev.rekey.rotation;

import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.Reader;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Stages as tests show them. */
final class StageText {
    private StageText() {}

    static String of(Stages stages) {
        StringBuilder text = new StringBuilder();
        Set<EncryptionConfiguration> introduced = Set.copyOf(stages.introduce().values());
        stages.introduce().forEach((name, configuration) -> {
            if (introduced.size() > 1) {
                line(text, "introduce " + name, Sketch.text(configuration));
            }
        });
        if (introduced.size() == 1) {
            line(text, "introduce", Sketch.text(introduced.iterator().next()));
        }
        line(text, "promote", Sketch.text(stages.promote()));
        line(text, "retire", Sketch.text(stages.retire()));
        line(text, "rewrite", String.join(" ", stages.rules()));
        line(
                text,
                "unused",
                stages.retiring().stream()
                        .map(Reader::ref)
                        .map(Object::toString)
                        .collect(Collectors.toCollection(TreeSet::new))
                        .stream()
                        .collect(Collectors.joining(", ")));
        return text.toString();
    }

    private static void line(StringBuilder text, String what, String value) {
        text.append((what + " ".repeat(Math.max(1, 13 - what.length())) + value).stripTrailing())
                .append('\n');
    }
}
