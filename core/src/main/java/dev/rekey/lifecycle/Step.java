package dev.rekey.lifecycle;

import dev.rekey.config.KeyRef;
import dev.rekey.manifest.NodePath;
import dev.rekey.rotation.Stage;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** One kind of change, or one proof. Idempotent; says itself in a line that holds names and no key bytes. */
public sealed interface Step extends Serializable {

    /** One line for the plan, the events and the report. */
    String describe();

    /** Takes away temporary files that a stopped run left. */
    record Sweep(String member, List<NodePath> paths) implements Step {
        /** Copies the list. */
        public Sweep {
            paths = List.copyOf(paths);
        }

        @Override
        public String describe() {
            return member + ": remove what a stopped run left: " + paths;
        }
    }

    /** Has only root read a file with keys that others could read; its content stays. */
    record Restrict(String member, NodePath path) implements Step {
        @Override
        public String describe() {
            return member + ": let only root read " + path;
        }
    }

    /** Keeps the keys that will write, and those that will leave, before anything else happens. */
    record Archive(List<KeyRef> keys) implements Step {
        /** Copies the list. */
        public Archive {
            keys = List.copyOf(keys);
        }

        @Override
        public String describe() {
            return "archive " + keys.stream().map(KeyRef::toString).collect(Collectors.joining(", "));
        }
    }

    /** Puts one stage's configuration file on one member; does not wait until it is loaded. */
    record Push(String member, Stage stage, NodePath path, String sha256) implements Step {
        @Override
        public String describe() {
            return member + ": " + stage.word() + ": write " + path;
        }
    }

    /** Has the manifest name the configuration file, mount it and reload it; the apiserver restarts and is proved before the next. */
    record Attach(String member, NodePath manifest) implements Step {
        @Override
        public String describe() {
            return member + ": edit " + manifest + " (flags and mount), restart, prove";
        }
    }

    /** Proves that members have loaded what was written for the stage. */
    record Prove(Stage stage, List<String> members) implements Step {
        /** Copies the list. */
        public Prove {
            members = List.copyOf(members);
        }

        @Override
        public String describe() {
            return "prove " + stage.word() + " loaded by " + String.join(", ", members);
        }
    }

    /** Has kubeadm's ClusterConfiguration agree with the manifests. */
    record EditKubeadm(boolean encrypting) implements Step {
        @Override
        public String describe() {
            return "kubeadm's ClusterConfiguration: " + (encrypting ? "add" : "remove") + " the flags and the mount";
        }
    }

    /** Goes on only if every member is ready and proved, every live apiserver is a member, and every KMS is healthy. */
    record Gate(String before) implements Step {
        @Override
        public String describe() {
            return "gate before " + before;
        }
    }

    /** Takes the mark away, since what it says is about to become untrue. */
    record RemoveMark(List<String> members) implements Step {
        /** Copies the list. */
        public RemoveMark {
            members = List.copyOf(members);
        }

        @Override
        public String describe() {
            return "remove the mark on " + String.join(", ", members);
        }
    }

    /** Waits until no request can be in flight that began under the former writer. */
    record Settle(Duration duration) implements Step {
        @Override
        public String describe() {
            return "settle for " + duration.toSeconds() + " s";
        }
    }

    /** Has every object of the rules written again. */
    record Rewrite(List<String> rules) implements Step {
        /** Copies the list. */
        public Rewrite {
            rules = List.copyOf(rules);
        }

        @Override
        public String describe() {
            return "rewrite " + String.join(", ", rules);
        }
    }

    /** Proves all members once more, and records on each what is now stored under which writer. */
    record SetMark(List<String> members) implements Step {
        /** Copies the list. */
        public SetMark {
            members = List.copyOf(members);
        }

        @Override
        public String describe() {
            return "prove again, set the mark on " + String.join(", ", members);
        }
    }

    /** Has the manifest name no configuration; the apiserver restarts and is proved to have loaded none before the next. */
    record Detach(String member, NodePath manifest) implements Step {
        @Override
        public String describe() {
            return member + ": retire: edit " + manifest + " (no flags, no mount), restart, prove";
        }
    }

    /** Removes a configuration file that no apiserver reads any more and nothing is stored under. */
    record Delete(String member, NodePath path) implements Step {
        @Override
        public String describe() {
            return member + ": retire: delete " + path;
        }
    }
}
