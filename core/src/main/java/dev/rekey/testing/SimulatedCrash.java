package dev.rekey.testing;

/**
 * The operator's process was killed. Every plug that it was given throws this from then on, so that no {@code finally} of it
 * can tidy up; a new operator asks the plane for its own plugs.
 */
public final class SimulatedCrash extends Error {
    private static final long serialVersionUID = 1L;

    SimulatedCrash(String when) {
        super("the operator was killed " + when);
    }
}
