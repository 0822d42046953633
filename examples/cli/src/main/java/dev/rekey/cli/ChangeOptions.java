package dev.rekey.cli;

import dev.rekey.config.ManagedSettings;
import dev.rekey.lifecycle.Change;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What a change may be told beyond its name. Each kind knows its own options, so that `plan` can take them all. */
final class ChangeOptions {
    private ChangeOptions() {}

    /** Of enable. */
    static final class ForEnable {
        @Option(
                names = "--replace",
                description =
                        "enable: replace a configuration at a path outside the layout; what it can read stays readable")
        private boolean replace;

        @Option(
                names = "--decrypt",
                paramLabel = "RESOURCE",
                description =
                        "enable: store this resource plain, which the present configuration encrypts; may be repeated")
        private List<String> decrypted = new ArrayList<>();

        boolean isSet() {
            return replace || !decrypted.isEmpty();
        }

        Change on(Inventory inventory) {
            Change.Enable enable = Change.enable(inventory.settings()).decrypting(decrypted);
            return replace ? enable.replacing() : enable;
        }
    }

    /** Of rotate. */
    static final class ForRotate {
        @Option(
                names = "--away-from",
                paramLabel = "KEY",
                description = "rotate: do nothing once this key no longer writes, so that a repeated job rotates once")
        private String awayFrom = "";

        boolean isSet() {
            return !awayFrom.isEmpty();
        }

        /** A rotation keeps provider and resources: changing them is enable's. */
        Change on(Inventory inventory) {
            Change.Rotate rotate = awayFrom.isEmpty() ? Change.rotate() : Change.rotateAwayFrom(awayFrom);
            ManagedSettings named = inventory.settings();
            ManagedSettings settings = named.keyPrefix()
                    .map(ManagedSettings.DEFAULT::withKeyPrefix)
                    .orElse(ManagedSettings.DEFAULT);
            return rotate.withSettings(
                    named.previousKeysKept().map(settings::withPreviousKeysKept).orElse(settings));
        }
    }
}
