package dev.rekey.manifest;

import dev.rekey.internal.YamlNode.Mapping;
import dev.rekey.internal.YamlNode.Scalar;
import dev.rekey.internal.YamlNode.Sequence;
import dev.rekey.internal.YamlNode.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a container is started with: the words of {@code command}, then those of {@code args}, as kube-apiserver reads them. */
final class Arguments {
    static final String PROGRAM = "kube-apiserver";

    private static final Set<String> SHELLS = Set.of("sh", "bash", "ash", "dash", "zsh", "ksh", "busybox");
    private static final Pattern FOLDED = Pattern.compile("\\s-\\s|\\s--");

    /** A word and where it stands. */
    record Word(Sequence list, int index, Scalar scalar) {
        String text() {
            return scalar.text();
        }
    }

    /** A flag; its value stands in the same word, in the next, or is left out and means true. */
    record Flag(
            String name, String value, Word word, @Nullable Word next) {
        boolean isBare() {
            return next == null && !word.text().contains("=");
        }
    }

    private final List<Word> words;
    private final List<Flag> flags;

    private Arguments(List<Word> words, List<Flag> flags) {
        this.words = words;
        this.flags = flags;
    }

    static Arguments read(Reading reading, Mapping container) {
        List<Word> words = new ArrayList<>();
        for (String key : List.of("command", "args")) {
            Sequence list = reading.sequence(container, key);
            for (int i = 0; list != null && i < list.items().size(); i++) {
                Scalar scalar = reading.scalar(list.items().get(i), "an item of " + key);
                words.add(new Word(list, i, scalar));
            }
        }
        return new Arguments(words, scan(words));
    }

    /** Whether kube-apiserver is started here, by a word of its own or by the image. */
    boolean startsApiServer(boolean namedSo) {
        return programIndex(words) >= 0
                || (namedSo && (words.isEmpty() || words.get(0).text().startsWith("-")));
    }

    boolean isShell() {
        return !words.isEmpty() && SHELLS.contains(baseName(words.get(0).text()));
    }

    /** The list to put a flag at the end of, so that it is the last; null where there is no word at all. */
    @Nullable
    Sequence last() {
        return words.isEmpty() ? null : words.get(words.size() - 1).list();
    }

    /** The flags of that name, in order. */
    List<Flag> flags(List<String> names) {
        return flags.stream().filter(flag -> names.contains(flag.name())).toList();
    }

    /** The one that counts. */
    Optional<Flag> winner(List<String> names) {
        List<Flag> all = flags(names);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
    }

    /** Refuses words that are not what they look like. */
    void check(Reading reading) {
        for (Word word : words) {
            boolean folded = word.scalar().style() == Style.PLAIN
                    && FOLDED.matcher(word.text()).find();
            if (folded) {
                throw reading.refused(
                        word.scalar(),
                        "an argument goes on with what looks like the next one",
                        "Indent each item of the list like the first, or quote the argument");
            }
        }
    }

    private static List<Flag> scan(List<Word> words) {
        List<Flag> flags = new ArrayList<>();
        for (int i = programIndex(words) + 1; i < words.size(); i++) {
            String text = words.get(i).text();
            if (text.equals("--")) {
                break;
            }
            if (text.equals("-v")) {
                i++;
            } else if (text.startsWith("--")) {
                Flag flag = flag(words, i);
                flags.add(flag);
                i += flag.next() == null ? 0 : 1;
            }
        }
        return flags;
    }

    private static Flag flag(List<Word> words, int i) {
        Word word = words.get(i);
        int equals = word.text().indexOf('=');
        String name = EncryptionFlags.normalise(
                word.text().substring(2, equals < 0 ? word.text().length() : equals));
        if (equals >= 0) {
            return new Flag(name, word.text().substring(equals + 1), word, null);
        }
        Word next = i + 1 < words.size() ? words.get(i + 1) : null;
        boolean takesAny = EncryptionFlags.names(EncryptionFlags.CONFIG).contains(name);
        boolean takesNone = name.equals(EncryptionFlags.RELOAD);
        if (next == null || takesNone || (!takesAny && next.text().startsWith("-"))) {
            return new Flag(name, "true", word, null);
        }
        return new Flag(name, next.text(), word, next);
    }

    private static int programIndex(List<Word> words) {
        for (int i = 0; i < words.size(); i++) {
            String name = baseName(words.get(i).text());
            boolean hyperkube = name.equals("apiserver")
                    && i > 0
                    && baseName(words.get(i - 1).text()).equals("hyperkube");
            if (name.equals(PROGRAM) || hyperkube) {
                return i;
            }
        }
        return -1;
    }

    private static String baseName(String text) {
        return text.substring(text.lastIndexOf('/') + 1);
    }
}
