package dev.rekey.testing;

import static dev.rekey.testing.Room.content;
import static dev.rekey.testing.Room.equal;
import static dev.rekey.testing.Room.refused;
import static dev.rekey.testing.Room.that;

import dev.rekey.RekeyException;
import dev.rekey.manifest.NodePath;
import dev.rekey.spi.FileStatus;
import dev.rekey.spi.Guard;
import dev.rekey.spi.NodeTransport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Links, directories of others, and what can be seen while a write is under way. */
final class SafetyCases {
    private static final int MIN_READS = 50;
    private static final int MIN_WRITES = 4;
    private static final int MAX_WRITES = 2_000;

    private SafetyCases() {}

    static void addTo(Cases cases) {
        cases.add("a link to a file => is seen as a link, and neither read, replaced nor followed", room -> {
            NodePath target = room.path("target");
            NodePath link = room.path("link");
            room.write(target, content("target"));
            room.member().makeLink(link, target);
            equal(FileStatus.Type.LINK, room.status(link).type(), "type");
            refused("reading a link", () -> room.transport().read(link));
            refused("replacing a link", () -> room.write(link, content("new")));
            refused("replacing a link", () -> room.write(link, content("new"), Guard.absent(link)));
            refused(
                    "a guard on a link",
                    () -> room.write(room.path("f"), content("new"), Guard.holds(link, content("target"))));
            equal(FileStatus.Type.LINK, room.status(link).type(), "type afterwards");
            room.holds(target, content("target"));
            room.lists("link", "target");
        });
        cases.add("a link to a file => deleting it never deletes the file", room -> {
            NodePath target = room.path("target");
            room.write(target, content("target"));
            room.member().makeLink(room.path("link"), target);
            try {
                room.transport().delete(room.path("link"), List.of());
            } catch (RekeyException e) {
                // Refusing is as good as removing the link.
            }
            room.holds(target, content("target"));
        });
        cases.add("a link to nothing => is not written through", room -> {
            room.write(room.path("other"), content("other"));
            room.member().makeLink(room.path("link"), room.path("target"));
            refused("replacing a link", () -> room.write(room.path("link"), content("new")));
            refused(
                    "replacing a link",
                    () -> room.write(room.path("link"), content("new"), Guard.absent(room.path("link"))));
            room.absent(room.path("target"));
            room.lists("link", "other");
        });
        cases.add("a directory that is a link => is neither listed nor written to", room -> {
            room.write(room.path("real/f"), content("old"));
            room.member().makeLink(room.path("link"), room.path("real"));
            refused("listing a link", () -> room.transport().list(room.path("link")));
            refused("writing below a link", () -> room.write(room.path("link/f"), content("new")));
            refused("writing below a link", () -> room.write(room.path("link/g"), content("new")));
            refused("deleting below a link", () -> room.transport().delete(room.path("link/f"), List.of()));
            room.holds(room.path("real/f"), content("old"));
            equal(List.of("f"), room.transport().list(room.path("real")), "names");
        });
        for (int mode : new int[] {0770, 0707, 0777, 01777}) {
            cases.add("a directory of mode " + Integer.toOctalString(mode) + " => is not written to", room -> {
                room.write(room.path("d/f"), content("old"));
                room.member().setMode(room.path("d"), mode);
                refused("replacing in it", () -> room.write(room.path("d/f"), content("new")));
                refused("making in it", () -> room.write(room.path("d/g"), content("new")));
                refused(
                        "making in it",
                        () -> room.write(room.path("d/g"), content("new"), Guard.absent(room.path("d/g"))));
                room.holds(room.path("d/f"), content("old"));
                equal(List.of("f"), room.transport().list(room.path("d")), "names");
            });
        }
        cases.add("a reader while the file is replaced => sees the old or the new one, whole", SafetyCases::wholeFiles);
        cases.add("a large secret file in the making => is never open to others", SafetyCases::neverWider);
    }

    private static void wholeFiles(Room room) {
        NodePath path = room.path("f");
        byte[] first = filled(100_000, 'a');
        byte[] second = filled(70_000, 'b');
        room.write(path, first);
        AtomicInteger reads = new AtomicInteger();
        AtomicReference<String> torn = new AtomicReference<>("");
        watch(
                room,
                transport -> {
                    Optional<byte[]> found = transport.read(path);
                    if (found.isEmpty()) {
                        torn.set("nothing");
                    } else if (!Arrays.equals(found.get(), first) && !Arrays.equals(found.get(), second)) {
                        torn.set(found.get().length + " bytes");
                    }
                    reads.incrementAndGet();
                },
                () -> {
                    for (int i = 0; i < MIN_WRITES || (i < MAX_WRITES && reads.get() < MIN_READS); i++) {
                        room.write(path, i % 2 == 0 ? second : first);
                    }
                });
        equal("", torn.get(), "a reader saw neither the old nor the new file, but");
        that(reads.get() >= MIN_READS, "only " + reads.get() + " reads were possible during " + MAX_WRITES + " writes");
    }

    private static void neverWider(Room room) {
        room.write(room.path("f"), content("old"));
        byte[] large = filled(8 << 20, 'k');
        AtomicReference<String> wide = new AtomicReference<>("");
        watch(
                room,
                transport -> {
                    for (String name : transport.list(room.directory())) {
                        transport
                                .stat(room.path(name))
                                .filter(s -> (s.mode() & 077) != 0)
                                .ifPresent(s -> wide.set(name + " of mode " + Integer.toOctalString(s.mode())));
                    }
                },
                () -> {
                    for (int i = 0; i < MIN_WRITES; i++) {
                        room.write(room.path("f"), large);
                    }
                });
        equal("", wide.get(), "open to others");
    }

    private interface Look {
        void at(NodeTransport transport);
    }

    /** Looks again and again through a transport of its own while {@code writes} runs, and once before it begins. */
    private static void watch(Room room, Look look, Runnable writes) {
        AtomicBoolean done = new AtomicBoolean();
        CountDownLatch begun = new CountDownLatch(1);
        List<Throwable> failures = new ArrayList<>();
        try (NodeTransport second = room.transports().get()) {
            Thread watcher = new Thread(
                    () -> {
                        try {
                            while (!done.get()) {
                                look.at(second);
                                begun.countDown();
                            }
                        } catch (RuntimeException e) {
                            failures.add(e);
                        } finally {
                            begun.countDown();
                        }
                    },
                    "watcher");
            watcher.setDaemon(true);
            watcher.start();
            try {
                begun.await();
                writes.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            } finally {
                done.set(true);
                GuardCases.join(List.of(watcher));
            }
        }
        equal("[]", failures.toString(), "failures of the watcher");
    }

    private static byte[] filled(int length, char with) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) with);
        return bytes;
    }
}
