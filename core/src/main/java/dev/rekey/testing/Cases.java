package dev.rekey.testing;

import dev.rekey.manifest.NodePath;
import dev.rekey.spi.NodeTransport;
import dev.rekey.testing.NodeTransportContract.Case;
import dev.rekey.testing.NodeTransportContract.Member;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Collects cases of one kind; each gets a directory and a transport of its own. */
record Cases(
        List<Case> all,
        String kind,
        Supplier<? extends NodeTransport> transports,
        NodePath emptyDirectory,
        Member member) {

    /** {@code name} is {@code what is there => what happens}. */
    void add(String name, Consumer<Room> body) {
        NodePath directory = emptyDirectory.resolve(kind + "-" + all.size());
        all.add(new Case(name, () -> {
            try (NodeTransport transport = transports.get()) {
                body.accept(new Room(transport, transports, emptyDirectory, directory, member));
            }
        }));
    }
}
