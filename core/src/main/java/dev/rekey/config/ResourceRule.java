package dev.rekey.config;

/**
 * A resource pattern as the server splits it, at the first dot. The two writings of one pattern, {@code secrets} and
 * {@code secrets.}, are equal here.
 */
record ResourceRule(String resource, String group) {
    static final ResourceRule ANYTHING = new ResourceRule("*", "*");

    static ResourceRule parse(String pattern) {
        int dot = pattern.indexOf('.');
        return dot < 0
                ? new ResourceRule(pattern, "")
                : new ResourceRule(pattern.substring(0, dot), pattern.substring(dot + 1));
    }

    /** The rule for the whole group of this one. */
    ResourceRule wholeGroup() {
        return new ResourceRule("*", group);
    }

    boolean isWildcard() {
        return resource.equals("*");
    }

    /** The shortest writing; the core group's wildcard needs its dot. */
    String text() {
        if (group.isEmpty()) {
            return isWildcard() ? "*." : resource;
        }
        return resource + "." + group;
    }
}
