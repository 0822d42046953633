package dev.rekey.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @Test
    void numbersWithUnits_areAddedUp() {
        assertThat(Durations.parse("200ms")).isEqualTo(Duration.ofMillis(200));
        assertThat(Durations.parse("90s")).isEqualTo(Duration.ofSeconds(90));
        assertThat(Durations.parse("1h30m")).isEqualTo(Duration.ofMinutes(90));
        assertThat(Durations.parse("999999999h")).isEqualTo(Duration.ofHours(999_999_999));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "m", "-1s", "1.5s", "1 s", "10d", "1s ", "PT5M", "9999999999s"})
    void anythingElse_isRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Durations.parse(text))
                .withMessageContaining("as 90s, 30m or 1h30m");
    }
}
