package dev.rekey.manifest;

import dev.rekey.internal.YamlNode.Mapping;
import dev.rekey.internal.YamlNode.Scalar;
import dev.rekey.internal.YamlNode.Sequence;
import dev.rekey.internal.YamlNode.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a container is started with: the words of {@code command}, then those of {@code args}, as kube-apiserver reads them. */
final class Arguments {
    private static final Pattern FOLDED = Pattern.compile("\\s-\\s|\\s--");

    /** A word and where it stands. */
    record Word(String key, Sequence list, int index, Scalar scalar) {
        String text() {
            return scalar.text();
        }

        /** Over several lines, which the parser has joined. */
        boolean isFolded() {
            int length = scalar.span().end() - scalar.span().start();
            return scalar.style() == Style.PLAIN && length != text().length();
        }
    }

    /** A flag; its value stands in the same word, in the next, or is left out and means true. */
    record Flag(
            String name, String value, Word word, @Nullable Word next) {
        boolean isBare() {
            return next == null && assigned().isEmpty();
        }

        /** From the equals sign on. */
        String assigned() {
            int equals = word.text().indexOf('=');
            return equals < 0 ? "" : word.text().substring(equals);
        }
    }

    private final List<Word> words;
    private final List<Flag> flags = new ArrayList<>();
    private @Nullable Word stray;

    private Arguments(List<Word> words, boolean isNamed) {
        this.words = words;
        scan(Program.index(words.stream().map(Word::text).toList(), isNamed) + 1);
    }

    static Arguments read(Reading reading, Mapping container) {
        List<Word> words = new ArrayList<>();
        for (String key : List.of("command", "args")) {
            Sequence list = reading.sequence(container, key);
            for (int i = 0; list != null && i < list.items().size(); i++) {
                Scalar scalar = reading.scalar(list.items().get(i), "an item of " + key);
                words.add(new Word(key, list, i, scalar));
            }
        }
        return new Arguments(words, Program.isNamed(container));
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
            if (word.isFolded() && FOLDED.matcher(word.text()).find()) {
                throw reading.refused(
                        word.scalar(),
                        "an argument goes on with what looks like the next one",
                        "Indent each item of the list like the first, or quote the argument");
            }
        }
        if (stray != null) {
            throw reading.refused(
                    stray.scalar(),
                    "an argument is neither a flag nor the value of one, so that no apiserver would start with it",
                    "Remove it, or join it to its flag with '='");
        }
    }

    private void scan(int start) {
        for (int i = start; i < words.size(); i++) {
            String text = words.get(i).text();
            boolean isFlag = text.startsWith("-") && !text.equals("--");
            if (!isFlag && !text.isEmpty()) {
                stray = stray == null ? words.get(i) : stray;
            } else if (text.equals("-v")) {
                i++;
            } else if (text.startsWith("--")) {
                Flag flag = flag(words, i);
                flags.add(flag);
                i += flag.next() == null ? 0 : 1;
            }
        }
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
        if (takesAny && next == null) {
            return new Flag(name, "", word, null);
        }
        if (next == null || takesNone || (!takesAny && next.text().startsWith("-"))) {
            return new Flag(name, "true", word, null);
        }
        return new Flag(name, next.text(), word, next);
    }
}
