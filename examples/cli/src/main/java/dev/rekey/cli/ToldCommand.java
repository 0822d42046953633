package dev.rekey.cli;

import dev.rekey.RefusedException;
import dev.rekey.manifest.Encryption;
import dev.rekey.manifest.EncryptionSettings;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows and changes what a text tells an apiserver about encryption; the same for both kinds of text. */
abstract class ToldCommand implements Callable<Integer> {
    private final Session session;
    private final Told.Kind kind;

    @Parameters(paramLabel = "FILE", description = "the manifest or ClusterConfiguration; - for standard input")
    private String file = "";

    @Mixin
    private final WantedConfiguration configuration = new WantedConfiguration();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    ToldCommand(Session session, Told.Kind kind) {
        this.session = session;
        this.kind = kind;
    }

    /** The command {@code manifest} or {@code kubeadm}, with its own. */
    static CommandLine group(Session session, Told.Kind kind) {
        return new CommandLine(kind == Told.Kind.MANIFEST ? new Manifest() : new Kubeadm())
                .addSubcommand(new ShowCommand(session, kind))
                .addSubcommand(new Enable(session, kind))
                .addSubcommand(new Disable(session, kind));
    }

    @Override
    public Integer call() {
        Input.requireOneFromStandardInput(spec, file, configuration.file(), "FILE and --configuration");
        Input input = session.input(file);
        Told told = input.parsed(kind::parse);
        run(input, told);
        return ExitStatus.DONE.number();
    }

    abstract void run(Input input, Told told);

    Session session() {
        return session;
    }

    WantedConfiguration configuration() {
        return configuration;
    }

    /** A static pod's. */
    @Command(
            name = "manifest",
            description = "Shows and changes what the static pod manifest of a kube-apiserver says about encryption."
                    + " Needs no cluster.")
    private static final class Manifest extends CommandGroup {}

    /** kubeadm's. */
    @Command(
            name = "kubeadm",
            description =
                    "Shows and changes what kubeadm's ClusterConfiguration says about encryption, so that the next"
                            + " upgrade or join keeps it. Needs no cluster.",
            footer = {
                "",
                "FILE is a ClusterConfiguration alone, a file for kubeadm --config that has one among its documents, or the"
                        + " ConfigMap kubeadm-config as kubectl prints it."
            })
    private static final class Kubeadm extends CommandGroup {}

    /** One that gives a new text. */
    private abstract static class Edit extends ToldCommand {
        @Option(
                names = "--in-place",
                description =
                        "replace FILE, atomically, and print nothing on standard output; of a symbolic link what it"
                                + " leads to; refused where FILE has hard links")
        private boolean inPlace;

        @Option(
                names = "--replace",
                description =
                        "change it also where the flag has a path that is neither the usual one nor --configuration")
        private boolean replace;

        Edit(Session session, Told.Kind kind) {
            super(session, kind);
        }

        /** Reads what else is to be read, so that its mistakes are not told as those of the text that is edited. */
        abstract UnaryOperator<Told> edit();

        abstract void note(Told before, Told after);

        @Override
        void run(Input input, Told told) {
            if (inPlace && input.file().isEmpty()) {
                throw input.invalid("cannot be edited in place", "Leave out --in-place, or give a file");
            }
            if (!replace) {
                told.encryption()
                        .map(Encryption::configurationPath)
                        .filter(path -> !isExpected(path))
                        .ifPresent(path -> {
                            throw new RefusedException(
                                    input.name() + ": the apiserver is told to read " + path + ", not "
                                            + configuration().path()
                                            + "; nothing was changed. What is stored may need the keys in"
                                            + " that file. To keep that path give --configuration " + path
                                            + "; to change it all the same give --replace");
                        });
            }
            UnaryOperator<Told> edit = edit();
            Told after = input.checked(() -> edit.apply(told));
            boolean changed = !after.text().equals(told.text());
            byte[] text = after.text().getBytes(StandardCharsets.UTF_8);
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("changed", changed);
            if (inPlace) {
                if (changed) {
                    InPlace.replace(input, text);
                }
                map.put("file", input.name());
                session().output().exact(new byte[0], map);
                session().output().progress(input.name() + ": " + (changed ? "changed" : "nothing to do"));
            } else {
                map.put("text", after.text());
                session().output().exact(text, map);
            }
            if (changed) {
                note(told, after);
            }
        }

        boolean isExpected(String path) {
            return path.equals(configuration().path().value());
        }

        void say(String note) {
            session().output().progress("note: " + note);
        }
    }

    /** Adds what is needed. */
    @Command(
            name = "enable",
            description =
                    "Adds the flags, and a mount of the configuration's directory and of KMS sockets where none is"
                            + " there. Every other byte stays; twice is once; disable gives the first text back, unless that had"
                            + " something for encryption already, which a note tells.",
            footer = {
                "",
                "What cannot be changed safely (a shell wrapper, anchors, two documents, ...) is refused with status 3.",
                "  rekey manifest enable kube-apiserver.yaml | diff kube-apiserver.yaml -",
                "  rekey manifest enable /etc/kubernetes/manifests/kube-apiserver.yaml --in-place",
                "  kubectl -n kube-system get cm kubeadm-config -o yaml |",
                "    rekey kubeadm enable - | kubectl apply -f -"
            })
    private static final class Enable extends Edit {
        @Mixin
        private final ServerOptions server = new ServerOptions();

        Enable(Session session, Told.Kind kind) {
            super(session, kind);
        }

        @Override
        UnaryOperator<Told> edit() {
            EncryptionSettings settings = configuration()
                    .settings()
                    .withKmsSockets(configuration().sockets(session()).orElse(List.of()));
            boolean reloads = server.profile().capabilities().automaticReload();
            return told -> told.with(reloads ? settings : settings.withoutAutomaticReload());
        }

        @Override
        void note(Told before, Told after) {
            say("the apiserver will not start before its host has "
                    + configuration().path());
            if (!before.runsAsRoot()) {
                say("the apiserver does not run as root: see that its user may read "
                        + configuration().path());
            }
            if (configuration().isElsewhere()) {
                say("that file is not on this machine, so nothing is mounted for KMS plugins that it may name");
            }
            before.encryption()
                    .filter(told -> !isExpected(told.configurationPath()))
                    .ifPresent(told -> say("it was told to read " + told.configurationPath()
                            + ": see that each key there is in the new file too"));
            if (!isUndone(before, after)) {
                say(
                        "disable will not give the first text back: it had a flag, a volume or a mount of the file alone for"
                                + " encryption already");
            }
        }

        private boolean isUndone(Told before, Told after) {
            try {
                return after.without(configuration().layout()).text().equals(before.text());
            } catch (RefusedException e) {
                return false;
            }
        }
    }

    /** Takes it away. */
    @Command(
            name = "disable",
            description = "Takes the flags out, and the mounts and volumes that enable adds. Every other byte stays.",
            footer = {
                "",
                "An apiserver without its configuration reads only what is stored plain: rewrite everything with identity"
                        + " as the writer before, or let rekey disable --inventory do all of it."
            })
    private static final class Disable extends Edit {
        Disable(Session session, Told.Kind kind) {
            super(session, kind);
        }

        @Override
        boolean isExpected(String path) {
            return super.isExpected(path)
                    || path.equals(configuration().layout().customPath().value());
        }

        @Override
        UnaryOperator<Told> edit() {
            return told -> told.without(configuration().layout());
        }

        @Override
        void note(Told before, Told after) {
            if (before.encryption().isPresent()) {
                say("without its configuration the apiserver reads only what is stored plain");
            }
        }
    }
}
