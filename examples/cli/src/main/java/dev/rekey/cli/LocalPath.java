package dev.rekey.cli;

import dev.rekey.InvalidInputException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Where a text becomes a path on this machine; not every text does. */
final class LocalPath {
    private LocalPath() {}

    /** An {@link InvalidInputException}, to be told with its place, where {@code text} is none. */
    static Path of(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new InvalidInputException(
                    text.indexOf('\0') >= 0
                            ? "is no path, since it holds a NUL; nothing was changed. Give the path of a file"
                            : "is no path in the locale of this process, which lacks one of its characters; nothing was"
                                    + " changed. Set LC_ALL=C.UTF-8, or give it another name");
        }
    }
}
