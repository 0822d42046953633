package dev.rekey;

/** What is observed no longer gives the plan that was to be executed. Nothing was changed: plan again. */
public final class PlanOutdatedException extends RekeyException {
    private static final long serialVersionUID = 1L;

    /** With {@code message} as {@link RekeyException} describes it. */
    public PlanOutdatedException(String message) {
        super("plan-outdated", message);
    }
}
