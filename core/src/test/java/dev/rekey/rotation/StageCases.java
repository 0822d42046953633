package dev.rekey.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.RefusedException;

/** A case and what comes of it, in the notations of {@link Case} and {@link StageText}. */
final class StageCases {
    private StageCases() {}

    static void assertStages(String given, String stages) {
        Case there = Case.read(given);

        assertThat(StageText.of(there.stages())).isEqualTo(stages);
        assertThat(StageLaws.brokenBy(there)).isEmpty();
    }

    static void assertRefused(String given, String message) {
        assertThatThrownBy(() -> Case.read(given).stages())
                .isInstanceOf(RefusedException.class)
                .hasMessage(message);
    }
}
