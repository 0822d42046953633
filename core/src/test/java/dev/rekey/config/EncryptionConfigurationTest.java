package dev.rekey.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.InvalidInputException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncryptionConfigurationTest {
    private static final Reader PLAIN = new Reader.Plain();
    private static final Key A = key("a", 1);
    private static final Key B = key("b", 2);
    private static final Key C = key("c", 3);

    private static final EncryptionConfiguration THREE_LEVELS = new EncryptionConfiguration(List.of(
            new Entry(List.of("secrets", "deployments.apps"), List.of(cbc(A), identity())),
            new Entry(List.of("*.apps"), List.of(cbc(B), identity())),
            new Entry(List.of("*.*"), List.of(cbc(C), identity()))));

    @Test
    void anExactRuleComesBeforeItsGroupAndThatBeforeEverything() {
        assertThat(THREE_LEVELS.writerOf("secrets")).isEqualTo(new Reader.OfKey("aescbc", A));
        assertThat(THREE_LEVELS.writerOf("deployments.apps")).isEqualTo(new Reader.OfKey("aescbc", A));
        assertThat(THREE_LEVELS.writerOf("daemonsets.apps")).isEqualTo(new Reader.OfKey("aescbc", B));
        assertThat(THREE_LEVELS.writerOf("*.apps")).isEqualTo(new Reader.OfKey("aescbc", B));
        assertThat(THREE_LEVELS.writerOf("configmaps")).isEqualTo(new Reader.OfKey("aescbc", C));
        assertThat(THREE_LEVELS.writerOf("*.")).isEqualTo(new Reader.OfKey("aescbc", C));
        assertThat(THREE_LEVELS.writerOf("pandas.example.com")).isEqualTo(new Reader.OfKey("aescbc", C));
    }

    @Test
    void nothingFallsThroughToAWiderRule() {
        assertThat(THREE_LEVELS.readersOf("secrets")).containsExactly(new Reader.OfKey("aescbc", A), PLAIN);
    }

    @Test
    void aResourceWithoutRuleIsWrittenAndReadPlain() {
        EncryptionConfiguration configuration =
                new EncryptionConfiguration(List.of(new Entry(List.of("secrets"), List.of(cbc(A)))));

        assertThat(configuration.providersOf("configmaps")).isEmpty();
        assertThat(configuration.writerOf("configmaps")).isEqualTo(PLAIN);
        assertThat(configuration.readersOf("configmaps")).containsExactly(PLAIN);
        assertThat(configuration.readersOf("secrets")).containsExactly(new Reader.OfKey("aescbc", A));
    }

    @Test
    void entriesOfOneRuleAreJoinedAndTheFirstWrites() {
        EncryptionConfiguration configuration = new EncryptionConfiguration(List.of(
                new Entry(List.of("secrets"), List.of(identity(), cbc(A))),
                new Entry(List.of("configmaps", "secrets."), List.of(cbc(B, A), identity()))));

        assertThat(configuration.rules()).containsExactly("secrets", "configmaps");
        assertThat(configuration.readersOf("secrets"))
                .containsExactly(PLAIN, new Reader.OfKey("aescbc", A), new Reader.OfKey("aescbc", B));
        assertThat(configuration.providersOf("secrets")).hasSize(4);
        assertThat(configuration.readers())
                .containsExactly(PLAIN, new Reader.OfKey("aescbc", A), new Reader.OfKey("aescbc", B));
    }

    @Test
    void theSameNameWithOtherMaterialIsAnotherReader() {
        EncryptionConfiguration configuration = new EncryptionConfiguration(List.of(new Entry(
                List.of("secrets"), List.of(cbc(A, key("a", 9)), new Provider.AesGcm(List.of(A))))));

        assertThat(configuration.readers()).hasSize(3);
    }

    @Test
    void everySocketOfAKmsPluginIsFoundAsTheServerDialsIt() {
        EncryptionConfiguration configuration = new EncryptionConfiguration(List.of(
                new Entry(
                        List.of("secrets"),
                        List.of(kms("a", "unix:///run/a.sock"), kms("b", "unix://var/run/b.sock"), identity())),
                new Entry(
                        List.of("configmaps"),
                        List.of(kms("c", "unix:///@c"), kms("d", "unix:/run/a.sock"), kms("e", "http://x/y")))));

        assertThat(configuration.kmsSockets()).containsExactly("/run/a.sock", "/run/b.sock", "@c");
    }

    static List<Corpus> readable() {
        return Corpus.cases().stream()
                .filter(given -> ConfigurationText.check(given.text(), given.profile("1.36.3")).stream()
                        .noneMatch(finding -> finding.severity() == Finding.Severity.ERROR))
                .toList();
    }

    @Tag("not-for-mutants")
    @ParameterizedTest
    @MethodSource("readable")
    void whatIsRenderedReadsBackEqual(Corpus given) {
        EncryptionConfiguration configuration = EncryptionConfiguration.parse(given.text());

        Rendered rendered = configuration.render();

        assertThat(EncryptionConfiguration.parse(rendered.exposeBytes())).isEqualTo(configuration);
        assertThat(EncryptionConfiguration.parse(rendered.exposeBytes()).render())
                .isEqualTo(rendered);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "yes", "'", "''", "\"", "\\", "a: b", "# a", " a ", "a\nb", "é", "😀", "\t", "\u0085", "\u2028", "~",
                "", "%a", "\ufeff"
            })
    void anyNameSurvivesRendering(String name) {
        EncryptionConfiguration configuration = new EncryptionConfiguration(List.of(
                new Entry(List.of(name), List.of(cbc(key(name, 1)), kms(name, "unix:///" + name)))));

        assertThat(EncryptionConfiguration.parse(configuration.render().exposeBytes()))
                .isEqualTo(configuration);
    }

    @Test
    void everyProviderHasItsPlaceInWhatIsRendered() {
        EncryptionConfiguration configuration = new EncryptionConfiguration(List.of(
                new Entry(
                        List.of("secrets", "*.apps"),
                        List.of(
                                new Provider.Kms(
                                        "vault",
                                        "v2",
                                        "unix:///run/kms.sock",
                                        Optional.empty(),
                                        Duration.ofMillis(1500)),
                                new Provider.Kms("old", "v1", "unix:///@k", Optional.of(-1), Duration.ofSeconds(90)),
                                new Provider.Secretbox(List.of(A)),
                                identity())),
                new Entry(List.of(), List.of())));

        assertThat(new String(configuration.render().exposeBytes(), StandardCharsets.UTF_8))
                .isEqualTo("""
                apiVersion: apiserver.config.k8s.io/v1
                kind: EncryptionConfiguration
                resources:
                - resources:
                  - 'secrets'
                  - '*.apps'
                  providers:
                  - kms:
                      apiVersion: 'v2'
                      name: 'vault'
                      endpoint: 'unix:///run/kms.sock'
                      timeout: '1500ms'
                  - kms:
                      apiVersion: 'v1'
                      name: 'old'
                      endpoint: 'unix:///@k'
                      cachesize: -1
                      timeout: '90s'
                  - secretbox:
                      keys:
                      - name: 'a'
                        secret: 'AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE='
                  - identity: {}
                - resources: []
                  providers: []
                """);
    }

    @Test
    void aCacheSizeThatIsLeftOut_isTheServersOwn() {
        Provider.Kms kms = new Provider.Kms("vault", "v1", "unix:///k", Optional.empty(), Duration.ofSeconds(3));
        EncryptionConfiguration given = configuration(List.of("secrets"), kms);

        assertThat(kms.cacheSize()).contains(1000);
        assertThat(EncryptionConfiguration.parse(given.render().exposeBytes())).isEqualTo(given);
    }

    @Test
    void whatNoFileCanSay_isFound() {
        String half = "a\ud83d";
        Duration longest = Duration.ofNanos(Long.MAX_VALUE);
        EncryptionConfiguration given = configuration(
                List.of(half),
                cbc(key(half, 1)),
                new Provider.Kms(half, "v2", "unix:///k", Optional.empty(), longest),
                new Provider.Kms("b", "v2", "unix:///" + half, Optional.empty(), longest.plusNanos(1)));

        assertThat(given.validate(ServerProfile.of("1.36.3")))
                .filteredOn(finding -> finding.severity() == Finding.Severity.ERROR)
                .extracting(finding -> finding.code() + " " + finding.path())
                .containsExactlyInAnyOrder(
                        "not-utf-8 resources[0].resources[0]",
                        "not-utf-8 resources[0].providers[0].aescbc.keys[0].name",
                        "not-utf-8 resources[0].providers[1].kms.name",
                        "not-utf-8 resources[0].providers[2].kms.endpoint",
                        "kms-timeout resources[0].providers[2].kms.timeout");
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() {
        byte[] latin = {'#', (byte) 0xe4, '\n'};

        assertThatThrownBy(() -> EncryptionConfiguration.parse(latin))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("the encryption configuration is not UTF-8; save it as UTF-8");
        assertThat(ConfigurationText.check(latin, ServerProfile.of("1.36.3")))
                .extracting(Finding::code)
                .containsExactly("not-utf-8");
    }

    /** The server takes it where a byte order mark says so, see docs/findings.md. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\uFEFFkind: EncryptionConfiguration # \u00e4",
                "\uFEFF{\"kind\": \"x\"}",
                "kind: x",
                "{\"kind\": \"x\"}"
            })
    void utf16_isNamed_withWhatToDo(String text) {
        for (Charset utf16 : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            byte[] bytes = text.getBytes(utf16);

            assertThatThrownBy(() -> EncryptionConfiguration.parse(bytes))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("UTF-16")
                    .hasMessageContaining("convert it to UTF-8");
            assertThat(ConfigurationText.check(bytes, ServerProfile.of("1.36.3")))
                    .singleElement()
                    .satisfies(finding -> {
                        assertThat(finding.code()).isEqualTo(text.startsWith("\uFEFF") ? "not-utf-8" : "syntax");
                        assertThat(finding.message()).contains("UTF-16", "convert it to UTF-8");
                    });
        }
    }

    private static EncryptionConfiguration configuration(List<String> resources, Provider... providers) {
        return new EncryptionConfiguration(List.of(new Entry(resources, List.of(providers))));
    }

    private static Provider cbc(Key... keys) {
        return new Provider.AesCbc(List.of(keys));
    }

    private static Provider identity() {
        return new Provider.Identity();
    }

    private static Provider kms(String name, String endpoint) {
        return new Provider.Kms(name, "v2", endpoint, Optional.empty(), Duration.ofSeconds(3));
    }

    private static Key key(String name, int fill) {
        byte[] bytes = new byte[32];
        java.util.Arrays.fill(bytes, (byte) fill);
        return new Key(name, KeyMaterial.of(bytes));
    }
}
