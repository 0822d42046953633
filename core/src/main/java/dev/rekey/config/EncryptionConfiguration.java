package dev.rekey.config;

import java.util.List;

/** An EncryptionConfiguration, as kube-apiserver holds it after reading the file. */
public record EncryptionConfiguration(List<Entry> entries) {
    /** Copies {@code entries}. */
    public EncryptionConfiguration {
        entries = List.copyOf(entries);
    }
}
