package dev.rekey.manifest;

import dev.rekey.internal.YamlNode;
import dev.rekey.internal.YamlNode.Mapping;
import dev.rekey.internal.YamlNode.Scalar;
import dev.rekey.internal.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Tells the container of a kube-apiserver from others, whose form is none of our business. */
final class Program {
    static final String NAME = "kube-apiserver";

    private static final Set<String> SHELLS = Set.of("sh", "bash", "ash", "dash", "zsh", "ksh", "busybox");
    private static final Set<String> WRAPPERS = Set.of("go-runner", "env", "nice", "ionice", "taskset", "chrt", "tini");

    private Program() {}

    /** Whether a document is the pod of one, by whatever sign. Where it cannot be told, it is. */
    static boolean isIn(YamlNode document) {
        if (!(document instanceof Mapping pod)) {
            return false;
        }
        boolean named = pod.value("metadata") instanceof Mapping metadata && isNamed(metadata);
        if (named || !(pod.value("spec") instanceof Mapping spec)) {
            return named;
        }
        return spec.value("containers") instanceof Sequence containers
                && containers.items().stream()
                        .anyMatch(item -> !(item instanceof Mapping container)
                                || isNamed(container)
                                || isStartedBy(container)
                                || isStartedByShell(container));
    }

    /** Whether this container starts one by a word of its own, or by its image. */
    static boolean isStartedBy(Mapping container) {
        List<String> words = words(container);
        boolean byImage = words.isEmpty() || words.get(0).startsWith("-");
        return index(words, isNamed(container)) >= 0 || (isNamed(container) && byImage);
    }

    /** Whether this container starts a shell that is to start one. */
    static boolean isStartedByShell(Mapping container) {
        List<String> words = words(container);
        return !words.isEmpty()
                && SHELLS.contains(baseName(words.get(0)))
                && (isNamed(container) || words.stream().anyMatch(word -> word.contains(NAME)));
    }

    /** The word that is the program; -1 where there is none. A sidecar may well name one's log file. */
    static int index(List<String> words, boolean isNamed) {
        for (int i = 0; i < words.size(); i++) {
            boolean hyperkube = i > 0 && baseName(words.get(i - 1)).equals("hyperkube");
            boolean isOne = baseName(words.get(i)).equals(NAME)
                    || (hyperkube && words.get(i).equals("apiserver"));
            if (isOne && (i == 0 || isNamed || hyperkube || WRAPPERS.contains(baseName(words.get(0))))) {
                return i;
            }
        }
        return -1;
    }

    static boolean isNamed(Mapping map) {
        return map.value("name") instanceof Scalar name && name.text().equals(NAME);
    }

    private static List<String> words(Mapping container) {
        List<String> words = new ArrayList<>();
        for (String key : List.of("command", "args")) {
            if (container.value(key) instanceof Sequence list) {
                list.items().forEach(item -> words.add(item instanceof Scalar scalar ? scalar.text() : ""));
            }
        }
        return words;
    }

    private static String baseName(String word) {
        return word.startsWith("-") ? word : word.substring(word.lastIndexOf('/') + 1);
    }
}
