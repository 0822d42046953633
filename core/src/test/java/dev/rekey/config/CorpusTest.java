package dev.rekey.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.config.Finding.Severity;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rekey against the verdicts of the server's own loader, kept in {@code corpus.txt}. */
class CorpusTest {
    /** What a server takes and we refuse on purpose: text that could be read in two ways. */
    private static final Set<String> REFUSED_ON_PURPOSE = Set.of("unsupported-text");

    /** Servers before 1.31 passed over these in silence. */
    private static final Set<String> REFUSED_BEFORE_SERVERS_DID =
            Set.of("unsupported-text", "unknown-field", "duplicate-field");

    /** The server stops reading before it comes to what is wrong. */
    private static final Set<String> BROKEN_BEHIND_THE_FIRST_DOCUMENT =
            Set.of("a broken second document", "text after the document end");

    static List<Corpus> cases() {
        return Corpus.cases();
    }

    @Tag("not-for-mutants")
    @ParameterizedTest
    @MethodSource("cases")
    void findsExactly(Corpus given) {
        List<Finding> findings = ConfigurationText.check(given.text(), given.profile("1.36.3"));

        assertThat(new TreeSet<>(findings.stream().map(Finding::code).toList())).isEqualTo(given.codes());
        assertAgrees(given, findings, given.loads136(), REFUSED_ON_PURPOSE);
    }

    @Tag("not-for-mutants")
    @ParameterizedTest
    @MethodSource("cases")
    void agreesWithAnOlderServer(Corpus given) {
        List<Finding> findings = ConfigurationText.check(given.text(), given.profile("1.26.15"));

        assertAgrees(given, findings, given.loads126(), REFUSED_BEFORE_SERVERS_DID);
    }

    @Tag("not-for-mutants")
    @ParameterizedTest
    @MethodSource("cases")
    void namesALineForEveryFinding(Corpus given) {
        int lines = Math.max(1, given.text().split("\r\n|\r|\n", -1).length);

        assertThat(ConfigurationText.check(given.text(), given.profile("1.36.3")))
                .allSatisfy(finding ->
                        assertThat(finding.line()).isBetween(given.text().isBlank() ? 0 : 1, lines));
    }

    @Test
    void holdsEnoughOfBothKinds() {
        assertThat(cases().stream().filter(Corpus::loads136).count()).isGreaterThan(150);
        assertThat(cases().stream().filter(given -> !given.loads136()).count()).isGreaterThan(150);
        assertThat(cases().stream().map(Corpus::name)).doesNotHaveDuplicates();
    }

    private static void assertAgrees(
            Corpus given, List<Finding> findings, boolean loads, Set<String> refusedOnPurpose) {
        List<String> errors = findings.stream()
                .filter(finding -> finding.severity() == Severity.ERROR)
                .map(Finding::code)
                .toList();
        if (!loads) {
            assertThat(errors).isNotEmpty();
        } else if (BROKEN_BEHIND_THE_FIRST_DOCUMENT.contains(given.name())) {
            assertThat(errors).containsExactly("syntax");
        } else if (!errors.isEmpty()) {
            assertThat(errors).containsAnyElementsOf(refusedOnPurpose);
        }
    }
}
