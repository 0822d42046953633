package dev.rekey.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No text that Rekey makes of a configuration holds a key, whole or in part, however broken the file is. */
class LeakTest {
    private static final List<String> NEEDLES =
            Corpus.SECRETS.values().stream().flatMap(LeakTest::forms).toList();

    static List<Corpus> cases() {
        return Corpus.cases();
    }

    @Tag("not-for-mutants")
    @ParameterizedTest
    @MethodSource("cases")
    void nothingSaysAKey(Corpus given) {
        List<String> texts = new ArrayList<>();
        for (String version : List.of("1.18.6", "1.26.15", "1.36.3")) {
            ConfigurationText.check(given.text(), given.profile(version)).forEach(finding -> {
                texts.add(finding.toString());
                texts.add(finding.toMap().toString());
            });
        }
        try {
            ConfigurationText read = ConfigurationText.parse(given.text());
            texts.add(read.toString());
            texts.add(read.configuration().toString());
            texts.add(read.configuration().readers().toString());
            texts.add(read.configuration().render().toString());
        } catch (InvalidInputException e) {
            texts.add(e.toString());
            assertThat(e.getCause()).isNull();
        }

        assertThat(texts)
                .isNotEmpty()
                .allSatisfy(text -> assertThat(keysIn(text)).isEmpty());
    }

    /** What is not decoded at all, since the text ends or breaks right there, leaks no more than the rest. */
    @Tag("not-for-mutants")
    @Test
    void nothingSaysAKeyWhereverTheTextEnds() {
        String whole = cases().stream()
                .filter(given -> given.name().equals("all keyed providers"))
                .findFirst()
                .orElseThrow()
                .text();
        for (int end = 0; end < whole.length(); end++) {
            for (String tail : List.of("", "\"", "}", "\n   :", "\t")) {
                String text = whole.substring(0, end) + tail;
                List<Finding> findings = ConfigurationText.check(text, ServerProfile.of("1.36.3"));
                assertThat(keysIn(findings.toString())).isEmpty();
            }
        }
    }

    /** Where a colon or quote is forgotten, a secret becomes the name of a field, of a key or of a resource. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "aescbc: {keys: [{name: a, secret @32@}]}",
                "aescbc: {keys: [{name: a, secret; @32@}]}",
                "aescbc: {keys: [{name: a, @32@}]}",
                "aescbc: {keys: [{name: a, @16@: secret}]}",
                "aescbc: {keys: [{name: a, @16@: b, @16@: c}]}",
                "aescbc: {keys: [{name: 'a secret: @24@'}]}",
                "aescbc: {keys: [{name: @32@, secret: @16@}, {name: @32@, secret: @24@}]}",
                "aescbc: {keys: [{name: @32@, secret: a}]}",
                "kms: {name: @32@, endpoint: 'unix:///@32@', apiVersion: v2}",
                "identity: {}\n- resources: ['@32@', 'a.@24@']\n  providers:\n  - identity: {}"
            })
    void nothingSaysAKeyThatStandsInThePlaceOfAName(String provider) {
        String text = "kind: EncryptionConfiguration\napiVersion: apiserver.config.k8s.io/v1\nresources:\n"
                + "- resources: [secrets]\n  providers:\n  - " + provider + "\n";
        for (String name : List.of("16", "24", "32")) {
            text = text.replace("@" + name + "@", Corpus.SECRETS.get(name));
        }
        nothingSaysAKey(new Corpus("", Set.of(), true, true, Set.of(), text));
    }

    @Test
    void namesThatPeopleGiveAreSaid() {
        for (String name : List.of(
                "key1",
                "kubeone-2-xkau31",
                "MyCompanyProductionEncryptionKey-2024",
                "EncryptionKey20",
                "aescbckey-2024-01-01T00:00:00Z",
                "validatingadmissionpolicybindings.admissionregistration.k8s.io")) {
            assertThat(new KeyRef("aescbc", name)).hasToString("aescbc key " + name);
        }
        assertThat(Names.field("encryptionProviders")).isEqualTo("encryptionProviders");
        assertThat(Names.field("KEYS")).isEqualTo("KEYS");
    }

    @Test
    void theSearchFindsAKeyInEachOfItsForms() {
        byte[] bytes = Base64.getDecoder().decode(Corpus.SECRETS.get("32"));
        String hex = HexFormat.of().formatHex(bytes);

        assertThat(cases().stream().filter(given -> !keysIn(given.text()).isEmpty()))
                .hasSizeGreaterThan(250);
        assertThat(keysIn("secret: " + Corpus.SECRETS.get("32"))).isNotEmpty();
        assertThat(keysIn("secret: " + Corpus.SECRETS.get("32").substring(3, 20)))
                .isNotEmpty();
        assertThat(keysIn(hex.toUpperCase(Locale.ROOT))).isNotEmpty();
        assertThat(keysIn(new String(bytes, StandardCharsets.ISO_8859_1))).isNotEmpty();
        assertThat(keysIn(java.util.Arrays.toString(bytes))).isNotEmpty();
    }

    private static List<String> keysIn(String text) {
        return NEEDLES.stream()
                .filter(needle ->
                        text.contains(needle) || text.toLowerCase(Locale.ROOT).contains(needle))
                .toList();
    }

    /** Pieces that are long enough not to stand somewhere by chance, of each way to write bytes. */
    private static Stream<String> forms(String base64) {
        byte[] bytes = Base64.getDecoder().decode(base64);
        String numbers = java.util.Arrays.toString(bytes);
        return Stream.of(
                        base64,
                        HexFormat.of().formatHex(bytes),
                        new String(bytes, StandardCharsets.ISO_8859_1),
                        numbers.substring(1, numbers.length() - 1))
                .flatMap(form -> Stream.iterate(0, start -> start + 8 <= form.length(), start -> start + 1)
                        .map(start -> form.substring(start, start + 8)))
                .filter(piece -> piece.chars().distinct().count() > 3)
                .distinct();
    }
}
