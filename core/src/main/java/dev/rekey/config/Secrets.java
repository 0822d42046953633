package dev.rekey.config;

import dev.rekey.internal.Placeholder;
import java.util.regex.Pattern;

/** Says what may be wrong with a secret without showing it. */
final class Secrets {
    private static final Pattern HEXADECIMAL = Pattern.compile("[0-9a-f]{32}|[0-9A-F]{32}|[0-9a-f]{64}|[0-9A-F]{64}");

    private Secrets() {}

    static boolean looksHexadecimal(String text) {
        return HEXADECIMAL.matcher(text).matches();
    }

    static String whyNotBase64(String text) {
        String reason;
        if (Placeholder.isIn(text)) {
            reason = "it looks like a variable that was not expanded";
        } else if (text.indexOf(' ') >= 0) {
            reason = "it holds blanks; a folded (>) or wrapped secret must become one line";
        } else if (text.indexOf('-') >= 0 || text.indexOf('_') >= 0) {
            reason = "it holds characters of the url-safe alphabet; encode the bytes with the standard one";
        } else if (text.replaceAll("[\r\n]", "").length() % 4 != 0) {
            reason = "its length is no multiple of four, so characters or the padding (=) at the end are missing";
        } else {
            reason = "it holds a character that is not of the alphabet";
        }
        return "the secret is not base64: " + reason;
    }
}
