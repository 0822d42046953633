package dev.rekey.testing;

import dev.rekey.manifest.NodePath;
import dev.rekey.spi.NodeTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;

/**
 * Checks that a {@link NodeTransport} keeps its promise. With JUnit, each case on its own:
 *
 * <pre>{@code
 * @TestFactory
 * Stream<DynamicTest> keepsThePromise() {
 *     return NodeTransportContract.cases(MyTransport::connect, NodePath.of("/root/empty"), member).stream()
 *             .map(c -> DynamicTest.dynamicTest(c.name(), c.body()::run));
 * }
 * }</pre>
 *
 * <p>Without any framework, {@link #check(Supplier, NodePath, Member)}. Not checked, since it takes a loss of power or of the
 * connection: that content is durable, and that a write cut off in the middle publishes nothing.
 */
public final class NodeTransportContract {
    private NodeTransportContract() {}

    /** A property of a transport; {@code body} throws an {@link AssertionError} where the transport lacks it. */
    public record Case(String name, Runnable body) {}

    /** What the cases need on the member and no transport can do. */
    public interface Member {
        /** The member is this machine, or shows its files here under the same paths. */
        Member THIS_MACHINE = new LocalMember();

        /** Makes a symbolic link at {@code link}, whatever is at {@code target}; as {@code ln -s target link}. */
        void makeLink(NodePath link, NodePath target);

        /** Sets the permission bits, the sticky one included; as {@code chmod 1777 path}. */
        void setMode(NodePath path, int mode);

        /** Makes an empty file; {@code name} need not be UTF-8, and holds no slash and no NUL. */
        void makeFile(NodePath directory, byte[] name);
    }

    /**
     * The cases, in an order that tells the simplest failure first; each is independent of the others.
     *
     * @param transports opens another transport to the same member on each call; the cases close it
     * @param emptyDirectory on the member, absolute, no link, writable by its owner alone. New files get its owner, so where it
     *     belongs to the user of the transport no root is needed. What the cases make in it stays, for you to look at.
     */
    public static List<Case> cases(
            Supplier<? extends NodeTransport> transports, NodePath emptyDirectory, Member member) {
        List<Case> cases = new ArrayList<>();
        FileCases.addTo(new Cases(cases, "file", transports, emptyDirectory, member));
        DirectoryCases.addTo(new Cases(cases, "directory", transports, emptyDirectory, member));
        GuardCases.addTo(new Cases(cases, "guard", transports, emptyDirectory, member));
        SafetyCases.addTo(new Cases(cases, "safety", transports, emptyDirectory, member));
        return List.copyOf(cases);
    }

    /** Runs all {@link #cases}; an {@link AssertionError} names every one that failed, and why. */
    public static void check(Supplier<? extends NodeTransport> transports, NodePath emptyDirectory, Member member) {
        List<String> failures = new ArrayList<>();
        for (Case each : cases(transports, emptyDirectory, member)) {
            try {
                each.body().run();
            } catch (AssertionError | RuntimeException e) {
                failures.add(each.name() + "\n    " + e);
            }
        }
        if (!failures.isEmpty()) {
            throw new AssertionError(
                    failures.size() + " properties of a NodeTransport are missing:\n" + String.join("\n", failures));
        }
    }

    /** {@link #check(Supplier, NodePath, Member)} where the member is this machine. */
    public static void check(Supplier<? extends NodeTransport> transports, NodePath emptyDirectory) {
        check(transports, emptyDirectory, Member.THIS_MACHINE);
    }

    private static final class LocalMember implements Member {
        @Override
        public void makeLink(NodePath link, NodePath target) {
            try {
                Files.createSymbolicLink(Path.of(link.value()), Path.of(target.value()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void setMode(NodePath path, int mode) {
            try {
                Files.setAttribute(Path.of(path.value()), "unix:mode", mode);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void makeFile(NodePath directory, byte[] name) {
            StringBuilder escaped = new StringBuilder(Path.of(directory.value()).toUri() + "/");
            for (byte each : name) {
                escaped.append('%').append(HexFormat.of().toHexDigits(each));
            }
            try {
                // The one way in which Java takes the bytes of a name as they are.
                Files.createFile(Path.of(URI.create(escaped.toString())));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
