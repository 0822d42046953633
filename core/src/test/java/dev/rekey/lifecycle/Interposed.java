package dev.rekey.lifecycle;

import dev.rekey.NodeException;
import dev.rekey.config.Reader;
import dev.rekey.manifest.NodePath;
import dev.rekey.spi.ClusterAccess;
import dev.rekey.spi.FileAttributes;
import dev.rekey.spi.Guard;
import dev.rekey.spi.KeyArchive;
import dev.rekey.spi.KubeadmConfig;
import dev.rekey.spi.NodeTransport;
import dev.rekey.testing.FakeControlPlane;
import dev.rekey.testing.FakeOperator;
import dev.rekey.testing.ForwardingTransport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** An operator's plugs with somebody standing at each operation that changes something: before it begins, and before its answer is heard. */
final class Interposed {
    private final Hook hook;
    private int operations;

    private Interposed(Hook hook) {
        this.hook = hook;
    }

    /** Operations are counted from 1. */
    interface Hook {
        void before(int operation, String what);

        void after(int operation, String what);

        /** Whether to stand where {@link #within} is called: between the guards of a write or delete and its rename. */
        default boolean standsWithin(int operation, String what) {
            return false;
        }

        default void within(int operation, String what) {}

        /** {@code action} before the operation of that number. */
        static Hook before(int number, Runnable action) {
            return new Hook() {
                @Override
                public void before(int operation, String what) {
                    if (operation == number) {
                        action.run();
                    }
                }

                @Override
                public void after(int operation, String what) {}
            };
        }

        /** {@code action} when the operation of that number has been done. */
        static Hook after(int number, Runnable action) {
            return new Hook() {
                @Override
                public void before(int operation, String what) {}

                @Override
                public void after(int operation, String what) {
                    if (operation == number) {
                        action.run();
                    }
                }
            };
        }

        /** The answer to the operation of that number is lost. */
        static Hook losing(int number) {
            return after(number, () -> {
                throw new NodeException("the connection was lost; whether the change took place is not known");
            });
        }
    }

    /** A lifecycle over {@code operator}'s plugs. */
    static EncryptionLifecycle by(FakeControlPlane plane, FakeOperator operator, Hook hook) {
        Interposed interposed = new Interposed(hook);
        Map<String, NodeTransport> members = new TreeMap<>();
        plane.members().forEach(name -> members.put(name, interposed.new Transport(name, operator.transport(name))));
        return EncryptionLifecycle.on(
                        members,
                        new ClusterAccess(
                                operator.probe(), operator.rewriter(), interposed.new Kubeadm(operator.kubeadm())),
                        interposed.archive(operator.archive()))
                .layout(plane.layout())
                .pace(operator.pace())
                .timing(Operators.FEWER_LOOKS)
                .build();
    }

    private void around(String what, Runnable operation) {
        int number = ++operations;
        hook.before(number, what);
        operation.run();
        hook.after(number, what);
    }

    private KeyArchive archive(KeyArchive archive) {
        return (List<Reader.OfKey> keys) -> around("archive", () -> archive.keep(keys));
    }

    private final class Kubeadm implements KubeadmConfig {
        private final KubeadmConfig inner;

        Kubeadm(KubeadmConfig inner) {
            this.inner = inner;
        }

        @Override
        public Optional<Document> read() {
            List<Optional<Document>> read = new ArrayList<>();
            around("read kubeadm", () -> read.add(inner.read()));
            return read.get(0);
        }

        @Override
        public void replace(Document read, String text) {
            around("replace kubeadm", () -> inner.replace(read, text));
        }
    }

    private final class Transport extends ForwardingTransport {
        private final String member;

        Transport(String member, NodeTransport inner) {
            super(inner);
            this.member = member;
        }

        @Override
        public void writeAtomically(NodePath path, byte[] content, FileAttributes attributes, List<Guard> guards) {
            around("write " + member + path, () -> {
                String what = "write " + member + path;
                if (hook.standsWithin(operations, what)) {
                    writeInTwo(path, content, attributes, guards, what);
                } else {
                    super.writeAtomically(path, content, attributes, guards);
                }
            });
        }

        /** As transports do it, whose guards no file system checks in one step with the rename. */
        private void writeInTwo(
                NodePath path, byte[] content, FileAttributes attributes, List<Guard> guards, String what) {
            NodePath temporary = path.parent().resolve(TEMPORARY_PREFIX + "halfway");
            super.writeAtomically(temporary, content, attributes, guards);
            hook.within(operations, what);
            if (super.read(temporary).isEmpty()) {
                throw new NodeException(path + ": the file made to take its place is gone");
            }
            Guard exclusive = Guard.absent(path);
            super.writeAtomically(
                    path, content, attributes, guards.contains(exclusive) ? List.of(exclusive) : List.of());
            super.delete(temporary, List.of());
        }

        @Override
        public void delete(NodePath path, List<Guard> guards) {
            String what = "delete " + member + path;
            around(what, () -> {
                if (hook.standsWithin(operations, what) && super.read(path).isPresent()) {
                    deleteInTwo(path, guards, what);
                } else {
                    super.delete(path, guards);
                }
            });
        }

        private void deleteInTwo(NodePath path, List<Guard> guards, String what) {
            NodePath directory = path.parent().resolve(TEMPORARY_PREFIX + "halfway");
            NodePath away = directory.resolve(TEMPORARY_PREFIX + "away");
            super.writeAtomically(away, new byte[0], FileAttributes.ROOT_ONLY, guards);
            hook.within(operations, what);
            if (super.stat(directory).isEmpty()) {
                throw new NodeException(path + ": the directory made to take it away is gone");
            }
            super.delete(path, List.of());
            super.delete(away, List.of());
            super.delete(directory, List.of());
        }
    }
}
