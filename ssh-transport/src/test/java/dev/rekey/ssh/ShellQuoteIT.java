package dev.rekey.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.sshd.TestSshd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The one quoting function, against the shells that it is for. */
class ShellQuoteIT {
    private static final String HARD = "'\"\\$`!*?[]{}()<>|&;#~=%^ \t\n\r\u0001\u007f-/aZ0\u00e4\u9375\ud83d\udd11";

    @BeforeAll
    static void require() {
        TestSshd.require();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash", "bash --posix", "busybox ash", "bash -O extglob"})
    void anyText_comesOutOfTheShellAsItWentIn(String shell) throws Exception {
        Random random = new Random(shell.hashCode());
        for (int round = 0; round < 40; round++) {
            String[] words = new String[50];
            StringBuilder line = new StringBuilder("printf '%s\\000'");
            for (int i = 0; i < words.length; i++) {
                words[i] = text(random);
                line.append(' ').append(ShellQuote.quote(words[i]));
            }
            assertThat(run(shell, line.toString())).isEqualTo(String.join("\0", words) + "\0");
        }
    }

    private static String text(Random random) {
        int[] points = HARD.codePoints().toArray();
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(12); left > 0; left--) {
            text.appendCodePoint(points[random.nextInt(points.length)]);
        }
        return text.toString();
    }

    private static String run(String shell, String line) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(shell.split(" ", -1)));
        command.addAll(List.of("-c", line));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return output;
    }

    @Test
    void aNul_isRefused_sinceNoCommandLineHoldsOne() {
        assertThatThrownBy(() -> ShellQuote.quote("a\0b")).isInstanceOf(IllegalArgumentException.class);
    }
}
