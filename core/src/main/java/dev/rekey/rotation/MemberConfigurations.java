package dev.rekey.rotation;

import dev.rekey.config.EncryptionConfiguration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The configurations of one member. A member without one has {@link #NO_CONFIGURATION}, which reads and writes plain.
 *
 * @param loaded what its apiserver has in memory: the first reader there is what it writes with
 * @param files of every configuration file on it, whether its manifest refers to it or not: a key in any of them may be the only
 *     copy
 */
public record MemberConfigurations(EncryptionConfiguration loaded, List<EncryptionConfiguration> files) {
    /** Reads and writes plain, as an apiserver without the flag does. */
    public static final EncryptionConfiguration NO_CONFIGURATION = new EncryptionConfiguration(List.of());

    /** Copies the list. */
    public MemberConfigurations {
        files = List.copyOf(files);
    }

    /** Loaded and on file. */
    List<EncryptionConfiguration> all() {
        return Stream.concat(Stream.of(loaded), files.stream()).toList();
    }
}
