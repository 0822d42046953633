package dev.rekey.testing;

import dev.rekey.ChangedMeanwhileException;
import dev.rekey.RekeyException;
import dev.rekey.manifest.NodePath;
import dev.rekey.spi.FileAttributes;
import dev.rekey.spi.FileStatus;
import dev.rekey.spi.Guard;
import dev.rekey.spi.NodeTransport;
import dev.rekey.testing.NodeTransportContract.Member;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where one case runs: its transport, its directory (not made yet), and what it may assert. */
record Room(
        NodeTransport transport,
        Supplier<? extends NodeTransport> transports,
        NodePath emptyDirectory,
        NodePath directory,
        Member member) {
    /** Stands in every content, so that one look at a message shows whether content got into it. */
    private static final String NEEDLE = "bmVlZGxl";

    static byte[] content(String text) {
        return (NEEDLE + " " + text + "\n").getBytes(StandardCharsets.UTF_8);
    }

    NodePath path(String name) {
        return directory.resolve(name);
    }

    FileAttributes attributes(int mode) {
        return attributes(mode, 0700);
    }

    FileAttributes attributes(int mode, int directoryMode) {
        FileStatus owner = transport
                .stat(emptyDirectory)
                .orElseThrow(() -> new AssertionError(emptyDirectory + " must be there before the cases run"));
        return new FileAttributes(owner.uid(), owner.gid(), mode, directoryMode);
    }

    void write(NodePath path, byte[] content, Guard... guards) {
        transport.writeAtomically(path, content, attributes(0600), List.of(guards));
    }

    void holds(NodePath path, byte[] expected) {
        Optional<byte[]> found = transport.read(path);
        that(found.isPresent(), path + " should be there");
        that(
                Arrays.equals(found.orElseThrow(), expected),
                path + " should hold the " + expected.length + " bytes that were written, and holds "
                        + found.orElseThrow().length + " bytes, other ones");
    }

    void absent(NodePath path) {
        that(transport.stat(path).isEmpty(), path + " should not be there");
    }

    FileStatus status(NodePath path) {
        return transport.stat(path).orElseThrow(() -> new AssertionError(path + " should be there"));
    }

    /** The directory holds exactly these, so no leftover either. */
    void lists(String... names) {
        equal(List.of(names), transport.list(directory), "names in " + directory);
    }

    static void equal(Object expected, @Nullable Object found, String what) {
        that(expected.equals(found), what + ": expected " + expected + ", found " + found);
    }

    static void that(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }

    /** Fails with one of Rekey's errors that has words in it and no content. */
    static RekeyException refused(String what, Runnable operation) {
        try {
            operation.run();
        } catch (RekeyException e) {
            for (Throwable t = e; t != null; t = t.getCause()) {
                that(!String.valueOf(t).contains(NEEDLE), what + ": the error quotes content");
            }
            that(!String.valueOf(e.getMessage()).isBlank(), what + ": the error says nothing");
            return e;
        }
        throw new AssertionError(what + " should have been refused");
    }

    /** Fails because of a guard on {@code guarded}, and says so. */
    static void changed(String what, NodePath guarded, Runnable operation) {
        RekeyException e = refused(what, operation);
        that(
                e instanceof ChangedMeanwhileException,
                what + ": a guard that fails is a ChangedMeanwhileException, not " + e);
        that(
                String.valueOf(e.getMessage()).contains(guarded.value()),
                what + ": the error should name the guarded path " + guarded);
    }
}
