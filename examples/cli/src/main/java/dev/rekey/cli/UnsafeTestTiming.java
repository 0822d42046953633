package dev.rekey.cli;

import dev.rekey.InvalidInputException;
import dev.rekey.lifecycle.Timing;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Shorter waits, for tests against servers that were made faster. On a real cluster they lose data: {@code settle} is how long
 * a request may still write with the old key.
 */
final class UnsafeTestTiming {
    /** The system property: {@code poll=200ms,reloadPoll=2s,…}, by the names of {@link Timing}'s components. */
    static final String PROPERTY = "rekey.unsafeTestTiming";

    private UnsafeTestTiming() {}

    /** What is not named is as in {@link Timing#DEFAULT}. */
    static Timing parse(String text) {
        Map<String, Duration> values = new TreeMap<>();
        for (String part : text.split(",", -1)) {
            String[] pair = part.split("=", -1);
            if (pair.length != 2 || !names().contains(pair[0])) {
                throw malformed("'" + part + "' names none of its parts");
            }
            if (values.put(pair[0], duration(pair[1])) != null) {
                throw malformed(pair[0] + " is given twice");
            }
        }
        return with(values);
    }

    private static Duration duration(String text) {
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw malformed(String.valueOf(e.getMessage()));
        }
    }

    private static Timing with(Map<String, Duration> values) {
        try {
            List<Object> arguments = new ArrayList<>();
            for (RecordComponent component : Timing.class.getRecordComponents()) {
                Duration given = values.get(component.getName());
                arguments.add(given != null ? given : component.getAccessor().invoke(Timing.DEFAULT));
            }
            Class<?>[] types = Arrays.stream(Timing.class.getRecordComponents())
                    .map(RecordComponent::getType)
                    .toArray(Class<?>[]::new);
            return Timing.class.getDeclaredConstructor(types).newInstance(arguments.toArray());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Timing is a public record of durations", e);
        }
    }

    private static List<String> names() {
        return Arrays.stream(Timing.class.getRecordComponents())
                .map(RecordComponent::getName)
                .toList();
    }

    private static InvalidInputException malformed(String why) {
        return new InvalidInputException("the system property " + PROPERTY + " is malformed: " + why
                + ". Nothing was changed. Write name=duration, with commas between them; the names are "
                + names().stream().collect(Collectors.joining(", ")) + ", a duration is " + Durations.FORM);
    }
}
