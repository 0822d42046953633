package dev.rekey.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleTest {
    @ParameterizedTest(name = "{0} => {1}")
    @CsvSource(
            delimiter = ';',
            value = {
                "secrets configmaps; secrets configmaps",
                "secrets *.; *.",
                "deployments.apps *.apps secrets; *.apps secrets",
                "deployments.apps *.batch; deployments.apps *.batch",
                "secrets *. *.apps *.*; *.*",
                "secrets secrets; secrets secrets",
            })
    void whatAWildcardCovers_isLeftOut(String rules, String widest) {
        assertThat(Rule.widest(List.of(rules.split(" ")))).containsExactly(widest.split(" "));
    }

    @Test
    void noRules_none() {
        assertThat(Rule.widest(List.of())).isEmpty();
    }
}
