package dev.rekey.controlplane;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A user of the cluster who creates, reads and deletes Secrets all the while, through every member in turn. A read that fails on
 * one member is tried once more on the next, as behind a balancing list of addresses.
 */
public final class BackgroundClient implements AutoCloseable {
    private static final int STATUS_UNREADABLE = 500;

    private final RealControlPlane plane;
    private final Map<String, byte[]> seeded;
    private final List<String> names;
    private final Random random;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicLong reads = new AtomicLong();
    private final List<String> unreadable = Collections.synchronizedList(new ArrayList<>());
    private final List<String> lost = Collections.synchronizedList(new ArrayList<>());
    private final Thread thread;

    private BackgroundClient(RealControlPlane plane, Map<String, byte[]> seeded, long seed) {
        this.plane = plane;
        this.seeded = seeded;
        this.names = List.copyOf(seeded.keySet());
        this.random = new Random(seed);
        this.thread = new Thread(this::work, "background-client");
        thread.setDaemon(true);
    }

    /** {@code seeded}: Secrets of namespace {@code default} that stay, by name, with what their key {@code v} must hold. */
    public static BackgroundClient start(RealControlPlane plane, Map<String, byte[]> seeded, long seed) {
        BackgroundClient client = new BackgroundClient(plane, seeded, seed);
        client.thread.start();
        return client;
    }

    /** Reads that were answered. */
    public long reads() {
        return reads.get();
    }

    /** Objects that an apiserver answered it could not read, or whose content was wrong. */
    public List<String> unreadable() {
        return List.copyOf(unreadable);
    }

    /** Reads that failed on one member and on the next. With one member these are its restarts. */
    public List<String> lost() {
        return List.copyOf(lost);
    }

    @Override
    public void close() throws InterruptedException {
        stopped.set(true);
        thread.join(60_000);
    }

    private void work() {
        for (int turn = 0; !stopped.get(); turn++) {
            int member = turn % plane.members().size();
            read(names.get(random.nextInt(names.size())), member);
            String mine = "background-" + turn;
            write(mine, member);
            delete("background-" + (turn - 20), member);
        }
    }

    private void read(String name, int member) {
        Optional<UnexpectedAnswer> first = tryRead(name, member);
        if (first.isPresent() && tryRead(name, member + 1).isPresent()) {
            lost.add(name + " on " + member(member).name() + " and the next");
        }
    }

    private Optional<UnexpectedAnswer> tryRead(String name, int member) {
        try {
            Optional<Map<String, byte[]>> data = member(member).api().readSecret("default", name);
            reads.incrementAndGet();
            if (data.isEmpty() || !Arrays.equals(data.get().get("v"), seeded.get(name))) {
                unreadable.add(name + " through " + member(member).name() + ": wrong content");
            }
            return Optional.empty();
        } catch (UnexpectedAnswer e) {
            if (e.status() == STATUS_UNREADABLE) {
                unreadable.add(name + " through " + member(member).name() + ": " + e.getMessage());
            }
            return Optional.of(e);
        }
    }

    /** A write may fail while its member restarts; what it wrote is read through the other members soon enough by the rewrite. */
    private void write(String name, int member) {
        try {
            member(member)
                    .api()
                    .createSecret("default", name, Map.of("v", name.getBytes(StandardCharsets.UTF_8)), false);
        } catch (UnexpectedAnswer e) {
            // Nothing to conclude.
        }
    }

    private void delete(String name, int member) {
        try {
            member(member).api().deleteSecret("default", name);
        } catch (UnexpectedAnswer e) {
            if (e.status() == STATUS_UNREADABLE) {
                unreadable.add(name + " could not be deleted: " + e.getMessage());
            }
        }
    }

    private ControlPlaneMember member(int index) {
        return plane.members().get(index % plane.members().size());
    }
}
