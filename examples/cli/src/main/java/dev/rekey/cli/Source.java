package dev.rekey.cli;

import dev.rekey.InvalidInputException;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/** The inventory's file: says where a mistake is, and what its relative paths are relative to. */
record Source(Path file) {

    /** The path that {@code text} means to whoever wrote the file. */
    Path resolve(String text) {
        return file.toAbsolutePath().resolveSibling(LocalPath.of(text)).normalize();
    }

    /** {@code problem} says what was found, {@code advice} what to do. */
    InvalidInputException mistake(int line, String field, String problem, String advice) {
        return new InvalidInputException(file + (line > 0 ? ":" + line : "") + ": "
                + (field.isEmpty() ? "" : field + ": ") + problem + ". Nothing was changed. " + advice);
    }

    /** What {@code value} gives; where it finds its input invalid, that is said of this place. */
    <T> T checked(int line, String field, Supplier<T> value) {
        try {
            return value.get();
        } catch (InvalidInputException e) {
            throw new InvalidInputException(file + ":" + line + ": " + field + ": " + e.getMessage());
        }
    }

    static int line(Node node) {
        return node.getStartMark().map(Mark::getLine).orElse(-1) + 1;
    }
}
