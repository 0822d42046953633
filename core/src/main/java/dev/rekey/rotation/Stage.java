package dev.rekey.rotation;

import java.util.Locale;

/** A version of the configuration on its way to the target. All three have the same readers for a rule on every member. */
public enum Stage {
    /** Every member can read everything; each still writes what it wrote. */
    INTRODUCE,
    /** Every member writes what the target writes, and still reads everything. */
    PROMOTE,
    /** The target, verbatim: readers that nothing is stored under are gone. */
    RETIRE;

    /** In lower case, as plans name it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
