package dev.rekey.controlplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** All that an {@link Etcd} held at one moment. Can be put back more than once, until its etcd's folder is gone. */
public final class EtcdSnapshot {
    private final Path copy;

    private EtcdSnapshot(Path copy) {
        this.copy = copy;
    }

    static EtcdSnapshot of(Path data, Path home) {
        try {
            Path copy = Files.createTempDirectory(home, "snapshot-");
            Trees.copy(data, copy);
            return new EtcdSnapshot(copy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void replace(Path data) {
        Trees.delete(data);
        Trees.copy(copy, data);
    }
}
