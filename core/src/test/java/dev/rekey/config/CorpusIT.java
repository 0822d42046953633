package dev.rekey.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.config.Finding.Severity;
import dev.rekey.fuzz.GoProgram;
import dev.rekey.fuzz.Mutations;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Asks the real loaders of two versions of kube-apiserver, built with Go, whether the kept verdicts are theirs, and about
 * thousands of other texts; more on request: {@code -Drekey.texts=200000 -Drekey.seed=7}. Where a loader cannot be built the tests are
 * skipped, or fail where real servers are required, as in the other modules.
 */
class CorpusIT {
    /**
     * For these a text is refused that a server takes, as docs/findings.md lists; syntax where it stands behind the first document,
     * or where our parser finds a tab or an escape first.
     */
    private static final Set<String> REFUSED_ON_PURPOSE = Set.of("unsupported-text", "syntax", "kms-endpoint");

    /** The loader of one version, as a program. */
    private enum Loader {
        NEWEST("1.36.3", List.of(), Corpus::loads136, Set.of()),

        /**
         * A field in the wrong case, or given twice, was read at that time, but is by no server of today; what else is said of
         * such a text does not count, as that server may have read other values.
         */
        OLDER(
                "1.26.15",
                List.of("-modfile=older.mod", "-tags", "older"),
                Corpus::loads126,
                Set.of("unknown-field", "duplicate-field"));

        final String version;
        final Predicate<Corpus> kept;
        final Set<String> readOtherwise;
        private final List<String> flags;
        private @Nullable GoProgram program;

        Loader(String version, List<String> flags, Predicate<Corpus> kept, Set<String> readOtherwise) {
            this.version = version;
            this.flags = flags;
            this.kept = kept;
            this.readOtherwise = readOtherwise;
        }

        private void build() {
            program = GoProgram.build("verdict", "verdict-" + version, flags);
        }

        private List<Boolean> ask(List<Corpus> cases) {
            return Objects.requireNonNull(program)
                    .ask(cases.stream().map(CorpusIT::question).toList())
                    .stream()
                    .map(line -> line.contains("\"loads\":true"))
                    .toList();
        }
    }

    @BeforeAll
    static void build() {
        for (Loader loader : Loader.values()) {
            loader.build();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theKeptVerdictsAreTheLoadersOwn(Loader loader) {
        List<Corpus> cases = Corpus.cases();

        List<Boolean> loads = loader.ask(cases);

        for (int i = 0; i < cases.size(); i++) {
            assertThat(loads.get(i)).as(cases.get(i).name()).isEqualTo(loader.kept.test(cases.get(i)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsReadThatTheServerRefuses(Loader loader) {
        long seed = Long.getLong("rekey.seed", 1);
        Mutations mutations = new Mutations(seed);
        List<Corpus> loadable = Corpus.cases().stream().filter(loader.kept).toList();
        List<Corpus> cases = new ArrayList<>();
        for (int i = 0; i < Integer.getInteger("rekey.texts", 10_000); i++) {
            Corpus given = loadable.get(i % loadable.size());
            String text = mutations.mutate(given.text());
            cases.add(new Corpus("text " + i, given.flags(), true, true, Set.of(), text));
        }

        List<Boolean> loads = loader.ask(cases);

        int loading = 0;
        int refused = 0;
        for (int i = 0; i < cases.size(); i++) {
            Corpus given = cases.get(i);
            List<String> errors = ConfigurationText.check(given.text(), given.profile(loader.version)).stream()
                    .filter(finding -> finding.severity() == Severity.ERROR)
                    .map(Finding::code)
                    .toList();
            if (!loads.get(i)) {
                assertThat(errors)
                        .as("seed %d, %s:%n%s", seed, given.name(), given.text())
                        .isNotEmpty();
            } else {
                if (errors.stream().noneMatch(loader.readOtherwise::contains)) {
                    loading++;
                    refused += errors.isEmpty() ? 0 : 1;
                    assertThat(REFUSED_ON_PURPOSE)
                            .as("seed %d, %s:%n%s", seed, given.name(), given.text())
                            .containsAll(errors);
                }
            }
        }
        assertThat(loading).isGreaterThan(cases.size() / 20);
        assertThat(refused).isLessThan(loading / 5);
    }

    private static String question(Corpus given) {
        byte[] text = given.text().getBytes(StandardCharsets.UTF_8);
        return "{\"name\":\"x\",\"text\":\"" + Base64.getEncoder().encodeToString(text) + "\",\"reload\":"
                + given.flags().contains("reload") + ",\"kmsV1\":"
                + given.flags().contains("kms-v1") + "}";
    }
}
