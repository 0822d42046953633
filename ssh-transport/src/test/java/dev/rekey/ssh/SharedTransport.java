package dev.rekey.ssh;

import dev.rekey.manifest.NodePath;
import dev.rekey.spi.FileAttributes;
import dev.rekey.spi.FileStatus;
import dev.rekey.spi.Guard;
import dev.rekey.spi.NodeTransport;
import java.util.List;
import java.util.Optional;

/** A transport that many cases use and none closes: most of a short case's time is the login. */
record SharedTransport(NodeTransport shared) implements NodeTransport {
    @Override
    public Optional<byte[]> read(NodePath path) {
        return shared.read(path);
    }

    @Override
    public void writeAtomically(NodePath path, byte[] content, FileAttributes attributes, List<Guard> guards) {
        shared.writeAtomically(path, content, attributes, guards);
    }

    @Override
    public void delete(NodePath path, List<Guard> guards) {
        shared.delete(path, guards);
    }

    @Override
    public Optional<FileStatus> stat(NodePath path) {
        return shared.stat(path);
    }

    @Override
    public List<String> list(NodePath directory) {
        return shared.list(directory);
    }

    @Override
    public void close() {
        // Whoever opened the shared one closes it.
    }
}
