package dev.rekey.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.RefusedException;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class StagesPropertyTest {
    /** More on request: {@code -Drekey.stages.cases=1000000 -Drekey.stages.seed=1}. */
    private static final long CASES = Long.getLong("rekey.stages.cases", 5_000);

    private static final long SEED = Long.getLong("rekey.stages.seed", 0);

    @Test
    void everyMixtureOfNeighboursReadsWhatAnyMemberWrites() {
        for (long seed = SEED; seed < SEED + CASES; seed++) {
            Case given = new RandomCases(seed).next();
            if (!StageLaws.brokenBy(given).isEmpty()) {
                Case small = Shrinker.shrink(
                        given, smaller -> !StageLaws.brokenBy(smaller).isEmpty());
                List<String> broken = StageLaws.brokenBy(small);
                throw new AssertionError("seed " + seed + "\n" + small + "\n" + String.join("\n", broken));
            }
        }
    }

    /** Else the property could hold because everything is refused. */
    @Test
    void mostCasesHaveStages() {
        long refused = LongStream.range(0, 2_000)
                .filter(seed -> isRefused(new RandomCases(seed).next()))
                .count();

        assertThat(refused).isBetween(200L, 400L);
    }

    private static boolean isRefused(Case given) {
        try {
            given.stages();
            return false;
        } catch (RefusedException e) {
            return true;
        }
    }
}
