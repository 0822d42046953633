package dev.rekey.cli;

import dev.rekey.InvalidInputException;
import dev.rekey.config.KubernetesVersion;
import dev.rekey.rotation.Stage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.TypeConversionException;

/** What the words of a command line become. */
final class Words {
    private Words() {}

    /** For {@code tree} and the commands that it has by now. */
    static void readBy(CommandLine tree) {
        // A file of arguments might be one with keys, and a mistake in an argument is quoted.
        tree.setExpandAtFiles(false);
        tree.setExecutionStrategy(parsed -> {
            parsed.asCommandLineList().forEach(command -> requireNoneEmpty(command.getParseResult()));
            return new RunLast().execute(parsed);
        });
        tree.registerConverter(Duration.class, converter(Durations::parse));
        tree.registerConverter(Path.class, converter(LocalPath::of));
        tree.registerConverter(KubernetesVersion.class, converter(Words::version));
        tree.registerConverter(Output.Format.class, oneOf(Output.Format.values(), Output.Format::toString));
        tree.registerConverter(PlanCommand.Kind.class, oneOf(PlanCommand.Kind.values(), PlanCommand.Kind::toString));
        tree.registerConverter(Stage.class, oneOf(Stage.values(), Stage::word));
    }

    /** Mostly a variable of a shell that is not set: to go on as if the option were not there might do something else. */
    private static void requireNoneEmpty(ParseResult parsed) {
        for (ArgSpec given : parsed.matchedArgs()) {
            if (given.stringValues().stream().anyMatch(String::isBlank)) {
                String name = given instanceof OptionSpec option ? option.longestName() : given.paramLabel();
                throw new ParameterException(
                        parsed.commandSpec().commandLine(),
                        name + " is given, and empty; give a value or leave it out");
            }
        }
    }

    private static KubernetesVersion version(String text) {
        KubernetesVersion version = KubernetesVersion.parse(text);
        if (!version.isAtLeast(1, 13)) {
            throw new InvalidInputException(
                    version + " is not supported: the flag --encryption-provider-config is there from v1.13 on");
        }
        return version;
    }

    private static <T> ITypeConverter<T> oneOf(T[] values, Function<T, String> word) {
        return text -> Arrays.stream(values)
                .filter(value -> word.apply(value).equals(text))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("'" + text + "' is none of "
                        + Arrays.stream(values).map(word).collect(Collectors.joining(", "))));
    }

    /** Without it picocli would name the class of the exception. */
    private static <T> ITypeConverter<T> converter(Function<String, T> reader) {
        return text -> {
            try {
                return reader.apply(text);
            } catch (InvalidInputException | IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        };
    }
}
