package dev.rekey.spi;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/** File operations through a channel, which an interrupt would close under them. The interrupt is kept for the caller. */
final class Uninterrupted {
    private Uninterrupted() {}

    /** May run more than once, the last time to its end. */
    interface Operation {
        void run() throws IOException;
    }

    static void run(Operation operation) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                interrupted |= Thread.interrupted();
                try {
                    operation.run();
                    return;
                } catch (ClosedByInterruptException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
