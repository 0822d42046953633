package dev.rekey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.ChangedMeanwhileException;
import dev.rekey.InvalidInputException;
import dev.rekey.LockedException;
import dev.rekey.NodeException;
import dev.rekey.NotProvedException;
import dev.rekey.PlanOutdatedException;
import dev.rekey.RefusedException;
import dev.rekey.RekeyException;
import dev.rekey.RewriteIncompleteException;
import dev.rekey.StoppedException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ExitStatusTest {
    private static final Map<RekeyException, Integer> BEFORE_THE_FIRST_STEP = Map.of(
            new InvalidInputException(""), 2,
            new RefusedException(""), 3,
            new LockedException(""), 3,
            new PlanOutdatedException(""), 3,
            new NodeException(""), 3,
            new ChangedMeanwhileException(""), 1,
            new NotProvedException(""), 1,
            new RewriteIncompleteException(""), 1,
            new StoppedException(""), 1);

    @Test
    void everyKindOfFailure_hasItsStatusBeforeTheFirstStep() {
        BEFORE_THE_FIRST_STEP.forEach(
                (failure, status) -> assertThat(ExitStatus.of(failure, false).number())
                        .as(failure.code())
                        .isEqualTo(status));
    }

    @Test
    void whateverEndsARunWhoseStepsHaveBegun_isNeverToldAsNothingChanged() {
        BEFORE_THE_FIRST_STEP
                .keySet()
                .forEach(failure -> assertThat(ExitStatus.of(failure, true).number())
                        .as(failure.code())
                        .isEqualTo(1));
    }

    @Test
    void noKindOfFailureIsMissingHere() throws IOException, URISyntaxException {
        Path classes = Path.of(RekeyException.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Set<String> known = BEFORE_THE_FIRST_STEP.keySet().stream()
                .map(failure -> failure.getClass().getSimpleName())
                .collect(Collectors.toSet());
        if (!Files.isDirectory(classes)) {
            assertThat(known).hasSize(9);
            return;
        }
        try (Stream<Path> files = Files.list(classes.resolve("dev/rekey"))) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith("Exception.class") && !name.equals("RekeyException.class"))
                            .map(name -> name.replace(".class", "")))
                    .containsExactlyInAnyOrderElementsOf(known);
        }
    }
}
