package dev.rekey.lifecycle;

import dev.rekey.spi.RewriteReport;
import java.io.Serializable;

/**
 * What happens in a run, in this nesting; each started has an ended or a failed of the same step.
 *
 * <pre>
 * Waiting*                      for a member or for somebody else's lock
 * Planned                       under the lock
 *   StepStarted
 *     Waiting* | Rewriting*
 *   StepEnded | StepFailed
 * Ended | Failed
 * </pre>
 *
 * <p>Events hold names, never key bytes. A listener must not block and must not call back into the run.
 */
public sealed interface RekeyEvent extends Serializable {

    /** One line. */
    String describe();

    /** The plan that is now carried out. */
    record Planned(Plan plan) implements RekeyEvent {
        @Override
        public String describe() {
            return plan.change().describe() + ": " + plan.steps().size() + " steps";
        }
    }

    /**
     * A step begins.
     *
     * @param number from 1
     */
    record StepStarted(int number, int of, Step step) implements RekeyEvent {
        @Override
        public String describe() {
            return "[" + number + "/" + of + "] " + step.describe();
        }
    }

    /** A step is done, and what it promises is proved. */
    record StepEnded(int number, int of, Step step) implements RekeyEvent {
        @Override
        public String describe() {
            return "[" + number + "/" + of + "] done";
        }
    }

    /** A step is not done. */
    record StepFailed(int number, int of, Step step, String code, String message) implements RekeyEvent {
        @Override
        public String describe() {
            return "[" + number + "/" + of + "] failed (" + code + "): " + message;
        }
    }

    /** Something is waited for. Said once for each reason, not at each look. */
    record Waiting(String reason) implements RekeyEvent {
        @Override
        public String describe() {
            return "waiting: " + reason;
        }
    }

    /** A rewrite is on its way. */
    record Rewriting(String resource, RewriteReport.Counts counts) implements RekeyEvent {
        @Override
        public String describe() {
            return "rewriting " + resource + ": " + counts.total() + " seen, " + counts.written() + " written";
        }
    }

    /** The call is done. */
    record Ended(Report report) implements RekeyEvent {
        @Override
        public String describe() {
            return report.outcome();
        }
    }

    /** The call has failed or was stopped; the same call goes on from what stands. */
    record Failed(String code, String message) implements RekeyEvent {
        @Override
        public String describe() {
            return "failed (" + code + "): " + message;
        }
    }
}
