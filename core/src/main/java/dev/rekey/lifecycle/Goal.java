package dev.rekey.lifecycle;

import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.Key;
import dev.rekey.config.ManagedSettings;
import dev.rekey.manifest.NodeLayout;
import dev.rekey.manifest.NodePath;
import dev.rekey.rotation.MemberConfigurations;
import org.jspecify.annotations.Nullable;

/**
 * What a call comes to in a situation.
 *
 * @param outcome in a line, what will be true
 * @param target {@link MemberConfigurations#NO_CONFIGURATION} to write plain and have no file
 * @param custom whether the files stay at the custom path
 * @param minted whether the target's writer is a key that is not anywhere yet
 * @param way how it is reached
 */
record Goal(String outcome, EncryptionConfiguration target, boolean custom, boolean minted, Way way) {

    enum Way {
        /** There, and proved. */
        NOTHING,
        /** Through the stages that are not proved to be there already. */
        STAGED,
        /** The configuration stays: only settle, rewrite, mark. */
        REWRITE,
        /** As {@code REWRITE}, without a mark: the configuration is not ours. */
        REWRITE_UNMARKED
    }

    static Goal nothing(String outcome, EncryptionConfiguration target) {
        return new Goal(outcome, target, false, false, Way.NOTHING);
    }

    static Goal disabled(boolean custom) {
        return new Goal(
                "everything is stored plain, no configuration is left",
                MemberConfigurations.NO_CONFIGURATION,
                custom,
                false,
                Way.STAGED);
    }

    static Goal encrypted(ManagedSettings settings, EncryptionConfiguration target, Key writer, boolean minted) {
        return new Goal(
                String.join(", ", settings.resources().orElseThrow()) + " under "
                        + settings.providerType().orElseThrow() + " key " + writer.name(),
                target,
                false,
                minted,
                Way.STAGED);
    }

    /** Where a member's file is: for a rewrite alone, where its flag leads already. */
    NodePath home(NodeLayout layout, @Nullable NodePath referred) {
        if (way != Way.STAGED && referred != null) {
            return referred;
        }
        return custom ? layout.customPath() : layout.managedPath();
    }

    Goal by(Way other) {
        return new Goal(outcome, target, custom, minted, other);
    }
}
