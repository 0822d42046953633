package dev.rekey.lifecycle;

import dev.rekey.config.Key;
import dev.rekey.config.KeyMaterial;
import dev.rekey.config.KeySource;

/** A key that a plan needs and that is drawn only once the members are locked. */
record KeyRequest(String prefix, int serial) {
    /** What a plan without the key names it: no drawn name has such an end. */
    Key preview() {
        return new Key(prefix + "-" + serial + "-new", KeyMaterial.of(new byte[KeySource.KEY_LENGTH]));
    }

    Key draw(KeySource source) {
        return source.next(prefix, serial, KeySource.KEY_LENGTH);
    }
}
