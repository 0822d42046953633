package dev.rekey.internal;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What could be a secret where something else should stand, so that no message shows it. */
public final class LikeSecret {
    private static final Pattern RUN = Pattern.compile("[A-Za-z0-9+/]{22,}");
    private static final Pattern HEXADECIMAL = Pattern.compile("[0-9a-fA-F]{32,}");

    /** What stands in its place. */
    public static final String HIDDEN = "(not shown, as it could be a secret)";

    private LikeSecret() {}

    /** The name, or that it is not shown. */
    public static String hideWhole(String name) {
        return RUN.matcher(name).results().anyMatch(run -> isMixed(run.group(), "[0-9+/]")) ? HIDDEN : name;
    }

    /** A text of ours with names and paths from elsewhere. A slash alone is no sign of base64 there. */
    public static String hideIn(String text) {
        return RUN.matcher(text)
                .replaceAll((MatchResult run) ->
                        Matcher.quoteReplacement(isMixed(run.group(), "[0-9+]") ? HIDDEN : run.group()));
    }

    /** Nearly every text in base64 of that length has a digit, a capital and a small letter; names that people give do not. */
    private static boolean isMixed(String run, String digits) {
        return HEXADECIMAL.matcher(run).matches() || (has(run, digits) && has(run, "[a-z]") && has(run, "[A-Z]"));
    }

    private static boolean has(String run, String characters) {
        return Pattern.compile(characters).matcher(run).find();
    }
}
