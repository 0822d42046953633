package dev.rekey.k8s;

import dev.rekey.spi.ApiServerStatus.Health;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What {@code /readyz?verbose} says, line by line: {@code [+]name ok} or {@code [-]name failed: …}.
 *
 * @param problem empty where it is ready
 */
record Readiness(Health health, String problem, List<String> failedKmsChecks) {
    private static final Pattern FAILED = Pattern.compile("\\[-\\]([A-Za-z0-9/._-]{1,100}) failed.*");

    Readiness {
        failedKmsChecks = List.copyOf(failedKmsChecks);
    }

    static Readiness of(ApiServer server, Deadline deadline, Calls calls) {
        Request request = Request.get("/readyz").with("verbose", "").accept("text/plain");
        try {
            List<String> failed = server.exchange(request, deadline.atMost(10), calls, Readiness::failed);
            return new Readiness(Health.READY, "", kms(failed));
        } catch (NoAnswerException e) {
            return new Readiness(Health.UNREACHABLE, server + ", /readyz: " + e.words(), List.of());
        } catch (BadAnswerException e) {
            List<String> failed =
                    e.status().message().lines().flatMap(Readiness::failedCheck).toList();
            String problem = failed.isEmpty()
                    ? server + ", /readyz: " + e.words()
                    : server + " is not ready: " + String.join(", ", failed.subList(0, Math.min(5, failed.size())));
            return new Readiness(Health.NOT_READY, problem, kms(failed));
        }
    }

    private static List<String> failed(Reader body) throws IOException {
        List<String> failed = new ArrayList<>();
        BufferedReader lines = new BufferedReader(body);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            failedCheck(line).forEach(failed::add);
        }
        return failed;
    }

    private static Stream<String> failedCheck(String line) {
        Matcher check = FAILED.matcher(line);
        return check.matches() ? Stream.of(check.group(1)) : Stream.empty();
    }

    private static List<String> kms(List<String> failed) {
        return failed.stream().filter(name -> name.startsWith("kms-provider")).toList();
    }
}
