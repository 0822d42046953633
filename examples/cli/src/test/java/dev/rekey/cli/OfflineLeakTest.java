package dev.rekey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.Reader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of the offline commands only those that are for it show a key, and those on standard output alone. */
class OfflineLeakTest {
    @TempDir
    private Path folder;

    private final CommandRun command = CommandRun.offline();

    @Test
    void checkShowAndErrors_holdNoKey_howeverTheFileIsBroken() throws IOException {
        String good = command.runAsIs("config", "generate").out();
        byte[] key = ((Reader.OfKey) EncryptionConfiguration.parse(good).writerOf("secrets"))
                .key()
                .material()
                .exposeBytes();
        List<String> needles = needles(key);
        Random random = new Random(11);
        StringBuilder everything = new StringBuilder();
        for (int i = 0; i < 80; i++) {
            String broken = i == 0 ? good : mutant(good, random);
            Path file = Files.writeString(folder.resolve("enc.yaml"), broken);
            for (List<String> line : List.of(
                    List.of("config", "check", file.toString()),
                    List.of("config", "check", "-", "--output", "json"),
                    List.of("manifest", "enable", "-", "--configuration", file.toString()),
                    List.of("manifest", "show", file.toString()),
                    List.of("manifest", "disable", file.toString(), "--output", "json"),
                    List.of("kubeadm", "show", file.toString()),
                    List.of("kubeadm", "enable", file.toString()),
                    List.of("stored", file.toString(), "--configuration", file.toString()))) {
                everything.append(command.piped(broken)
                        .runAsIs(line.toArray(String[]::new))
                        .all());
            }
            everything.append(command.runAsIs("stages", file.toString()).err());
            everything.append(command.runAsIs("stages", file.toString(), "--to", file.toString())
                    .err());
        }

        assertThat(everything).contains("error (").doesNotContain(needles);
        assertThat(good).contains(needles.get(0));
    }

    @Test
    void stagesAndGenerate_showKeysOnStandardOutputAlone() throws IOException {
        CommandRun.Result good = command.runAsIs("config", "generate");
        Path file = Files.writeString(folder.resolve("enc.yaml"), good.out());
        String secret = good.out().replaceFirst("(?s).*secret: '?([A-Za-z0-9+/=]+).*", "$1");

        CommandRun.Result stages = command.runAsIs("stages", file.toString());

        assertThat(stages.out()).contains(secret);
        assertThat(stages.err() + good.err()).isEmpty();
    }

    private static List<String> needles(byte[] key) {
        String base64 = Base64.getEncoder().encodeToString(key);
        return List.of(
                base64,
                base64.substring(0, 12),
                base64.substring(30, 42),
                HexFormat.of().formatHex(key),
                new String(key, StandardCharsets.ISO_8859_1));
    }

    /** Takes out, doubles or puts in a few characters anywhere but in the key itself, which is to be found. */
    private static String mutant(String text, Random random) {
        int secret = text.indexOf("secret: ") + "secret: ".length();
        int at = random.nextInt(text.length());
        if (at > secret && at < secret + 44) {
            at = secret;
        }
        String noise = "\n\t :-#[]{},&*!|>'\"%@`?";
        int length = Math.min(1 + random.nextInt(8), text.length() - at);
        return switch (random.nextInt(3)) {
            case 0 -> at + length <= secret || at > secret ? text.substring(0, at) + text.substring(at + length) : text;
            case 1 -> text.substring(0, at) + text.substring(at, at + length) + text.substring(at);
            default -> text.substring(0, at) + noise.charAt(random.nextInt(noise.length())) + text.substring(at);
        };
    }
}
