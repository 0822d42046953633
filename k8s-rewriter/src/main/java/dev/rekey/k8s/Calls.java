package dev.rekey.k8s;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.Call;

/** The calls that are under way, so that they can be ended together. Safe for threads. */
final class Calls {
    private final Set<Call> outstanding = ConcurrentHashMap.newKeySet();
    private volatile boolean cancelled;

    void started(Call call) {
        outstanding.add(call);
        if (cancelled) {
            call.cancel();
        }
    }

    void ended(Call call) {
        outstanding.remove(call);
    }

    boolean cancelled() {
        return cancelled;
    }

    /** Also each call that is still to come. */
    void cancel() {
        cancelled = true;
        outstanding.forEach(Call::cancel);
    }
}
