package dev.rekey.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.rekey.InvalidInputException;
import dev.rekey.lifecycle.Timing;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnsafeTestTimingTest {
    @Test
    void whatIsNamed_isShortened_andTheRestStays() {
        Timing timing = UnsafeTestTiming.parse("poll=200ms,settle=3s");

        assertThat(timing.poll()).isEqualTo(Duration.ofMillis(200));
        assertThat(timing.settle()).isEqualTo(Duration.ofSeconds(3));
        assertThat(timing.restart()).isEqualTo(Timing.DEFAULT.restart());
        assertThat(timing.leaseMoves()).isEqualTo(Timing.DEFAULT.leaseMoves());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"poll", "poll=", "poll=2", "pol=2s", "poll=2s,", "poll=2s,poll=3s", "poll=1s=2s", " poll=2s"})
    void whatIsMalformed_isRefusedWithTheNames(String text) {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> UnsafeTestTiming.parse(text))
                .withMessageContaining("rekey.unsafeTestTiming")
                .withMessageContaining("poll, reloadPoll, restart, settle, beat, trust, stale, operation, leaseMoves");
    }
}
