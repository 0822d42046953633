package dev.rekey.config;

import dev.rekey.InvalidInputException;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of keys that tell their order: {@code <prefix>-<serial>-<6 of a-z0-9>}, as in {@code kubeone-2-xkau31}. */
public final class KeyName {
    private static final Pattern WITH_SERIAL = Pattern.compile(".+-([0-9]{1,9})-[a-z0-9]{6}", Pattern.DOTALL);
    private static final Pattern WITH_PREFIX = Pattern.compile("(.+?)(?:-[0-9]{1,9})?-[a-z0-9]{6}", Pattern.DOTALL);
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final Pattern SUFFIX = Pattern.compile("[a-z0-9]{6}");

    /** By serial alone, so that 0 says "nothing tells which is newer"; a name without serial is lower than any. */
    public static final Comparator<String> BY_SERIAL =
            Comparator.comparingInt(name -> serialOf(name).orElse(-1));

    private KeyName() {}

    /** The serial in {@code name}; empty for names that others made. */
    public static Optional<Integer> serialOf(String name) {
        Matcher matcher = WITH_SERIAL.matcher(name);
        return matcher.matches() ? Optional.of(Integer.valueOf(matcher.group(1))) : Optional.empty();
    }

    /** What stands in front of serial and suffix, or of the suffix alone as in {@code kubeone-xkau31}; {@code rekey} for other names. */
    public static String prefixOf(String name) {
        Matcher matcher = WITH_PREFIX.matcher(name);
        return matcher.matches() && PREFIX.matcher(matcher.group(1)).matches() ? matcher.group(1) : "rekey";
    }

    /** The name with these parts; an {@link InvalidInputException} where it would not be read back. */
    public static String of(String prefix, int serial, String suffix) {
        if (serial < 0 || serial > 999_999_999) {
            throw new InvalidInputException("a key's serial must be between 0 and 999999999, not " + serial);
        }
        if (!SUFFIX.matcher(suffix).matches()) {
            throw new InvalidInputException("a key's name must end in six letters or digits of a-z and 0-9");
        }
        return checkedPrefix(prefix) + "-" + serial + "-" + suffix;
    }

    /** No colon, since the server separates the name from the value with one; nothing that YAML or a shell would read. */
    static String checkedPrefix(String prefix) {
        if (!PREFIX.matcher(prefix).matches()) {
            throw new InvalidInputException(
                    "the key prefix '" + Names.shown(prefix)
                            + "' is not usable: take up to 63 letters, digits, dots, dashes and underscores, a letter or digit first");
        }
        return prefix;
    }
}
