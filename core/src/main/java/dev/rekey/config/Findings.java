package dev.rekey.config;

import dev.rekey.config.Finding.Severity;
import dev.rekey.config.Tree.Position;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Collects findings, and knows where the fields stand that have been read so far. */
final class Findings {
    /** Errors, and again as many others: more would help nobody, and a hostile file could ask for a million. */
    private static final int MOST = 200;

    private final List<Found> found = new ArrayList<>();
    private final Map<String, Position> positions = new HashMap<>();

    /** Fields whose value could not be read: what else is wrong with them only follows from that. */
    private final Set<String> broken = new HashSet<>();

    private record Found(Finding finding, Position at) {}

    void place(String path, Position at) {
        positions.put(path, at);
    }

    /** Where the field stands, or the nearest one around it. */
    Position place(String path) {
        String around = path;
        while (!positions.containsKey(around) && !around.isEmpty()) {
            around = around.substring(0, Math.max(0, Math.max(around.lastIndexOf('.'), around.lastIndexOf('['))));
        }
        return positions.getOrDefault(around, Position.UNKNOWN);
    }

    void add(Code code, String path, String message) {
        add(code, path, place(path), message);
    }

    void add(Code code, String path, Position at, String message) {
        Finding finding = new Finding(code.severity(), code.text(), path, at.line(), message);
        boolean enough =
                found.stream().filter(one -> isError(one) == isError(finding)).count() >= MOST;
        if (enough || isWithinBroken(path)) {
            return;
        }
        if (code == Code.WRONG_TYPE || code == Code.BASE64) {
            broken.add(path);
        }
        found.add(new Found(finding, at));
    }

    /** Half of a surrogate pair, which no file can hold; a text that was read has none. */
    void requireWhole(String text, String path) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            add(Code.NOT_UTF_8, path, "half of a character stands here, which cannot be written; give another text");
        }
    }

    /** In the order of the file. */
    List<Finding> sorted() {
        return inOrder().map(Found::finding).toList();
    }

    /** The first error as a sentence: where, and what; and how many more there are. */
    Optional<String> firstError() {
        List<Found> errors = inOrder().filter(Findings::isError).toList();
        if (errors.isEmpty()) {
            return Optional.empty();
        }
        Finding error = errors.get(0).finding();
        Position at = errors.get(0).at();
        String where = Stream.of(
                        at.line() > 0 ? "line " + at.line() : "",
                        at.column() > 0 ? "column " + at.column() : "",
                        error.path())
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(", "));
        String more = errors.size() > 1 ? " (and " + (errors.size() - 1) + " more)" : "";
        return Optional.of((where.isEmpty() ? "" : where + ": ") + error.message() + more);
    }

    private boolean isWithinBroken(String path) {
        return broken.stream()
                .anyMatch(field -> path.startsWith(field)
                        && (path.length() == field.length() || ".[".indexOf(path.charAt(field.length())) >= 0));
    }

    private Stream<Found> inOrder() {
        return found.stream().sorted(Comparator.comparingInt(one -> one.at().line()));
    }

    private static boolean isError(Found one) {
        return isError(one.finding());
    }

    private static boolean isError(Finding finding) {
        return finding.severity() == Severity.ERROR;
    }
}
