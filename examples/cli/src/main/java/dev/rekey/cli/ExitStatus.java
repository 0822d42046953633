package dev.rekey.cli;

import dev.rekey.ChangedMeanwhileException;
import dev.rekey.InvalidInputException;
import dev.rekey.LockedException;
import dev.rekey.NodeException;
import dev.rekey.NotProvedException;
import dev.rekey.PlanOutdatedException;
import dev.rekey.RefusedException;
import dev.rekey.RekeyException;
import dev.rekey.RewriteIncompleteException;
import dev.rekey.StoppedException;
import java.util.Map;

/** What a command ends with. Scripts depend on the numbers. */
enum ExitStatus {
    /** Done, valid, or nothing to do. */
    DONE(0),
    /** Failed or stopped; what is done stays, and the same call goes on from there. */
    FAILED(1),
    /** The command line, the inventory, the kubeconfig or another input file is wrong. */
    USAGE(2),
    /** Refused for the cluster's state; nothing was changed. */
    REFUSED(3);

    private static final Map<Class<? extends RekeyException>, ExitStatus> BEFORE_THE_FIRST_STEP = Map.of(
            InvalidInputException.class, USAGE,
            RefusedException.class, REFUSED,
            LockedException.class, REFUSED,
            PlanOutdatedException.class, REFUSED,
            NodeException.class, REFUSED,
            ChangedMeanwhileException.class, FAILED,
            NotProvedException.class, FAILED,
            RewriteIncompleteException.class, FAILED,
            StoppedException.class, FAILED);

    private final int number;

    ExitStatus(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    /** Once a step has begun, nobody may conclude that nothing was changed, whatever ended the run. */
    static ExitStatus of(RekeyException failure, boolean stepsHaveBegun) {
        return stepsHaveBegun ? FAILED : BEFORE_THE_FIRST_STEP.getOrDefault(failure.getClass(), FAILED);
    }
}
