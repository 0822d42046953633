package dev.rekey.cli;

import dev.rekey.InvalidInputException;
import dev.rekey.config.ConfigurationText;
import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.Key;
import dev.rekey.config.KeyName;
import dev.rekey.config.KeySource;
import dev.rekey.config.Provider;
import dev.rekey.config.Reader;
import dev.rekey.rotation.MemberConfigurations;
import dev.rekey.rotation.Stage;
import dev.rekey.rotation.Stages;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the safe way from one configuration to another. */
@Command(
        name = "stages",
        description =
                "Prints the three configurations that lead from FILE, which every apiserver has loaded, to another one"
                        + " without a moment at which any of them cannot read something. Needs no cluster.",
        footer = {
            "",
            "introduce  every apiserver can read everything, and writes as before",
            "promote    every apiserver writes as the target does, and still reads everything",
            "retire     the target; only after every object has been rewritten",
            "",
            "Begin each stage when every apiserver has loaded the one before. The stages hold keys and are on standard"
                    + " output only. A new key is drawn each time, so keep what is printed.",
            "  (umask 077; rekey stages encryption-providers.yaml >rotation.yaml)",
            "  rekey stages current.yaml --to custom.yaml --stage introduce"
        })
final class StagesCommand implements Callable<Integer> {
    private static final String NO_CONFIGURATION =
            "No configuration: take the flag out of each manifest, then remove the file.";

    private final Session session;

    @Parameters(
            paramLabel = "FILE",
            description =
                    "the present encryption configuration; - for standard input; an empty file (/dev/null) for none")
    private String file = "";

    @Option(
            names = "--to",
            paramLabel = "FILE",
            description =
                    "the target; an empty file for none. Without it: the present one with a new key in place of its own")
    private String to = "";

    @Option(
            names = "--stage",
            paramLabel = "STAGE",
            description = "print only this one: introduce, promote or retire (with --to)")
    private @Nullable Stage only;

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    StagesCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        requireUsable();
        Input present = session.input(file);
        EncryptionConfiguration current = configuration(present);
        Stages stages;
        if (to.isEmpty()) {
            stages = present.checked(() -> Stages.rotate(current, newKey(current)));
        } else {
            Input wanted = session.input(to);
            EncryptionConfiguration target = configuration(wanted);
            stages = Input.of(
                    present.name() + " to " + wanted.name(),
                    () -> Stages.between(Map.of("", new MemberConfigurations(current, List.of(current))), target));
            if (Stages.alike(current, target)) {
                session.output().progress("note: both configurations read and write alike");
            }
        }
        Map<String, Object> map = new LinkedHashMap<>();
        for (Stage stage : Stage.values()) {
            map.put(stage.word(), text(stages, stage));
        }
        map.put("rewrite", stages.rules());
        map.put("retiring", retiring(stages));
        session.output().exact(printed(stages).getBytes(StandardCharsets.UTF_8), map);
        return ExitStatus.DONE.number();
    }

    private void requireUsable() {
        Input.requireOneFromStandardInput(spec, file, to, "FILE and --to");
        if (only != null && to.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--stage needs --to: a new key is drawn each time, so that stages of two calls do not fit together");
        }
    }

    private EncryptionConfiguration configuration(Input input) {
        if (input.isBlank()) {
            return MemberConfigurations.NO_CONFIGURATION;
        }
        ServerOptions.requireValid(
                input.name(),
                ConfigurationText.check(input.bytes(), server.profile()),
                "Mend it; rekey config check shows all that is to be said about it");
        return input.checked(() -> ConfigurationText.parse(input.bytes())).configuration();
    }

    /** Named after the keys that are there, with the next serial. */
    private static Key newKey(EncryptionConfiguration current) {
        List<Key> keys = current.readers().stream()
                .filter(Reader.OfKey.class::isInstance)
                .map(reader -> ((Reader.OfKey) reader).key())
                .toList();
        String writer = current.entries().stream()
                .map(entry -> entry.providers().get(0))
                .filter(Provider.Keyed.class::isInstance)
                .map(provider -> ((Provider.Keyed) provider).keys().get(0).name())
                .findFirst()
                .orElseThrow(() -> new InvalidInputException(
                        "no key writes there, so none can be rotated; nothing was changed. Give a target with --to"));
        int serial = keys.stream()
                .mapToInt(key -> KeyName.serialOf(key.name()).orElse(1))
                .max()
                .orElse(0);
        return KeySource.secureRandom().next(KeyName.prefixOf(writer), serial + 1, KeySource.KEY_LENGTH);
    }

    private String printed(Stages stages) {
        if (only != null) {
            String text = text(stages, only);
            if (text == null) {
                session.output().progress("note: " + NO_CONFIGURATION);
                return "";
            }
            return text;
        }
        String rewrite = stages.rules().isEmpty() ? "nothing" : String.join(", ", stages.rules());
        List<String> retiring = retiring(stages);
        String dropped = retiring.isEmpty() ? "Nothing is dropped." : "Dropped: " + String.join(", ", retiring) + ".";
        return "# 1 introduce: every apiserver can read everything, and writes as before.\n"
                + shown(stages, Stage.INTRODUCE)
                + "---\n# 2 promote: once every apiserver has loaded 1. Then rewrite: " + rewrite + ".\n"
                + shown(stages, Stage.PROMOTE)
                + "---\n# 3 retire: once everything is rewritten. " + dropped + "\n"
                + shown(stages, Stage.RETIRE);
    }

    private static String shown(Stages stages, Stage stage) {
        String text = text(stages, stage);
        return text == null ? "# " + NO_CONFIGURATION + "\n" : text;
    }

    /** Null for no configuration. */
    private static @Nullable String text(Stages stages, Stage stage) {
        EncryptionConfiguration configuration = switch (stage) {
            case INTRODUCE -> stages.introduce().values().iterator().next();
            case PROMOTE -> stages.promote();
            case RETIRE -> stages.retire();
        };
        return configuration.entries().isEmpty()
                ? null
                : new String(configuration.render().exposeBytes(), StandardCharsets.UTF_8);
    }

    private static List<String> retiring(Stages stages) {
        return stages.retiring().stream().map(reader -> reader.ref().toString()).toList();
    }
}
