package dev.rekey.k8s;

import dev.rekey.spi.Pace;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.function.IntFunction;

/**
 * Sends a request until it is answered for good: bounded tries with growing pauses, never shorter than the apiserver asks for,
 * through the next apiserver where one does not answer. Safe for threads.
 */
final class Attempts {
    private static final int TRIES = 10;
    private static final int TRIES_WHEN_LATE = 3;
    private static final int TRIES_WHEN_FAILING = 4;
    private static final Duration LONGEST = Duration.ofSeconds(15);
    private static final Duration LONGEST_ASKED = Duration.ofSeconds(60);

    private final ApiServers servers;
    private final Calls calls;
    private final Pace pace;

    Attempts(ApiServers servers, Calls calls, Pace pace) {
        this.servers = servers;
        this.calls = calls;
        this.pace = pace;
    }

    <T> T send(Request request, ApiServer.BodyReader<T> reader) throws BadAnswerException, NoAnswerException {
        return send(attempt -> request, reader);
    }

    /** {@code request} may ask for less with each attempt, counted from 0. */
    <T> T send(IntFunction<Request> request, ApiServer.BodyReader<T> reader)
            throws BadAnswerException, NoAnswerException {
        int late = 0;
        for (int attempt = 0; ; attempt++) {
            ApiServer server = servers.current();
            Duration asked = Duration.ZERO;
            try {
                return server.exchange(request.apply(attempt), ApiServer.CALL_TIMEOUT, calls, reader);
            } catch (NoAnswerException e) {
                stopIfCancelled();
                servers.moveOn(server);
                late += e.late() ? 1 : 0;
                if (attempt + 1 >= TRIES || late >= TRIES_WHEN_LATE) {
                    throw e;
                }
            } catch (BadAnswerException e) {
                stopIfCancelled();
                if (attempt + 1 >= tries(e.status().kind())) {
                    throw e;
                }
                asked = e.status().retryAfter();
            }
            pace.sleep(pause(attempt, asked));
            stopIfCancelled();
        }
    }

    private static int tries(ApiStatus.Kind kind) {
        return switch (kind) {
            case BUSY, CONFLICT -> TRIES;
            case PASSING -> TRIES_WHEN_FAILING;
            case GONE, EXPIRED, UNREADABLE, FULL, CREDENTIALS, REFUSED -> 1;
        };
    }

    private static Duration pause(int attempt, Duration asked) {
        Duration growing = min(Duration.ofMillis(250L << Math.min(attempt, 10)), LONGEST);
        return asked.compareTo(growing) > 0 ? min(asked, LONGEST_ASKED) : growing;
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private void stopIfCancelled() {
        if (calls.cancelled()) {
            throw new CancellationException();
        }
    }
}
