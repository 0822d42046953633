package dev.rekey.cli;

import dev.rekey.config.ConfigurationText;
import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.Finding;
import dev.rekey.config.KeySource;
import dev.rekey.config.ManagedSettings;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** EncryptionConfigurations as files. */
@Command(name = "config", description = "Makes and checks encryption configurations. Needs no cluster.")
final class ConfigCommand extends CommandGroup {

    /** Makes one. */
    @Command(
            name = "generate",
            description =
                    "Prints a new encryption configuration with a new random key: it can read what is stored plain,"
                            + " and writes with the key.",
            footer = {
                "",
                "The key is on standard output, so keep it from others:",
                "  (umask 077; rekey config generate >encryption-providers.yaml)",
                "Into a cluster that has objects it goes in stages, on several members: see rekey stages."
            })
    static final class Generate implements Callable<Integer> {
        private static final String ASKED_FOR = "what was asked for";

        private final Session session;

        @Option(
                names = "--provider",
                paramLabel = "TYPE",
                defaultValue = "aescbc",
                description = "aescbc (the default), aesgcm or secretbox")
        private String provider = "aescbc";

        @Option(
                names = "--resource",
                paramLabel = "RESOURCE",
                split = ",",
                defaultValue = "secrets",
                description = "what to encrypt, such as secrets (the default), configmaps or *.apps; may be repeated")
        private List<String> resources = List.of();

        @Option(
                names = "--key-prefix",
                paramLabel = "PREFIX",
                defaultValue = "rekey",
                description = "how the key's name begins; without it ${DEFAULT-VALUE}")
        private String keyPrefix = "rekey";

        @Mixin
        private final ServerOptions server = new ServerOptions();

        Generate(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            List<String> named = resources.stream().map(String::strip).toList();
            EncryptionConfiguration generated = ManagedSettings.DEFAULT
                    .withProviderType(provider)
                    .withResources(named)
                    .withKeyPrefix(keyPrefix)
                    .generate(KeySource.secureRandom());
            List<Finding> findings = generated.validate(server.profile());
            ServerOptions.requireValid(ASKED_FOR, findings, "Give other options; rekey config generate --help");
            findings.forEach(finding -> session.output().progress(Findings.line(ASKED_FOR, finding)));
            byte[] text = generated.render().exposeBytes();
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("configuration", new String(text, StandardCharsets.UTF_8));
            map.put("key", generated.writerOf(named.get(0)).ref().name());
            session.output().exact(text, map);
            return ExitStatus.DONE.number();
        }
    }

    /** Says what a server would. */
    @Command(
            name = "check",
            description =
                    "Says whether a kube-apiserver would take an encryption configuration, and what a careful person"
                            + " would not do. Shows names, and never a key or another value.",
            footer = {
                "",
                "Exit status: 0 valid (there may be warnings), 2 invalid or not to be read.",
                "  rekey config check enc.yaml --kubernetes 1.31.4 --automatic-reload",
                "  ssh cp1 sudo cat /etc/kubernetes/enc/enc.yaml | rekey config check -"
            })
    static final class Check implements Callable<Integer> {
        private final Session session;

        @Parameters(paramLabel = "FILE", description = "the encryption configuration; - for standard input")
        private String file = "";

        @Mixin
        private final ServerOptions.Exact server = new ServerOptions.Exact();

        Check(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            Input input = session.input(file);
            Findings findings = new Findings(input.name(), ConfigurationText.check(input.bytes(), server.profile()));
            session.output().result(findings.describe("Kubernetes " + server.version()), findings.toMap());
            return (findings.isValid() ? ExitStatus.DONE : ExitStatus.USAGE).number();
        }
    }
}
