package dev.rekey.lifecycle;

import dev.rekey.NodeException;
import dev.rekey.RekeyException;
import dev.rekey.spi.Pace;
import java.time.Duration;
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

    /** {@code pace} behind the border. */
    static Pace pace(Pace pace) {
        return new Pace() {
            @Override
            public Duration elapsed() {
                return call("the pace", pace::elapsed);
            }

            @Override
            public void sleep(Duration duration) {
                run("the pace", () -> pace.sleep(duration));
            }
        };
    }

    static void run(String who, Runnable plug) {
        call(who, () -> {
            plug.run();
            return true;
        });
    }
}
