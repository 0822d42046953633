package dev.rekey.manifest;

import dev.rekey.internal.YamlNode.Sequence;
import dev.rekey.internal.YamlValue;
import dev.rekey.manifest.Arguments.Flag;
import dev.rekey.manifest.Arguments.Word;
import java.util.List;

/** Sets flags in the words of a pod and takes them out. */
final class PodFlags {
    /** Each one taken out costs a parse. */
    private static final int MAX_OCCURRENCES = 16;

    private PodFlags() {}

    /** With {@code value} as what counts: put last, or where another value counted before. */
    static Pod with(Pod pod, String flag, String value) {
        Flag winner = pod.arguments().winner(EncryptionFlags.names(flag)).orElse(null);
        if (winner == null || (!winner.isBare() && EncryptionFlags.isDefault(flag, winner.value()))) {
            YamlValue word = YamlValue.text("--" + flag + "=" + value);
            Sequence last = pod.arguments().last();
            return Pod.after(
                    last == null
                            ? pod.slot(pod.container(), "args").add(word)
                            : pod.edit().append(last, word));
        }
        if (!winner.name().equals(flag)) {
            String renamed = "--" + flag + winner.assigned();
            return with(Pod.after(pod.edit().replace(winner.word().scalar(), renamed)), flag, value);
        }
        if (EncryptionFlags.isSame(flag, winner.value(), value)) {
            return pod;
        }
        return Pod.after(
                winner.next() == null
                        ? pod.edit().replace(winner.word().scalar(), "--" + flag + "=" + value)
                        : pod.edit().replace(winner.next().scalar(), value));
    }

    /** Without any occurrence that is not what the server takes without it. */
    static Pod without(Pod pod, String flag) {
        List<Flag> all = pod.arguments().flags(EncryptionFlags.names(flag));
        if (all.size() > MAX_OCCURRENCES) {
            throw PodReader.READING.refused(
                    all.get(0).word().scalar(), "--" + flag + " stands there very often", "Keep the last one only");
        }
        for (Flag present : all) {
            if (!EncryptionFlags.isDefault(flag, present.value())) {
                return without(without(pod, present), flag);
            }
        }
        return pod;
    }

    private static Pod without(Pod pod, Flag flag) {
        Pod rest = flag.next() == null ? pod : without(pod, flag.next());
        return without(rest, flag.word());
    }

    /** Words before this one keep their places, so a flag's value is to be taken out before the flag. */
    private static Pod without(Pod pod, Word word) {
        return Pod.after(pod.slot(pod.container(), word.key()).removeItem(word.index()));
    }
}
