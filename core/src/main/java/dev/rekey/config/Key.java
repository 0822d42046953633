package dev.rekey.config;

/** A named key. The name stands in front of every value that the key encrypted, so it must never be used for other material. */
public record Key(String name, KeyMaterial material) {
    @Override
    public String toString() {
        return "Key[name=" + Names.shown(name) + ", material=" + material + "]";
    }
}
