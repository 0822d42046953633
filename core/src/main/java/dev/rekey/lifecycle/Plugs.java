package dev.rekey.lifecycle;

import dev.rekey.NodeException;
import dev.rekey.RekeyException;
import java.util.function.Supplier;

/** The border to code that is not ours. */
final class Plugs {
    private Plugs() {}

    /**
     * What {@code plug} returns; whatever it throws that is not Rekey's comes out as a {@link NodeException} without its text, which
     * may hold anything. A closure of a Jenkins pipeline throws an Error.
     */
    static <T> T call(String who, Supplier<T> plug) {
        try {
            return plug.get();
        } catch (RekeyException | VirtualMachineError e) {
            throw e;
        } catch (RuntimeException | Error e) {
            throw new NodeException(who + " failed with " + e.getClass().getName()
                    + ", which is not an answer that it may give. What stands is as the last event says, and the same call goes"
                    + " on once it is mended; in a Jenkins pipeline mark the calling method @NonCPS");
        }
    }

    static void run(String who, Runnable plug) {
        call(who, () -> {
            plug.run();
            return true;
        });
    }
}
