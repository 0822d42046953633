package dev.rekey.spi;

import dev.rekey.config.Rendered;
import dev.rekey.manifest.NodePath;
import java.io.Serializable;
import java.util.Optional;

/**
 * What must be true on the member right before a file is renamed into place or deleted.
 *
 * @param sha256 of the whole file, lower-case hexadecimal; the empty string = no such file
 */
public record Guard(NodePath path, String sha256) implements Serializable {
    /** The file holds exactly {@code content}. */
    public static Guard holds(NodePath path, byte[] content) {
        return new Guard(path, Rendered.sha256(content));
    }

    /** No such file. On the written path itself this is exclusive: of two writers one fails. */
    public static Guard absent(NodePath path) {
        return new Guard(path, "");
    }

    /** What was read: that content, or nothing there. */
    public static Guard unchanged(NodePath path, Optional<byte[]> read) {
        return read.map(content -> holds(path, content)).orElseGet(() -> absent(path));
    }

    /** Whether {@code content} (empty = no such file) satisfies this. */
    public boolean accepts(Optional<byte[]> content) {
        return sha256.equals(content.map(Rendered::sha256).orElse(""));
    }
}
