package dev.rekey.config;

import org.junit.jupiter.api.Test;

/**
 * What is tagged {@code not-for-mutants}, but for the search for keys, in one test for the mutation tester alone, which would start JUnit for each case of
 * each mutant. Ordinary builds do not run it.
 */
class CorpusForMutants {
    @Test
    void allCases() {
        CorpusTest test = new CorpusTest();
        EncryptionConfigurationTest.readable().forEach(new EncryptionConfigurationTest()::whatIsRenderedReadsBackEqual);
        for (Corpus given : Corpus.cases()) {
            test.findsExactly(given);
            test.agreesWithAnOlderServer(given);
            test.namesALineForEveryFinding(given);
        }
    }
}
