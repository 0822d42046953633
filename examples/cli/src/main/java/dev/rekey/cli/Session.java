package dev.rekey.cli;

import dev.rekey.RekeyException;
import dev.rekey.lifecycle.Timing;
import java.util.function.Function;
import java.util.function.ToIntBiFunction;

/** One call of the command line: its surroundings, and the output that was asked for. */
record Session(Surroundings surroundings, Output output) {

    /** Reads the file of that name, or standard input. */
    Input input(String file) {
        return Input.read(file, surroundings.in());
    }

    /** Reads the inventory with {@code reader}, connects, and disconnects after {@code work}. */
    int connected(Function<Session, Inventory> reader, ToIntBiFunction<Inventory, Connection> work) {
        Timing timing = timing();
        Inventory read = reader.apply(this);
        try (Connection connection = surroundings.connector().connect(read, timing)) {
            return work.applyAsInt(read, connection);
        }
    }

    /** Tells the failure, and the exit status that it means. */
    int failed(RekeyException failure, boolean stepsHaveBegun) {
        output.error(failure.code(), String.valueOf(failure.getMessage()));
        return ExitStatus.of(failure, stepsHaveBegun).number();
    }

    /** Tells where a bug is, without the texts of exceptions, which may hold anything. */
    int failed(Throwable bug) {
        StringBuilder places = new StringBuilder();
        for (Throwable cause = bug; cause != null; cause = cause.getCause()) {
            places.append(cause.getClass().getName());
            StackTraceElement[] trace = cause.getStackTrace();
            for (int i = 0; i < Math.min(6, trace.length); i++) {
                places.append(" at ").append(trace[i]);
            }
            places.append("; ");
        }
        output.error(
                "internal", "this is a bug in Rekey: " + places + "what is done stays, and the same call may go on");
        return ExitStatus.FAILED.number();
    }

    private Timing timing() {
        if (surroundings.timing().isEmpty()) {
            return Timing.DEFAULT;
        }
        Timing timing = UnsafeTestTiming.parse(surroundings.timing());
        output.progress("warning: " + UnsafeTestTiming.PROPERTY + " is set, which loses data on a real cluster");
        return timing;
    }
}
