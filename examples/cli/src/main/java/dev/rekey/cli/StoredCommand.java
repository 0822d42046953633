package dev.rekey.cli;

import dev.rekey.config.ConfigurationText;
import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.KeyRef;
import dev.rekey.config.Reader;
import dev.rekey.stored.Decryption;
import dev.rekey.stored.StoredValue;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what values of etcd are. */
@Command(
        name = "stored",
        description = "Says of values of etcd under which key they are stored, or that they are plain or damaged."
                + " Shows nothing of what they hold unless --decrypt is given. Needs no cluster.",
        footer = {
            "",
            "Exit status: 0 all could be told, 2 one is damaged, cannot be decrypted, or the input holds none or cannot be read.",
            "  etcdctl get /registry/secrets/default/s1 | rekey stored -",
            "  etcdctl get /registry/secrets/ --prefix -w json | rekey stored -",
            "  etcdctl get /registry/secrets/default/s1 |",
            "    rekey stored - --configuration enc.yaml --decrypt"
        })
final class StoredCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(
            paramLabel = "FILE",
            description = "one raw value, or what etcdctl get prints (-w json for several); - for standard input")
    private String file = "";

    @Option(
            names = "--configuration",
            paramLabel = "FILE",
            description = "an encryption configuration: its key names are known, which matters where names hold colons")
    private String configuration = "";

    @Option(
            names = "--key",
            paramLabel = "ETCDKEY",
            description =
                    "the whole key of the value, such as /registry/secrets/default/s1, where FILE does not say it")
    private String etcdKey = "";

    @Option(
            names = "--decrypt",
            description = "print the content of the value on standard output, with the keys of --configuration")
    private boolean decrypt;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** What was found, for people and for tools. */
    private record Answer(String text, Map<String, Object> map, boolean good) {}

    StoredCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (decrypt && configuration.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--decrypt needs --configuration");
        }
        Input.requireOneFromStandardInput(spec, file, configuration, "FILE and --configuration");
        Input input = session.input(file);
        List<EtcdValues.Value> values = EtcdValues.in(input);
        Optional<EncryptionConfiguration> known = known();
        if (decrypt) {
            return decrypted(input, values, known.orElseThrow());
        }
        List<KeyRef> names = known.map(
                        read -> read.readers().stream().map(Reader::ref).toList())
                .orElse(List.of());
        List<Answer> answers =
                values.stream().map(value -> answer(value, names)).toList();
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("values", answers.stream().map(Answer::map).toList());
        String text = answers.stream().map(Answer::text).collect(Collectors.joining(System.lineSeparator()));
        session.output().result(text, map);
        return (answers.stream().allMatch(Answer::good) ? ExitStatus.DONE : ExitStatus.USAGE).number();
    }

    private Optional<EncryptionConfiguration> known() {
        if (configuration.isEmpty()) {
            return Optional.empty();
        }
        Input read = session.input(configuration);
        return Optional.of(
                read.checked(() -> ConfigurationText.parse(read.bytes())).configuration());
    }

    private Answer answer(EtcdValues.Value value, List<KeyRef> names) {
        byte[] bytes = value.readings().stream()
                .filter(reading -> !(parsed(reading, names) instanceof StoredValue.Damaged))
                .findFirst()
                .orElse(value.readings().get(0));
        StoredValue parsed = parsed(bytes, names);
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("key", key(value).orElse(null));
        String found;
        if (parsed instanceof StoredValue.Encrypted encrypted) {
            Optional<String> kmsKey = StoredValue.kmsKeyId(bytes, encrypted);
            map.put("state", "encrypted");
            map.put("provider", encrypted.ref().type());
            map.put("version", encrypted.version());
            map.put("name", encrypted.ref().name());
            map.put("kmsKeyId", kmsKey.orElse(null));
            found = "encrypted, " + encrypted.ref() + " (" + encrypted.version() + ")"
                    + kmsKey.map(id -> ", key id of the KMS: " + shown(id)).orElse("");
        } else if (parsed instanceof StoredValue.Plain plain) {
            String form = plain.form().name().toLowerCase(Locale.ROOT);
            map.put("state", "plain");
            map.put("form", form);
            found = "plain, " + form;
        } else {
            String reason = ((StoredValue.Damaged) parsed).reason();
            map.put("state", "damaged");
            map.put("reason", reason);
            found = "damaged: " + reason;
        }
        String where = key(value).map(key -> shown(key) + ": ").orElse("");
        return new Answer(where + found, map, !(parsed instanceof StoredValue.Damaged));
    }

    private int decrypted(Input input, List<EtcdValues.Value> values, EncryptionConfiguration readers) {
        if (values.size() != 1 && !session.output().isJson()) {
            throw input.invalid(
                    "holds " + values.size() + " values, whose contents would run into each other",
                    "Give one, or --output json");
        }
        List<Map<String, Object>> contents = new ArrayList<>();
        for (EtcdValues.Value value : values) {
            String key = key(value).orElse("");
            Decryption.Content content = content(input, value, readers, key);
            if (!session.output().isJson()) {
                session.output().exact(content.exposeBytes(), Map.of());
                return ExitStatus.DONE.number();
            }
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("key", key.isEmpty() ? null : key);
            map.put("reader", content.ref().toString());
            map.put("content", Base64.getEncoder().encodeToString(content.exposeBytes()));
            contents.add(map);
        }
        session.output().exact(new byte[0], Map.of("values", contents));
        return ExitStatus.DONE.number();
    }

    /** What is not authenticated must at least look like an object: a wrong key fits by accident now and then. */
    private static Decryption.Content content(
            Input input, EtcdValues.Value value, EncryptionConfiguration readers, String key) {
        String reason = "";
        for (byte[] reading : value.readings()) {
            Decryption opened = Decryption.of(reading, readers, key);
            if (opened instanceof Decryption.Content content
                    && (content.authenticated()
                            || parsed(content.exposeBytes(), List.of()) instanceof StoredValue.Plain)) {
                return content;
            }
            if (reason.isEmpty()) {
                reason = opened instanceof Decryption.Failure failure
                        ? failure.reason()
                        : "what comes out is no object, so the key is probably another one of that name";
            }
        }
        String where = key.isEmpty() ? "the value" : "the value of " + shown(key);
        throw input.invalid(
                where + " cannot be decrypted: " + reason,
                key.isEmpty()
                        ? "Give its etcd key with --key, without which aesgcm opens nothing, or another --configuration"
                        : "Give the configuration that it was written under, and its whole etcd key");
    }

    /** By more than its first bytes where those say little. */
    private static StoredValue parsed(byte[] value, List<KeyRef> names) {
        StoredValue parsed = StoredValue.parse(value, names);
        boolean json = parsed instanceof StoredValue.Plain plain && plain.form() == StoredValue.Form.JSON;
        return json && !EtcdJson.isObject(value)
                ? new StoredValue.Damaged("it begins as JSON, and is no whole object")
                : parsed;
    }

    private Optional<String> key(EtcdValues.Value value) {
        return etcdKey.isEmpty() ? value.key() : Optional.of(etcdKey);
    }

    /** Of others' making, so without what a terminal would take for a command. */
    private static String shown(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
