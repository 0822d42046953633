package dev.rekey.rotation;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** How specific a pattern is, and what it covers; the server asks the most specific first and never falls through. */
public final class Rule {
    private Rule() {}

    /** The most specific first, else as they come. */
    static List<String> sorted(Collection<String> rules) {
        return rules.stream().sorted(Comparator.comparingInt(Rule::tier)).toList();
    }

    /** 0 for one resource, 1 for a group, 2 for everything. */
    static int tier(String rule) {
        if (rule.equals("*.*")) {
            return 2;
        }
        return rule.startsWith("*.") ? 1 : 0;
    }

    /** {@code rules} without those that another one covers: in one entry, the server takes no rule beside a wildcard that covers it. */
    public static List<String> widest(Collection<String> rules) {
        return rules.stream()
                .filter(rule -> rules.stream().noneMatch(wide -> !wide.equals(rule) && covers(wide, rule)))
                .toList();
    }

    /** Whether a resource of {@code narrow} also matches {@code wide}, so that {@code wide} in front of it would mask it. */
    public static boolean covers(String wide, String narrow) {
        if (wide.equals(narrow) || wide.equals("*.*")) {
            return true;
        }
        return tier(wide) == 1 && tier(narrow) == 0 && group(wide).equals(group(narrow));
    }

    private static String group(String rule) {
        int dot = rule.indexOf('.');
        return dot < 0 ? "" : rule.substring(dot + 1);
    }
}
