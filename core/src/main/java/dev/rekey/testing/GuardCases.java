package dev.rekey.testing;

import static dev.rekey.testing.Room.changed;
import static dev.rekey.testing.Room.content;
import static dev.rekey.testing.Room.equal;
import static dev.rekey.testing.Room.refused;

import dev.rekey.ChangedMeanwhileException;
import dev.rekey.manifest.NodePath;
import dev.rekey.spi.Guard;
import dev.rekey.spi.NodeTransport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/** What must be true before a file is replaced or deleted. */
final class GuardCases {
    private static final int WRITERS = 16;
    private static final int ROUNDS = 5;

    private GuardCases() {}

    static void addTo(Cases cases) {
        cases.add("guards that are true => the file is written", room -> {
            room.write(room.path("lock"), content("mine"));
            room.write(room.path("f"), content("old"));
            room.write(
                    room.path("f"),
                    content("new"),
                    Guard.holds(room.path("lock"), content("mine")),
                    Guard.holds(room.path("f"), content("old")),
                    Guard.absent(room.path("other")));
            room.holds(room.path("f"), content("new"));
            room.lists("f", "lock");
        });
        cases.add("another file that changed => nothing is written, and the guarded path is named", room -> {
            room.write(room.path("lock"), content("theirs"));
            room.write(room.path("f"), content("old"));
            Guard guard = Guard.holds(room.path("lock"), content("mine"));
            changed("writing", guard.path(), () -> room.write(room.path("f"), content("new"), guard));
            room.holds(room.path("f"), content("old"));
            room.lists("f", "lock");
        });
        cases.add("another file that is gone => nothing is written", room -> {
            room.write(room.path("f"), content("old"));
            Guard guard = Guard.holds(room.path("lock"), content("mine"));
            changed("writing", guard.path(), () -> room.write(room.path("f"), content("new"), guard));
            room.holds(room.path("f"), content("old"));
            room.lists("f");
        });
        cases.add("another file that should be absent => nothing is written", room -> {
            room.write(room.path("other"), new byte[0]);
            Guard guard = Guard.absent(room.path("other"));
            changed("writing", guard.path(), () -> room.write(room.path("f"), content("new"), guard));
            room.lists("other");
        });
        cases.add("the written file itself changed => it is not replaced", room -> {
            room.write(room.path("f"), content("theirs"));
            Guard guard = Guard.holds(room.path("f"), content("old"));
            changed("writing", guard.path(), () -> room.write(room.path("f"), content("new"), guard));
            room.holds(room.path("f"), content("theirs"));
            room.lists("f");
        });
        cases.add("the last of many guards fails => nothing is written", room -> {
            room.write(room.path("a"), content("a"));
            Guard last = Guard.holds(room.path("b"), content("b"));
            changed(
                    "writing",
                    last.path(),
                    () -> room.write(room.path("f"), content("new"), Guard.holds(room.path("a"), content("a")), last));
            room.lists("a");
        });
        cases.add("the written file should be absent => the first write makes it, the second fails", room -> {
            NodePath path = room.path("lock");
            room.write(path, content("first"), Guard.absent(path));
            changed("writing", path, () -> room.write(path, content("second"), Guard.absent(path)));
            room.holds(path, content("first"));
            equal(0600, room.status(path).mode(), "mode");
            room.lists("lock");
        });
        cases.add("the written file should be absent, and is empty => it is not replaced", room -> {
            NodePath path = room.path("lock");
            room.write(path, new byte[0]);
            changed("writing", path, () -> room.write(path, content("new"), Guard.absent(path)));
            room.holds(path, new byte[0]);
        });
        cases.add("the written file should be absent, and is a directory => nothing is written", room -> {
            room.write(room.path("d/f"), content("inner"));
            refused("writing", () -> room.write(room.path("d"), content("new"), Guard.absent(room.path("d"))));
            room.holds(room.path("d/f"), content("inner"));
            room.lists("d");
        });
        cases.add("many writers that each want the file absent => exactly one wins", room -> {
            for (int round = 0; round < ROUNDS; round++) {
                exactlyOneWins(room, room.path("lock-" + round));
            }
        });
        cases.add("a guard that fails => nothing is deleted", room -> {
            room.write(room.path("f"), content("theirs"));
            Guard guard = Guard.holds(room.path("f"), content("mine"));
            changed("deleting", guard.path(), () -> room.transport().delete(room.path("f"), List.of(guard)));
            Guard other = Guard.absent(room.path("f"));
            changed("deleting", other.path(), () -> room.transport().delete(room.path("g"), List.of(other)));
            room.holds(room.path("f"), content("theirs"));
            room.lists("f");
        });
        cases.add("a guard that is true => the file is deleted, and an empty directory too", room -> {
            room.write(room.path("d/f"), content("mine"));
            Guard guard = Guard.holds(room.path("d/f"), content("mine"));
            room.transport().delete(room.path("d/f"), List.of(guard));
            room.transport().delete(room.path("d"), List.of(Guard.absent(room.path("d/f"))));
            room.lists();
        });
    }

    private static void exactlyOneWins(Room room, NodePath path) {
        Queue<String> winners = new ConcurrentLinkedQueue<>();
        Queue<String> failures = new ConcurrentLinkedQueue<>();
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        try (NodeTransport second = room.transports().get()) {
            for (int i = 0; i < WRITERS; i++) {
                String name = "writer " + i;
                NodeTransport transport = i % 2 == 0 ? room.transport() : second;
                Thread thread = new Thread(
                        () -> {
                            try {
                                start.await();
                                transport.writeAtomically(
                                        path, content(name), room.attributes(0600), List.of(Guard.absent(path)));
                                winners.add(name);
                            } catch (ChangedMeanwhileException e) {
                                // A loser, as there should be.
                            } catch (InterruptedException | RuntimeException e) {
                                failures.add(name + ": " + e);
                            }
                        },
                        name);
                thread.setDaemon(true);
                threads.add(thread);
                thread.start();
            }
            start.countDown();
            join(threads);
        }
        equal("[]", failures.toString(), "writers that neither won nor lost");
        equal(1, winners.size(), "winners");
        room.holds(path, content(String.valueOf(winners.peek())));
        Optional<String> leftover = room.transport().list(room.directory()).stream()
                .filter(name -> name.startsWith(NodeTransport.TEMPORARY_PREFIX))
                .findFirst();
        equal(Optional.empty(), leftover, "temporary file of a loser");
    }

    static void join(List<Thread> threads) {
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
