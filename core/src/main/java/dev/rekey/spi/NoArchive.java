package dev.rekey.spi;

import dev.rekey.InvalidInputException;
import dev.rekey.config.Reader;
import java.util.List;

/** Keeps nothing. */
record NoArchive(String reason) implements KeyArchive {
    NoArchive {
        if (reason.isBlank()) {
            throw new InvalidInputException(
                    "the archive: keeping no key takes a reason, for whoever will look for the key of a"
                            + " backup. Nothing was changed. Give one, or a certificate to keep keys under");
        }
    }

    @Override
    public void keep(List<Reader.OfKey> keys) {}

    @Override
    public String toString() {
        return "no archive of keys: " + reason;
    }
}
