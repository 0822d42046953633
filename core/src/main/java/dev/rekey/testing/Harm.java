package dev.rekey.testing;

/**
 * What must never be.
 *
 * @param object the unreadable one, as {@code secrets default/s1}; empty where the apiserver does not start at all
 * @param reason names readers, never keys
 */
public record Harm(String member, String object, String reason) {
    @Override
    public String toString() {
        return member + (object.isEmpty() ? "" : ": " + object) + ": " + reason;
    }
}
