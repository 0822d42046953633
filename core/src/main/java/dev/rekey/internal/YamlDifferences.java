package dev.rekey.internal;

import dev.rekey.internal.YamlNode.Scalar;
import dev.rekey.internal.YamlNode.Style;
import java.util.regex.Pattern;

/**
 * Where Kubernetes, which reads YAML 1.1, and our parser of YAML 1.2 see different things in the same characters. Finds them; what
 * follows is for those who ask: {@link EditableYaml} for texts that are edited, and the reader of configurations.
 */
public final class YamlDifferences {
    private static final Pattern ANCHOR = Pattern.compile("[A-Za-z0-9_-]+");
    private static final Pattern NOT_FINITE = Pattern.compile("[-+]?[.](inf|Inf|INF)|[.](nan|NaN|NAN)");

    /** Escapes of double quotes that both parsers know; a line end after the backslash, too. */
    private static final String COMMON_ESCAPES = "0abt\tnvfre \"\\N_LPxuU\r\n";

    private static final Pattern SURROGATE = Pattern.compile("[dD][89a-fA-F]");

    private YamlDifferences() {}

    /** In brackets or braces, the server's parser ends a plain scalar at any question mark, and begins a key there. */
    public static boolean isCutAtQuestionMark(Scalar inFlow, String text) {
        return inFlow.style() == Style.PLAIN
                && text.substring(inFlow.span().start(), inFlow.span().end()).contains("?");
    }

    /** Where a colon after a plain key in braces has no blank after it, so that {@code a:[} is a pair for our parser only; else -1. */
    public static int bareColon(YamlNode key, String text) {
        int colon = key.span().end();
        while (text.startsWith(" ", colon)) {
            colon++;
        }
        boolean plain = !(key instanceof Scalar scalar) || scalar.style() == Style.PLAIN;
        boolean blank = colon + 1 >= text.length() || " \r\n".indexOf(text.charAt(colon + 1)) >= 0;
        return plain && text.startsWith(":", colon) && !blank ? colon : -1;
    }

    /** Whether a plain scalar is a number that JSON has not. */
    public static boolean isNotFinite(String plain) {
        return NOT_FINITE.matcher(plain).matches();
    }

    /** Whether every parser takes the whole of it for the anchor's name. */
    public static boolean isAnchorForAll(String name) {
        return ANCHOR.matcher(name).matches();
    }

    /** Where an escape stands in double quotes that the server's parser does not know; else -1. */
    public static int oddEscape(Scalar quoted, String text) {
        int end = quoted.span().end() - 1;
        for (int i = quoted.span().start(); i < end; i++) {
            if (text.charAt(i) == '\\') {
                boolean surrogate = text.startsWith("u", i + 1)
                        && SURROGATE.matcher(text).region(i + 2, end).lookingAt();
                if (COMMON_ESCAPES.indexOf(text.charAt(i + 1)) < 0 || surrogate) {
                    return i;
                }
                i++;
            }
        }
        return -1;
    }
}
