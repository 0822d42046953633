package dev.rekey.testing;

import java.util.Comparator;

/**
 * The name of a stored object.
 *
 * @param resource as {@code secrets} or {@code deployments.apps}
 * @param namespace empty for objects of the cluster
 */
public record FakeObject(String resource, String namespace, String name) implements Comparable<FakeObject> {
    private static final Comparator<FakeObject> ORDER = Comparator.comparing(FakeObject::resource)
            .thenComparing(FakeObject::namespace)
            .thenComparing(FakeObject::name);

    /** A Secret of the namespace {@code default}. */
    public static FakeObject secret(String name) {
        return new FakeObject("secrets", "default", name);
    }

    @Override
    public int compareTo(FakeObject other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return resource + " " + (namespace.isEmpty() ? name : namespace + "/" + name);
    }
}
