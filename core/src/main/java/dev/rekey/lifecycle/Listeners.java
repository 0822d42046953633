package dev.rekey.lifecycle;

import java.util.function.Consumer;

/** A listener that cannot stop a run: after its first failure, whatever it is, it is told nothing more. */
final class Listeners implements Consumer<RekeyEvent> {
    private final Consumer<? super RekeyEvent> listener;
    private boolean failed;

    Listeners(Consumer<? super RekeyEvent> listener) {
        this.listener = listener;
    }

    @Override
    public void accept(RekeyEvent event) {
        if (failed) {
            return;
        }
        try {
            listener.accept(event);
        } catch (VirtualMachineError e) {
            throw e;
        } catch (RuntimeException | Error e) {
            failed = true;
            System.getLogger("dev.rekey")
                    .log(
                            System.Logger.Level.WARNING,
                            "the listener threw {0} and is told nothing more; the run goes on",
                            e.getClass().getName());
        }
    }
}
