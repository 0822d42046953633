package dev.rekey.k8s;

/**
 * A resource pattern of a configuration: {@code secrets}, {@code deployments.apps}, {@code *.} (core), {@code *.apps}, {@code *.*}.
 *
 * @param resource a plural, or {@code *}
 * @param group empty = core; {@code *} = all
 */
record Rule(String resource, String group) {
    static Rule parse(String text) {
        int dot = text.indexOf('.');
        return dot < 0 ? new Rule(text, "") : new Rule(text.substring(0, dot), text.substring(dot + 1));
    }

    boolean isWildcard() {
        return resource.equals("*");
    }

    boolean covers(String otherGroup) {
        return group.equals("*") || group.equals(otherGroup);
    }

    @Override
    public String toString() {
        return group.isEmpty() && !isWildcard() ? resource : resource + "." + group;
    }
}
