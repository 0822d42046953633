package dev.rekey.lifecycle;

import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.Reader;
import dev.rekey.manifest.EncryptionSettings;
import java.util.List;
import java.util.Map;

/**
 * A plan with what it takes to carry it out: files that hold keys. Lives only while the members are locked, and is never
 * serialised.
 *
 * @param files by stage and member, what is to be there when the stage is proved; a member without a file has none
 * @param settings by member, what its manifest is to say
 * @param archived the keys of the archive step
 * @param marked what the mark will say apart from cluster and revision; its hashes are those of promote and of the target
 */
record Course(
        Plan plan,
        Goal goal,
        StageFiles files,
        Map<String, EncryptionSettings> settings,
        KubeadmAgreement kubeadm,
        List<Reader.OfKey> archived,
        Map<String, String> marked) {

    EncryptionConfiguration target() {
        return goal.target();
    }

    @Override
    public String toString() {
        return "Course[" + plan.describe() + "]";
    }
}
