package dev.rekey.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.RefusedException;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class StagesPropertyTest {
    private static final int CASES = Integer.getInteger("rekey.stages.cases", 20_000);

    @Test
    void everyMixtureOfNeighboursReadsWhatAnyMemberWrites() {
        LongStream.range(0, CASES).forEach(seed -> {
            Case given = new RandomCases(seed).next();
            if (!StageLaws.brokenBy(given).isEmpty()) {
                Case small = Shrinker.shrink(given, c -> !StageLaws.brokenBy(c).isEmpty());
                throw new AssertionError("seed " + seed + "\n" + small + "\n" + Case.text(small.stages().promote()) + "\n"
                        + String.join("\n", StageLaws.brokenBy(small)));
            }
        });
    }
}
