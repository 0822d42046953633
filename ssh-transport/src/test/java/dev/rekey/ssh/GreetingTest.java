package dev.rekey.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GreetingTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Choose a host: | ''                              | does not end       | says 'Choose a host:'",
                "''             | setlocale failed~exec: restricted | ends with status 1 | says 'exec: restricted'",
                "No shell here  | setlocale failed                | ends with status 1 | says 'No shell here'",
                "''             | ''                              | ends with status 3 | ends with status 3 and says nothing",
                "''             | ''                              | does not end       | does not end and says nothing"
            })
    void aShellThatRunsNothing_isToldInItsOwnWords(String printed, String complained, String end, String told) {
        assertThat(Greeting.runsNothing(
                        printed.getBytes(StandardCharsets.US_ASCII), complained.replace('~', '\n'), end))
                .hasMessage("its login shell runs no command (it " + told + ")");
    }
}
