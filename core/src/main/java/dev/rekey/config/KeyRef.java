package dev.rekey.config;

import java.io.Serializable;

/** The name of a reader: a provider's type and the key's (or KMS plugin's) name; {@code identity} has an empty name. */
public record KeyRef(String type, String name) implements Serializable, Comparable<KeyRef> {
    /** Stored plain. */
    public static final KeyRef IDENTITY = new KeyRef("identity", "");

    @Override
    public int compareTo(KeyRef other) {
        int byType = type.compareTo(other.type);
        return byType != 0 ? byType : name.compareTo(other.name);
    }

    /** For people: shortened, and without what would disturb a terminal. */
    @Override
    public String toString() {
        return name.isEmpty() ? type : type + " key " + Names.printable(name);
    }
}
