package dev.rekey.manifest;

import dev.rekey.RekeyException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The shapes that tests try and what comes of each, read from the tests' own names and cases. */
final class ShapesTable {
    private final Set<String> rows = new LinkedHashSet<>();
    private final Consumer<String> edit;

    private ShapesTable(Consumer<String> edit) {
        this.edit = edit;
    }

    /** The rows of all tests in {@code tests}; {@code edit} refuses what they say is refused, and so tells why. */
    static String of(Consumer<String> edit, Class<?>... tests) {
        ShapesTable table = new ShapesTable(edit);
        for (Class<?> test : tests) {
            Stream.of(test.getDeclaredMethods())
                    .sorted(Comparator.comparing(Method::getName))
                    .forEach(table::add);
        }
        return "| what is there | what happens |\n|---|---|\n" + String.join("", table.rows);
    }

    private void add(Method method) {
        DisplayName single = method.getAnnotation(DisplayName.class);
        if (single != null) {
            add(single.value(), "");
        }
        ParameterizedTest many = method.getAnnotation(ParameterizedTest.class);
        for (Object[] values : many == null ? List.<Object[]>of() : cases(method)) {
            String name = many.name();
            for (int i = 0; i < values.length; i++) {
                name = name.replace("{" + i + "}", String.valueOf(values[i]));
            }
            boolean refuses = name.endsWith("=> refused") || name.endsWith("=> invalid");
            add(name, refuses && values.length > 1 ? reason(String.valueOf(values[1])) : "");
        }
    }

    private void add(String name, String reason) {
        int arrow = name.indexOf(" => ");
        boolean isAboutLeaks = name.contains("s3cr3t");
        if (arrow >= 0 && !isAboutLeaks) {
            rows.add("| " + cell(name.substring(0, arrow)) + " | " + cell(name.substring(arrow + 4) + reason) + " |\n");
        }
    }

    /** As the person reads it who gives that text, without the line. */
    private String reason(String text) {
        try {
            edit.accept(text);
            return "";
        } catch (RekeyException e) {
            return ": "
                    + e.getMessage().replaceFirst("^[^:,]*(, line \\d+)?: ", "").replace("; nothing was changed", "");
        }
    }

    /** The texts that the cases of {@code test} begin with, but for those that are refused. */
    static Stream<String> texts(Class<?> test) {
        return Stream.of(test.getDeclaredMethods())
                .sorted(Comparator.comparing(Method::getName))
                .filter(method -> method.isAnnotationPresent(ParameterizedTest.class))
                .filter(method ->
                        !method.getAnnotation(ParameterizedTest.class).name().contains("=> refused"))
                .flatMap(method -> cases(method).stream())
                .filter(values -> values.length > 2)
                .map(values -> String.valueOf(values[1]));
    }

    private static List<Object[]> cases(Method method) {
        List<Object[]> cases = new ArrayList<>();
        MethodSource methods = method.getAnnotation(MethodSource.class);
        if (methods != null) {
            for (String name : methods.value()) {
                String source = name.isEmpty() ? method.getName() : name;
                arguments(method.getDeclaringClass(), source).forEach(arguments -> cases.add(arguments.get()));
            }
        }
        CsvSource lines = method.getAnnotation(CsvSource.class);
        for (String line : lines == null ? new String[0] : lines.value()) {
            String delimiter = lines.delimiter() == '\0' ? "," : String.valueOf(lines.delimiter());
            cases.add(Arrays.stream(line.split(delimiter, -1))
                    .map(value -> value.strip().replaceAll("^'(.*)'$", "$1"))
                    .toArray());
        }
        ValueSource values = method.getAnnotation(ValueSource.class);
        for (String value : values == null ? new String[0] : values.strings()) {
            cases.add(new Object[] {value});
        }
        return cases;
    }

    @SuppressWarnings("unchecked")
    private static Stream<Arguments> arguments(Class<?> test, String name) {
        try {
            Method source = test.getDeclaredMethod(name);
            source.setAccessible(true);
            return (Stream<Arguments>) source.invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static String cell(String text) {
        StringBuilder cell = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '|', '<', '*', '_', '`', '[', ']' -> cell.append('\\').appendCodePoint(c);
                case '\n' -> cell.append(' ');
                default ->
                    cell.append(
                            Character.isISOControl(c)
                                            || (c >= 0x2000 && c < 0x2070)
                                            || Character.getType(c) == Character.SURROGATE
                                    ? String.format("U+%04X", c)
                                    : Character.toString(c));
            }
        });
        return cell.toString();
    }
}
