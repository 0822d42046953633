package dev.rekey.k8s;

import dev.rekey.spi.RewriteReport;
import dev.rekey.spi.RewriteReport.Counts;
import dev.rekey.spi.RewriteReport.Failure;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts of a pass, and when it is no use to go on. Failures in a row, with no object rewritten, current or gone in between, end
 * a pass: 20 where something else than the object is the reason, 200 of any kind. So a handful of bad objects is always named in
 * full, and a webhook that is down is not asked a million times. For one thread.
 */
final class Tally {
    static final int SHARED_IN_A_ROW = 20;
    static final int ANY_IN_A_ROW = 200;
    private static final int NAMED = 1000;

    private final List<String> resources = new ArrayList<>();
    private final List<Failure> failures = new ArrayList<>();
    private Counts counts = Counts.NONE;
    private int row;
    private int sharedRow;
    private String stopped = "";

    void resource(String name) {
        resources.add(name);
    }

    void stop(String reason) {
        if (stopped.isEmpty()) {
            stopped = reason;
        }
    }

    boolean stopped() {
        return !stopped.isEmpty();
    }

    Counts counts() {
        return counts;
    }

    void add(String resource, Outcome outcome) {
        if (outcome instanceof Outcome.Written) {
            succeeded(1, 0, 0);
        } else if (outcome instanceof Outcome.Current) {
            succeeded(0, 1, 0);
        } else if (outcome instanceof Outcome.Gone) {
            succeeded(0, 0, 1);
        } else if (outcome instanceof Outcome.Stop stop) {
            stop(stop.reason());
        } else if (outcome instanceof Outcome.Failed failed) {
            ObjectMetadata object = failed.object();
            failed(new Failure(resource, object.namespace(), object.name(), failed.reason()));
            row++;
            sharedRow += failed.ofItsOwn() ? 0 : 1;
            if (sharedRow >= SHARED_IN_A_ROW || row >= ANY_IN_A_ROW) {
                stop(row + " objects in a row could not be rewritten, the last because: " + failed.reason()
                        + "; mend that, and make the same call again");
            }
        }
    }

    /** Something that is no single object, and does not count towards a row. */
    void failed(Failure failure) {
        counts = new Counts(counts.written(), counts.current(), counts.gone(), counts.failed() + 1);
        if (failures.size() < NAMED) {
            failures.add(failure);
        }
    }

    private void succeeded(int written, int current, int gone) {
        counts = new Counts(
                counts.written() + written, counts.current() + current, counts.gone() + gone, counts.failed());
        row = 0;
        sharedRow = 0;
    }

    RewriteReport report() {
        return new RewriteReport(resources, counts, failures, stopped);
    }
}
