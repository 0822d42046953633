package dev.rekey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.KeyRef;
import dev.rekey.config.Reader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StagesCommandTest {
    @TempDir
    private Path folder;

    private final CommandRun command = CommandRun.offline();
    private String current;
    private Path file;

    @BeforeEach
    void generate() throws IOException {
        current =
                command.runAsIs("config", "generate", "--key-prefix", "kubeone").out();
        file = Files.writeString(folder.resolve("current.yaml"), current);
    }

    @Test
    void withoutATarget_theKeyIsRotated() {
        JsonObject json = stages(file.toString());

        EncryptionConfiguration introduce = stage(json, "introduce");
        EncryptionConfiguration promote = stage(json, "promote");
        EncryptionConfiguration retire = stage(json, "retire");
        Reader old = EncryptionConfiguration.parse(current).writerOf("secrets");
        Reader next = retire.writerOf("secrets");
        assertThat(next.ref().toString()).startsWith("aescbc key kubeone-2-");
        assertThat(introduce.readersOf("secrets")).containsExactly(old, next, new Reader.Plain());
        assertThat(promote.readersOf("secrets")).containsExactly(next, old, new Reader.Plain());
        assertThat(retire.readersOf("secrets")).containsExactly(next, new Reader.Plain());
        assertThat(texts(json, "rewrite")).containsExactly("secrets");
        assertThat(texts(json, "retiring")).containsExactly(old.ref().toString());
    }

    @Test
    void theTextIsThreeDocuments_eachAWholeConfiguration() {
        CommandRun.Result result = command.piped(current).runAsIs("stages", "-");

        assertThat(result.status()).isZero();
        assertThat(result.err()).isEmpty();
        String[] documents = result.out().split("(?m)^---\n");
        assertThat(documents).hasSize(3);
        assertThat(List.of(documents))
                .allSatisfy(document -> assertThat(
                                EncryptionConfiguration.parse(document).rules())
                        .containsExactly("secrets"));
        assertThat(documents[0]).startsWith("# 1 introduce: ");
        assertThat(documents[1]).startsWith("# 2 promote: ").contains("rewrite: secrets.");
        assertThat(documents[2]).startsWith("# 3 retire: ").contains("Dropped: aescbc key kubeone-1-");
    }

    @Test
    void towardsATarget_bothProvidersAreReadersAllTheWay() throws IOException {
        String target = command.runAsIs(
                        "config", "generate", "--provider", "secretbox", "--resource", "secrets,configmaps")
                .out();
        Path to = Files.writeString(folder.resolve("to.yaml"), target);

        JsonObject json = stages(file.toString(), "--to", to.toString());

        assertThat(stage(json, "introduce").writerOf("secrets"))
                .isEqualTo(EncryptionConfiguration.parse(current).writerOf("secrets"));
        assertThat(stage(json, "introduce").writerOf("configmaps").ref()).isEqualTo(KeyRef.IDENTITY);
        assertThat(stage(json, "promote").writerOf("configmaps").ref().type()).isEqualTo("secretbox");
        assertThat(stage(json, "retire")).isEqualTo(EncryptionConfiguration.parse(target));
        assertThat(texts(json, "rewrite")).containsExactly("secrets", "configmaps");
        for (String one : List.of("introduce", "promote", "retire")) {
            assertThat(command.runAsIs("stages", file.toString(), "--to", to.toString(), "--stage", one)
                            .out())
                    .isEqualTo(json.get(one).getAsString());
        }
    }

    @Test
    void fromNothing_andToNothing_anEmptyFileMeansNone() throws IOException {
        Path none = Files.writeString(folder.resolve("none"), "\n");

        JsonObject enabling = stages(none.toString(), "--to", file.toString());
        assertThat(stage(enabling, "introduce").writerOf("secrets").ref()).isEqualTo(KeyRef.IDENTITY);
        assertThat(stage(enabling, "retire")).isEqualTo(EncryptionConfiguration.parse(current));

        JsonObject disabling = stages(file.toString(), "--to", none.toString());
        assertThat(stage(disabling, "promote").writerOf("secrets").ref()).isEqualTo(KeyRef.IDENTITY);
        assertThat(disabling.get("retire").isJsonNull()).isTrue();
        assertThat(command.runAsIs("stages", file.toString(), "--to", none.toString())
                        .out())
                .contains("# No configuration: take the flag out");
        CommandRun.Result last =
                command.runAsIs("stages", file.toString(), "--to", none.toString(), "--stage", "retire");
        assertThat(last.out()).isEmpty();
        assertThat(last.err()).contains("note: No configuration: take the flag out");
        assertThat(command.runAsIs("stages", none.toString(), "--to", none.toString())
                        .out())
                .doesNotContain("null");
    }

    /** Before 1.27 the rule has no effect; on the way such a file would be for nothing. */
    @Test
    void aTargetThatOnlyOldServersTake_isRefused_withBothNames() throws IOException {
        Path to = Files.writeString(folder.resolve("to.yaml"), current.replace("secrets", "Secrets"));

        CommandRun.Result result =
                command.runAsIs("stages", file.toString(), "--to", to.toString(), "--kubernetes", "1.20.0");

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err())
                .startsWith("error (invalid-input): " + file + " to " + to
                        + ": the target: resources[0].resources[0]: resource names have no capital letters")
                .contains("no apiserver since 1.27 starts with it");
    }

    @Test
    void fromNothingToNothing_nothingIsRewritten() throws IOException {
        String none = Files.writeString(folder.resolve("none"), "").toString();

        CommandRun.Result result = command.runAsIs("stages", none, "--to", none);

        assertThat(result.status()).isZero();
        assertThat(result.out()).contains("once every apiserver has loaded 1. Then rewrite: nothing.\n");
    }

    @Test
    void whereBothAreAlike_thatIsSaid() {
        CommandRun.Result result = command.runAsIs("stages", file.toString(), "--to", file.toString());

        assertThat(result.status()).isZero();
        assertThat(result.err()).contains("read and write alike");
        assertThat(result.out()).contains("Nothing is dropped.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"- --to -", "FILE --stage promote", "FILE --to FILE --stage middle", ""})
    void wrongUsage_endsWithTwo(String options) {
        String[] line =
                ("stages " + options.replace("FILE", file.toString())).strip().split(" ");

        CommandRun.Result result = command.runAsIs(line);

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).startsWith("error (usage): ");
    }

    @Test
    void whatNoServerTakes_endsWithTwo_andShowsNoKey() {
        String secret = secretOf(current);

        CommandRun.Result result =
                command.piped(current.replace("secrets'", "Secrets'")).runAsIs("stages", "-");

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).contains("standard input:5: error (resource-name)");
        assertThat(result.all()).doesNotContain(secret);
    }

    @Test
    void whereNoKeyWrites_noneIsRotated() {
        CommandRun.Result none = command.piped("").runAsIs("stages", "-");
        assertThat(none.status()).isEqualTo(2);
        assertThat(none.err()).contains("no key writes there");

        String plainFirst = """
                apiVersion: apiserver.config.k8s.io/v1
                kind: EncryptionConfiguration
                resources:
                - resources: [secrets]
                  providers: [{identity: {}}]
                """;
        assertThat(command.piped(plainFirst).runAsIs("stages", "-").status()).isEqualTo(2);
    }

    @Test
    void oneNameWithTwoMaterials_isRefusedWithThree() throws IOException {
        String other = command.runAsIs("config", "generate").out();
        String sameName = current.replace(secretOf(current), secretOf(other));
        Path to = Files.writeString(folder.resolve("to.yaml"), sameName);

        CommandRun.Result result = command.runAsIs("stages", file.toString(), "--to", to.toString());

        assertThat(result.status()).isEqualTo(3);
        assertThat(result.err()).contains("fingerprint", "aescbc cannot tell which");
        assertThat(result.all()).doesNotContain(secretOf(current), secretOf(other));
    }

    private JsonObject stages(String... arguments) {
        String[] line = new String[arguments.length + 3];
        line[0] = "stages";
        System.arraycopy(arguments, 0, line, 1, arguments.length);
        line[arguments.length + 1] = "--output";
        line[arguments.length + 2] = "json";
        CommandRun.Result result = command.runAsIs(line);
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.json().keySet()).containsExactly("introduce", "promote", "retire", "rewrite", "retiring");
        return result.json();
    }

    private static EncryptionConfiguration stage(JsonObject json, String name) {
        return EncryptionConfiguration.parse(json.get(name).getAsString());
    }

    private static List<String> texts(JsonObject json, String name) {
        return StreamSupport.stream(json.getAsJsonArray(name).spliterator(), false)
                .map(JsonElement::getAsString)
                .toList();
    }

    private static String secretOf(String configuration) {
        return configuration.replaceFirst("(?s).*secret: '?([A-Za-z0-9+/=]+).*", "$1");
    }
}
