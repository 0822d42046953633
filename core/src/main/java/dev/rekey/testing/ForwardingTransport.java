package dev.rekey.testing;

import dev.rekey.manifest.NodePath;
import dev.rekey.spi.FileAttributes;
import dev.rekey.spi.FileStatus;
import dev.rekey.spi.Guard;
import dev.rekey.spi.NodeTransport;
import java.util.List;
import java.util.Optional;

/**
 * Passes every operation on to another transport, for a test that looks at some or lets them misbehave. No operation here calls
 * another one.
 */
public abstract class ForwardingTransport implements NodeTransport {
    private final NodeTransport inner;

    /** {@code inner} is closed with this one. */
    protected ForwardingTransport(NodeTransport inner) {
        this.inner = inner;
    }

    @Override
    public Optional<byte[]> read(NodePath path) {
        return inner.read(path);
    }

    @Override
    public void writeAtomically(NodePath path, byte[] content, FileAttributes attributes, List<Guard> guards) {
        inner.writeAtomically(path, content, attributes, guards);
    }

    @Override
    public void delete(NodePath path, List<Guard> guards) {
        inner.delete(path, guards);
    }

    @Override
    public Optional<FileStatus> stat(NodePath path) {
        return inner.stat(path);
    }

    @Override
    public List<String> list(NodePath directory) {
        return inner.list(directory);
    }

    @Override
    public void close() {
        inner.close();
    }
}
