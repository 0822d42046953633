package dev.rekey.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** Kubernetes' own code, built with Go from a folder of {@code src/test/go}, which answers each line with one. */
public final class GoProgram {
    private final Path program;
    private final Path questions;
    private final Path answers;

    private GoProgram(String name) {
        this.program = Path.of("target", name).toAbsolutePath();
        this.questions = Path.of("target", name + "-questions.jsonl");
        this.answers = Path.of("target", name + "-answers.jsonl");
    }

    /** As {@code folder}, from it. */
    public static GoProgram build(String folder) {
        return build(folder, folder, List.of());
    }

    /** Builds it; where that cannot be, the calling test is skipped, or fails where real servers are required. */
    public static GoProgram build(String folder, String name, List<String> flags) {
        GoProgram built = new GoProgram(name);
        List<String> command = new ArrayList<>(List.of("go", "build", "-buildvcs=false", "-trimpath"));
        command.addAll(flags);
        command.addAll(List.of("-o", built.program.toString(), "."));
        if (built.run(command, Path.of("src/test/go", folder), null) != 0) {
            String reason =
                    "the program " + name + " cannot be built: it needs Go 1.26 or later. Go said: " + built.said();
            assertThat(Boolean.getBoolean("rekey.requireRealServers") || "true".equals(System.getenv("CI")))
                    .as(reason)
                    .isFalse();
            Assumptions.abort(reason);
        }
        return built;
    }

    /** One answer for each question, in their order. */
    public List<String> ask(List<String> lines) {
        try {
            Files.writeString(questions, String.join("\n", lines) + "\n");
            assertThat(run(List.of(program.toString()), Path.of("."), questions))
                    .as("%s; %s has what it was asked", program, questions)
                    .isZero();
            List<String> said = Files.readAllLines(answers);
            assertThat(said).hasSameSizeAs(lines);
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String said() {
        try {
            return Files.readString(answers);
        } catch (IOException e) {
            return "nothing";
        }
    }

    private int run(List<String> command, Path directory, @Nullable Path in) {
        try {
            File out = Files.writeString(answers, "").toFile();
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(in == null)
                    .redirectOutput(out);
            // As the tests' servers are built, so that Go keeps one result for both.
            builder.environment().put("CGO_ENABLED", "0");
            if (in != null) {
                builder.redirectInput(in.toFile()).redirectError(ProcessBuilder.Redirect.DISCARD);
            }
            Process process = builder.start();
            if (process.waitFor(10, TimeUnit.MINUTES)) {
                return process.exitValue();
            }
            process.destroyForcibly();
            return -1;
        } catch (IOException e) {
            return -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return -1;
        }
    }
}
