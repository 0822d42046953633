package dev.rekey.internal;

import java.util.regex.Pattern;

/** A variable of a template that was not filled in: {@code ${X}}, {@code $(X)}, {@code $X}, {@code {{ x }}}, {@code <x>}, {@code %X%}. */
public final class Placeholder {
    private static final Pattern PLACEHOLDER = Pattern.compile(
            "\\$\\{[^}]*}|\\$\\([^)]*\\)|\\$[A-Za-z_]\\w*|\\{\\{.*}}|<[^>]*>|%[A-Za-z_]\\w*%", Pattern.DOTALL);

    /** Searching costs more than its length. */
    private static final int LOOKED_AT = 256;

    private Placeholder() {}

    /** Whether one stands at the beginning of the text or soon after it. */
    public static boolean isIn(String text) {
        return PLACEHOLDER
                .matcher(text.substring(0, Math.min(text.length(), LOOKED_AT)))
                .find();
    }
}
