package dev.rekey.config;

import dev.rekey.internal.LikeSecret;
import java.util.regex.Pattern;

/**
 * Names in messages: short, and without characters that would disturb a terminal or a log. A secret can stand where a name
 * should, as in {@code {name: a, secret c2VjcmV0...}} without its colon, so what could be one is not shown.
 */
final class Names {
    private static final int SHOWN = 64;
    private static final Pattern FIELD = Pattern.compile("[a-z]{1,20}([A-Z][a-z]{1,20})*");
    private static final int LONGEST_FIELD = 20;

    private Names() {}

    /** A field's name: a word, as all fields of Kubernetes are, or shorter than any secret. */
    static String field(String name) {
        boolean word = name.length() <= LONGEST_FIELD && FIELD.matcher(name).matches();
        return word || name.length() < 8 ? shown(name) : LikeSecret.HIDDEN;
    }

    static String shown(String name) {
        return printable(LikeSecret.hideWhole(name));
    }

    /** Of a name that is known to be one. */
    static String printable(String name) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < name.length() && i < SHOWN; i++) {
            char c = name.charAt(i);
            shown.append(c >= ' ' && c < 0x7f ? c : '?');
        }
        return name.length() > SHOWN ? shown.append("…").toString() : shown.toString();
    }
}
