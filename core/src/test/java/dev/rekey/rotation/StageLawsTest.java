package dev.rekey.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.RefusedException;
import dev.rekey.config.EncryptionConfiguration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** That the laws find what is unsafe, and that what they find gets small enough to read. */
class StageLawsTest {
    private static final Case ROTATION = Case.read("""
            m1 has secrets = aescbc[k1] identity
            m2 has secrets = aescbc[k1] identity
            target secrets = aescbc[k2] identity
            """);

    @Test
    void aNewKeyThatWritesBeforeAllReadIt_isFound() {
        assertThat(StageLaws.brokenBy(ROTATION, (members, target) -> {
                    Stages right = Stages.between(members, target);
                    Map<String, EncryptionConfiguration> loaded = new TreeMap<>();
                    members.forEach((name, member) -> loaded.put(name, member.loaded()));
                    return new Stages(loaded, right.promote(), target, right.rules(), right.retiring());
                }))
                .contains(
                        "introduce of m2 cannot read all of secrets",
                        "between introduce and promote a member cannot read all that is written of secrets");
    }

    @Test
    void anOldKeyThatGoesWithTheNewOne_isFound() {
        assertThat(StageLaws.brokenBy(ROTATION, (members, target) -> {
                    Stages right = Stages.between(members, target);
                    return new Stages(right.introduce(), target, target, right.rules(), right.retiring());
                }))
                .contains("promote cannot read all of secrets");
    }

    @Test
    void aRefusalWithoutNeed_isFound() {
        assertThat(StageLaws.brokenBy(ROTATION, (members, target) -> {
                    throw new RefusedException("no. Nothing was changed. " + "Because. ".repeat(20));
                }))
                .singleElement()
                .asString()
                .startsWith("refused without need");
    }

    @Test
    void whatIsFoundShrinksToAFewLines() {
        BiFunction<Map<String, MemberConfigurations>, EncryptionConfiguration, Stages> forgetful =
                (members, target) -> {
                    Stages right = Stages.between(members, target);
                    return new Stages(right.introduce(), target, target, right.rules(), right.retiring());
                };
        Predicate<Case> fails =
                given -> StageLaws.brokenBy(given, forgetful).contains("promote cannot read all of secrets");
        List<Case> failing = LongStream.range(0, 300)
                .mapToObj(seed -> new RandomCases(seed).next())
                .filter(fails)
                .toList();

        assertThat(failing).hasSizeGreaterThan(50);
        assertThat(failing).allSatisfy(given -> {
            Case small = Shrinker.shrink(given, fails);
            assertThat(fails).accepts(small);
            assertThat(small.toString()).hasSizeLessThan(150);
        });
    }
}
