package dev.rekey.manifest;

import java.util.List;
import java.util.Set;

/** The flags of kube-apiserver that this package is about, and what their values mean there. */
final class EncryptionFlags {
    static final String CONFIG = "encryption-provider-config";
    static final String RELOAD = "encryption-provider-config-automatic-reload";

    /** The name of {@link #CONFIG} before 1.13, which worked until 1.23. */
    static final String OLD_CONFIG = "experimental-encryption-provider-config";

    /** As {@code strconv.ParseBool} has it. */
    private static final Set<String> TRUE = Set.of("1", "t", "T", "true", "TRUE", "True");

    private static final Set<String> FALSE = Set.of("0", "f", "F", "false", "FALSE", "False");

    private EncryptionFlags() {}

    static List<String> names(String flag) {
        return flag.equals(CONFIG) ? List.of(CONFIG, OLD_CONFIG) : List.of(flag);
    }

    /** Whether the value is what the server takes without the flag, so that it may stay when encryption is disabled. */
    static boolean isDefault(String flag, String value) {
        return flag.equals(RELOAD) ? FALSE.contains(value) : value.isEmpty();
    }

    /** Whether both values mean the same to the server. */
    static boolean isSame(String flag, String value, String other) {
        return value.equals(other) || (flag.equals(RELOAD) && isTrue(value) && isTrue(other));
    }

    static boolean isTrue(String value) {
        return TRUE.contains(value);
    }

    /** Names are told apart after this, in the server too. */
    static String normalise(String name) {
        return name.replace('_', '-');
    }
}
