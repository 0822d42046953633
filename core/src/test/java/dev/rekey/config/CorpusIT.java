package dev.rekey.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.config.Finding.Severity;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Asks the real loaders of two versions of kube-apiserver, built with Go, whether the kept verdicts are theirs, and about
 * thousands of other texts; more on request: {@code -Drekey.texts=200000 -Drekey.seed=7}. Where a loader cannot be built the tests are
 * skipped, or fail where real servers are required, as in the other modules.
 */
class CorpusIT {
    private static final Path SOURCE = Path.of("src/test/go/verdict");

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

        Loader(String version, List<String> flags, Predicate<Corpus> kept, Set<String> readOtherwise) {
            this.version = version;
            this.flags = flags;
            this.kept = kept;
            this.readOtherwise = readOtherwise;
        }

        private Path program() {
            return Path.of("target/verdict-" + version).toAbsolutePath();
        }

        private boolean build() throws IOException, InterruptedException {
            List<String> command = new ArrayList<>(List.of("go", "build", "-buildvcs=false"));
            command.addAll(flags);
            command.addAll(List.of("-o", program().toString(), "."));
            return run(command, SOURCE, null) == 0;
        }

        private List<Boolean> ask(List<Corpus> cases) throws IOException, InterruptedException {
            String questions = cases.stream().map(CorpusIT::question).collect(Collectors.joining());
            Path in = Files.writeString(Path.of("target/questions.jsonl"), questions);
            assertThat(run(List.of(program().toString()), Path.of("."), in)).isZero();
            return Files.readAllLines(Path.of("target/answers.jsonl")).stream()
                    .map(line -> line.contains("\"loads\":true"))
                    .toList();
        }
    }

    @BeforeAll
    static void build() throws IOException, InterruptedException {
        for (Loader loader : Loader.values()) {
            if (!loader.build()) {
                String reason = "kube-apiserver's loader cannot be built: it needs Go 1.26 or later. Go said: "
                        + Files.readString(Path.of("target/answers.jsonl"));
                assertThat(Boolean.getBoolean("rekey.requireRealServers") || "true".equals(System.getenv("CI")))
                        .as(reason)
                        .isFalse();
                Assumptions.abort(reason);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theKeptVerdictsAreTheLoadersOwn(Loader loader) throws IOException, InterruptedException {
        List<Corpus> cases = Corpus.cases();

        List<Boolean> loads = loader.ask(cases);

        assertThat(loads).hasSameSizeAs(cases);
        for (int i = 0; i < cases.size(); i++) {
            assertThat(loads.get(i)).as(cases.get(i).name()).isEqualTo(loader.kept.test(cases.get(i)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsReadThatTheServerRefuses(Loader loader) throws IOException, InterruptedException {
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

        assertThat(loads).hasSameSizeAs(cases);
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
                + given.flags().contains("kms-v1") + "}\n";
    }

    private static int run(List<String> command, Path directory, Path in) throws IOException, InterruptedException {
        File out = Files.writeString(Path.of("target/answers.jsonl"), "").toFile();
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(in == null)
                .redirectOutput(out);
        if (in != null) {
            builder.redirectInput(in.toFile()).redirectError(ProcessBuilder.Redirect.DISCARD);
        }
        try {
            Process process = builder.start();
            return process.waitFor(10, TimeUnit.MINUTES) ? process.exitValue() : -1;
        } catch (IOException e) {
            return -1;
        }
    }
}
