package dev.rekey.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.InvalidInputException;
import dev.rekey.RefusedException;
import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.Finding;
import dev.rekey.config.Finding.Severity;
import dev.rekey.config.KeyRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code what is pushed _ what is found}; {@code target} is what comes, {@code stored} what is known, in the notation of {@link Sketch}. */
class SafetyTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z-]+)` \\| (error|warning|info) \\| [^|]+ \\|$");

    @Test
    void aMemberOfWhichNothingIsKnown_isNotCalledSafe() {
        EncryptionConfiguration none = MemberConfigurations.NO_CONFIGURATION;
        Map<String, MemberConfigurations> running = Map.of("m1", new MemberConfigurations(none, List.of()));

        assertThatThrownBy(() -> Safety.check(running, Map.of("m2", none), StoredReaders.UNKNOWN))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("a push to m2 cannot be checked");
    }

    @Test
    void aReaderJoins_safe() {
        assertFindings("""
                m1 has secrets = aescbc[k1] identity
                m2 has secrets = aescbc[k1] identity
                target secrets = aescbc[k1 k2] identity
                """, "");
    }

    @Test
    void aWriterJoinsThatNobodyReads_unreadable() {
        assertFindings("""
                m1 has secrets = aescbc[k1] identity
                m2 has secrets = aescbc[k1] identity
                target secrets = aescbc[k2 k1] identity
                """, """
                error writer-unreadable secrets
                  what is written of secrets under aescbc key k2 could not be read on every member; first push it to every member as a reader behind the writer
                """);
    }

    @Test
    void aWriterJoinsOnTheOnlyMember_safe() {
        assertFindings("""
                m1 has secrets = aescbc[k1] identity
                target secrets = aescbc[k2 k1] identity
                """, "");
    }

    @Test
    void aWriterJoinsThatOneMemberWouldLoseByARestart_unreadable() {
        assertFindings("""
                m1 loaded secrets = aescbc[k1 k2] identity
                m1 on file secrets = aescbc[k1 k2] identity
                m2 loaded secrets = aescbc[k1 k2] identity
                m2 on file secrets = aescbc[k1] identity
                target secrets = aescbc[k2 k1] identity
                """, """
                error writer-unreadable secrets
                  what is written of secrets under aescbc key k2 could not be read on m2; first push it to every member as a reader behind the writer
                """);
    }

    @Test
    void aReaderGoesAndNothingIsKnown_leaves() {
        assertFindings("""
                m1 has secrets = aescbc[k2 k1] identity
                m2 has secrets = aescbc[k2 k1] identity
                target secrets = aescbc[k2] identity
                """, """
                error reader-leaves secrets
                  values of secrets may be stored under aescbc key k1, which would be missing on every member; keep it behind the writer until a rewrite is proved
                """);
    }

    @Test
    void aReaderGoesThatIsInUse_leaves() {
        assertFindings("""
                m1 has secrets = aescbc[k2 k1] identity
                target secrets = aescbc[k2] identity
                stored secrets aescbc k2, aescbc k1
                """, """
                error reader-leaves secrets
                  values of secrets are stored under aescbc key k1, which would be missing on every member; keep it behind the writer until a rewrite is proved
                """);
    }

    @Test
    void aReaderGoesThatIsNotInUse_safe() {
        assertFindings("""
                m1 has secrets = aescbc[k2 k1] identity
                target secrets = aescbc[k2] identity
                stored secrets aescbc k2
                """, "");
    }

    @Test
    void aReaderAndIdentityGoThatAreInUse_bothLeave() {
        assertFindings("""
                m1 has secrets = aescbc[k2 k1] identity
                target secrets = aescbc[k2]
                stored secrets aescbc k2, aescbc k1, plain
                """, """
                error reader-leaves secrets
                  values of secrets are stored under aescbc key k1, which would be missing on every member; keep it behind the writer until a rewrite is proved
                error identity-leaves secrets
                  values of secrets are stored plain, and identity would be missing on every member; keep it as the last provider until a rewrite is proved
                """);
    }

    @Test
    void identityGoesAndNothingIsKnown_leaves() {
        assertFindings("""
                m1 has secrets = aescbc[k2] identity
                target secrets = aescbc[k2]
                """, """
                error identity-leaves secrets
                  values of secrets may be stored plain, and identity would be missing on every member; keep it as the last provider until a rewrite is proved
                """);
    }

    @Test
    void theFirstConfigurationHasNoIdentity_leaves() {
        assertFindings("""
                m1 has nothing
                target secrets = aescbc[k1]
                """, """
                error identity-leaves secrets
                  values of secrets may be stored plain, and identity would be missing on every member; keep it as the last provider until a rewrite is proved
                """);
    }

    @Test
    void aRuleGoesOfWhichNothingIsKnown_leaves() {
        assertFindings("""
                m1 has secrets,configmaps = aescbc[k1] identity
                target secrets = aescbc[k1] identity
                stored secrets aescbc k1
                """, """
                error rule-leaves configmaps
                  values of configmaps may be stored under aescbc key k1, and no rule would be left for them on every member, so that only plain ones could be read; keep the rule with identity first, rewrite, and take it away then
                """);
    }

    @Test
    void theConfigurationGoesWhileItEncrypts_ruleLeaves() {
        assertFindings("""
                m1 has secrets = aescbc[k1] identity
                target nothing
                stored secrets aescbc k1
                """, """
                error rule-leaves secrets
                  values of secrets are stored under aescbc key k1, and no rule would be left for them on every member, so that only plain ones could be read; keep the rule with identity first, rewrite, and take it away then
                """);
    }

    @Test
    void theConfigurationGoesAfterAllIsPlain_safe() {
        assertFindings("""
                m1 has secrets = identity aescbc[k1]
                target nothing
                stored secrets plain
                """, "");
    }

    @Test
    void theConfigurationGoesAndAMemberStillEncrypts_writerLeaves() {
        assertFindings("""
                m1 has secrets = aescbc[k1] identity
                target nothing
                stored secrets plain
                """, """
                error writer-leaves secrets
                  secrets is written under aescbc key k1 until the last member has what comes, and that could not be read on every member; keep it behind the writer until every member writes with another one
                """);
    }

    @Test
    void aResourceGetsItsOwnRuleWithTheReadersOfTheWildcard_safe() {
        assertFindings("""
                m1 has *.* = aescbc[k1] identity
                target secrets = aescbc[k2 k1] identity | *.* = aescbc[k1] identity
                """, "");
    }

    @Test
    void aResourceGetsItsOwnRuleWithoutTheReadersOfTheWildcard_leaves() {
        assertFindings("""
                m1 has *.* = aescbc[k1] identity
                target secrets = aescbc[k2] identity | *.* = aescbc[k1] identity
                """, """
                error reader-leaves secrets
                  values of secrets may be stored under aescbc key k1, which would be missing on every member; keep it behind the writer until a rewrite is proved
                """);
    }

    @Test
    void membersThatDifferGetAllReaders_safe() {
        assertFindings("""
                m1 has secrets = aescbc[k1] identity
                m2 has secrets = aescbc[k2] identity
                target secrets = aescbc[k2 k1] identity
                """, "");
    }

    @Test
    void oneAescbcNameWithTwoMaterials_ambiguous() {
        assertFindings("""
                m1 has secrets = aescbc[k/a] identity
                target secrets = aescbc[k/b k/a] identity
                """, """
                error name-ambiguous secrets
                  aescbc key k and another key would both be tried on one value of secrets; aescbc is not authenticated, and the wrong one may give garbage; give one of them another name
                """);
    }

    @Test
    void oneAesgcmNameWithTwoMaterials_reused() {
        assertFindings("""
                m1 has secrets = aesgcm[k/a] identity
                target secrets = aesgcm[k/a k/b] identity
                """, """
                warning name-reused secrets
                  aesgcm key k stands for more than one of secrets, so that its name does not tell what a value needs; give the new one another name
                """);
    }

    @Test
    void aKmsPluginMovesUnderItsName_leavesAndReused() {
        assertFindings("""
                m1 has secrets = kms[vault] identity
                target secrets = kms[vault/other] identity
                stored secrets kms vault
                """, """
                error reader-leaves secrets
                  values of secrets are stored under kms key vault, which would be missing on every member; keep it behind the writer until a rewrite is proved
                warning name-reused secrets
                  kms key vault stands for more than one of secrets, so that its name does not tell what a value needs; give the new one another name
                """);
    }

    @Test
    void valuesAreStoredUnderWhatNobodyHas_leaves() {
        assertFindings("""
                m1 has secrets = aescbc[k2] identity
                target secrets = aescbc[k2] identity
                stored secrets aescbc k1, aescbc k2
                """, """
                error reader-leaves secrets
                  values of secrets are stored under aescbc key k1, which would be missing on every member; keep it behind the writer until a rewrite is proved
                """);
    }

    /** What {@link Stages} makes is safe in its order; retire once nothing is stored but under the target's writers. */
    @Test
    void stagesInTheirOrderAreSafe() {
        for (long seed = 0; seed < 2_000; seed++) {
            Case given = new RandomCases(seed).next();
            Stages stages;
            try {
                stages = given.stages();
            } catch (RefusedException e) {
                continue;
            }
            Map<String, Set<KeyRef>> rewritten = new TreeMap<>();
            stages.rules()
                    .forEach(rule -> rewritten.put(
                            rule, Set.of(stages.retire().writerOf(rule).ref())));

            assertThat(errors(Safety.check(given.members(), stages.introduce(), StoredReaders.UNKNOWN)))
                    .as("introduce of seed %s%n%s", seed, given)
                    .isEmpty();
            assertThat(errors(Safety.check(loaded(stages.introduce()), stages.promote(), StoredReaders.UNKNOWN)))
                    .as("promote of seed %s%n%s", seed, given)
                    .isEmpty();
            Map<String, EncryptionConfiguration> promoted = new TreeMap<>();
            given.members().keySet().forEach(member -> promoted.put(member, stages.promote()));
            List<Finding> retire = Safety.check(loaded(promoted), stages.retire(), new StoredReaders(rewritten));
            List<Finding> reused = retire.stream()
                    .filter(finding -> finding.code().equals("name-reused"))
                    .toList();
            assertThat(errors(retire).stream()
                            .filter(finding -> reused.stream()
                                    .noneMatch(name -> name.path().equals(finding.path()))))
                    .as("retire of seed %s%n%s", seed, given)
                    .isEmpty();
        }
    }

    @Test
    void theTableOfHazardsIsTheOneOfTheCode() throws IOException {
        List<String> rows = ROW.matcher(Files.readString(Path.of("../docs/findings.md")))
                .results()
                .map(row -> row.group(1) + " " + row.group(2))
                .toList();

        assertThat(rows)
                .containsExactlyElementsOf(Arrays.stream(Hazard.values())
                        .map(hazard ->
                                hazard.code() + " " + hazard.severity().name().toLowerCase(Locale.ROOT))
                        .toList());
    }

    private static List<Finding> errors(List<Finding> findings) {
        return findings.stream()
                .filter(finding -> finding.severity() == Severity.ERROR)
                .toList();
    }

    private static Map<String, MemberConfigurations> loaded(Map<String, EncryptionConfiguration> stage) {
        Map<String, MemberConfigurations> members = new TreeMap<>();
        stage.forEach((member, configuration) ->
                members.put(member, new MemberConfigurations(configuration, List.of(configuration))));
        return members;
    }

    private static void assertFindings(String given, String expected) {
        Map<String, Set<KeyRef>> stored = new TreeMap<>();
        given.lines().filter(line -> line.startsWith("stored ")).forEach(line -> {
            String[] parts = line.split(" +", 3);
            Set<KeyRef> readers =
                    Arrays.stream(parts[2].split(", ", -1)).map(SafetyTest::ref).collect(Collectors.toSet());
            stored.put(parts[1], readers);
        });
        Case there = Case.read(
                given.lines().filter(line -> !line.startsWith("stored ")).collect(Collectors.joining("\n")));

        List<Finding> findings = Safety.check(there.members(), there.target(), new StoredReaders(stored));

        assertThat(findings.stream().map(SafetyTest::text).collect(Collectors.joining()))
                .isEqualTo(expected);
    }

    private static String text(Finding finding) {
        return finding.severity().name().toLowerCase(Locale.ROOT) + " " + finding.code() + " " + finding.path() + "\n  "
                + finding.message() + "\n";
    }

    private static KeyRef ref(String text) {
        return text.equals("plain") ? KeyRef.IDENTITY : new KeyRef(text.split(" ", -1)[0], text.split(" ", -1)[1]);
    }
}
