package dev.rekey.manifest;

import dev.rekey.InvalidInputException;
import java.io.Serializable;
import java.util.Optional;

/**
 * An absolute, normalised path on a member: no {@code .}, {@code ..}, doubled or trailing slash, no control character, and nothing
 * that stands for bytes that are no text (U+FFFD, half a surrogate pair), since it would lead to another file.
 */
public record NodePath(String value) implements Serializable, Comparable<NodePath> {
    /** Refuses what is not absolute and normalised. */
    public NodePath {
        if (!isNormalised(value)) {
            throw new InvalidInputException(
                    "a path on a member must be absolute and normalised (no '.', '..', '//', trailing"
                            + " slash, control character or character that is none); nothing was changed. Mend the path in the layout");
        }
    }

    /** The path that {@code text} means, after taking away doubled and trailing slashes. */
    public static NodePath of(CharSequence text) {
        String path = text.toString().replaceAll("/{2,}", "/");
        return new NodePath(path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
    }

    /** The path of {@code name} in this directory; {@code name} may hold slashes. */
    public NodePath resolve(String name) {
        return of(value + "/" + name);
    }

    /** The path of an entry that a listing of this directory showed; empty where its name can be in no path. */
    public Optional<NodePath> entry(String name) {
        String path = (value.equals("/") ? "" : value) + "/" + name;
        return name.indexOf('/') < 0 && isNormalised(path) ? Optional.of(new NodePath(path)) : Optional.empty();
    }

    /** The directory that holds this; the root is its own parent. */
    public NodePath parent() {
        int slash = value.lastIndexOf('/');
        return new NodePath(slash <= 0 ? "/" : value.substring(0, slash));
    }

    /** The last part. */
    public String name() {
        return value.substring(value.lastIndexOf('/') + 1);
    }

    /** Whether this is {@code directory} or lies anywhere below it. */
    public boolean isIn(NodePath directory) {
        return equals(directory) || directory.value.equals("/") || value.startsWith(directory.value + "/");
    }

    private static boolean isNormalised(String path) {
        if (path.equals("/")) {
            return true;
        }
        if (!path.startsWith("/") || path.endsWith("/") || path.codePoints().anyMatch(NodePath::isNoText)) {
            return false;
        }
        for (String part : path.substring(1).split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                return false;
            }
        }
        return true;
    }

    /** Half a pair would be written as a question mark, and U+FFFD is what bytes that are not UTF-8 were read as. */
    private static boolean isNoText(int c) {
        return c < ' ' || c == 0x7f || c == 0xfffd || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    @Override
    public int compareTo(NodePath other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
