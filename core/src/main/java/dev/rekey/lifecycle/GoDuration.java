package dev.rekey.lifecycle;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as the server's flags have them: {@code 1m0s}, {@code 1.5h}, {@code 300ms}. */
final class GoDuration {
    private static final Pattern PART = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)(ms|h|m|s)");
    private static final Map<String, Long> MILLIS = Map.of("h", 3_600_000L, "m", 60_000L, "s", 1_000L, "ms", 1L);

    private GoDuration() {}

    /** Empty for what is no such duration; a few units that no request timeout has are not read. */
    static Optional<Duration> parse(String text) {
        if (!text.matches("(" + PART.pattern() + ")+")) {
            return Optional.empty();
        }
        Duration sum = Duration.ZERO;
        Matcher matcher = PART.matcher(text);
        while (matcher.find()) {
            double millis = Double.parseDouble(matcher.group(1)) * MILLIS.getOrDefault(matcher.group(2), 0L);
            sum = sum.plusMillis((long) millis);
        }
        return Optional.of(sum);
    }
}
