package dev.rekey.lifecycle;

import dev.rekey.ChangedMeanwhileException;
import dev.rekey.LockedException;
import dev.rekey.NodeException;
import dev.rekey.RekeyException;
import dev.rekey.config.Rendered;
import dev.rekey.spi.FileAttributes;
import dev.rekey.spi.Guard;
import dev.rekey.spi.Pace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The lock of a run, one file on every member, taken in the order of names. Lies with the members and not in the API, which is
 * down just when it is needed.
 */
final class Locks {
    private final List<Node> nodes;
    private final Pace pace;
    private final Timing timing;
    private final LockFile ours = ThisProcess.newLock();
    private final Rendered content = ours.render();
    private final List<Node> held = new ArrayList<>();
    private final Map<String, Watched> watched = new TreeMap<>();
    private Duration lastBeat = Duration.ZERO;
    private long beats;
    private boolean unsettled;

    /** A foreign lock as it was first seen so. */
    private record Watched(Rendered lock, Optional<Rendered> beat, Duration since) {}

    Locks(List<Node> nodes, Pace pace, Timing timing) {
        this.nodes = nodes;
        this.pace = pace;
        this.timing = timing;
    }

    /** All or none; a {@link LockedException} where a living run holds one. Returns whether one was taken over. */
    boolean acquire(boolean takeOver, Runnable safePoint, Consumer<String> waiting) {
        try {
            for (Node node : nodes) {
                while (!create(node)) {
                    Optional<Rendered> foreign = node.read(node.layout().lock());
                    if (foreign.isEmpty()) {
                        continue;
                    }
                    LockFile holder = LockFile.parse(foreign.get());
                    if (!takeOver && !ThisProcess.isGone(holder)) {
                        awaitDeath(node, foreign.get(), holder, safePoint, waiting);
                    }
                    if (replace(node, foreign.get())) {
                        unsettled = true;
                        break;
                    }
                }
                beat();
            }
            return unsettled;
        } catch (RuntimeException e) {
            releaseQuietly();
            throw e;
        }
    }

    /** The guard that every write on {@code node} carries: our lock is still there. */
    Guard guard(Node node) {
        beatIfDue();
        return Guard.holds(node.layout().lock(), content.exposeBytes());
    }

    /** Keeps the lock alive; to be called at least as often as {@link Timing#beat}. */
    void beatIfDue() {
        Duration age = pace.elapsed().minus(lastBeat);
        if (age.compareTo(timing.trust()) > 0) {
            verify();
        }
        if (age.compareTo(timing.beat()) >= 0) {
            beat();
        }
    }

    /** Reads the locks again; a {@link LockedException} where one is no longer ours. */
    void verify() {
        for (Node node : held) {
            if (!node.read(node.layout().lock()).equals(Optional.of(content))) {
                throw lost(node);
            }
        }
    }

    /** What the run whose lock was taken over may still send can no longer do harm. */
    void settled() {
        unsettled = false;
    }

    /**
     * Gives the locks back. What cannot be reached keeps a dead lock, which the next run takes over; so does every member before
     * {@link #settled}, since only who takes a lock over knows that another run may still have something under way.
     */
    void releaseQuietly() {
        for (Node node : unsettled ? List.<Node>of() : held) {
            try {
                Guard stillOurs = Guard.holds(node.layout().lock(), content.exposeBytes());
                node.delete(node.layout().lockBeat(), stillOurs);
                node.delete(node.layout().lock(), stillOurs);
                node.deleteIfEmpty(node.layout().stateDirectory());
            } catch (RekeyException e) {
                System.getLogger("dev.rekey")
                        .log(System.Logger.Level.DEBUG, "lock of member {0} not released: {1}", node.name(), e.code());
            }
        }
        held.clear();
    }

    private boolean create(Node node) {
        return take(node, Guard.absent(node.layout().lock()));
    }

    private boolean replace(Node node, Rendered foreign) {
        return take(node, Guard.holds(node.layout().lock(), foreign.exposeBytes()));
    }

    /** Held from before the answer, which may be lost: what turns out not to be ours is not given back either. */
    private boolean take(Node node, Guard guard) {
        held.add(node);
        try {
            node.write(node.layout().lock(), content, FileAttributes.ROOT_ONLY, guard);
            return true;
        } catch (ChangedMeanwhileException e) {
            boolean ours = node.read(node.layout().lock()).equals(Optional.of(content));
            if (!ours) {
                held.remove(node);
            }
            return ours;
        }
    }

    /** Returns once the lock has gone without a beat for so long that its run no longer trusts it. */
    private void awaitDeath(Node node, Rendered lock, LockFile holder, Runnable safePoint, Consumer<String> waiting) {
        waiting.accept(
                "member " + node.name() + " is locked by " + describe(holder) + "; watching whether that run lives");
        watchAll();
        Watched start = watched.get(node.name());
        if (start == null || !start.lock().equals(lock)) {
            return;
        }
        while (pace.elapsed().minus(start.since()).compareTo(timing.stale()) < 0) {
            safePoint.run();
            pace.sleep(timing.poll());
            beatIfDue();
            watchAll();
            Watched now = watched.get(node.name());
            if (now == null || !now.lock().equals(lock)) {
                return;
            }
            if (!now.beat().equals(start.beat())) {
                throw new LockedException("member " + node.name() + " is locked by " + describe(holder)
                        + ", which is alive. Nothing was changed. Wait until it has ended, or stop it");
            }
        }
    }

    /** All foreign locks at once, so that a crashed run costs one wait and not one for each member. */
    private void watchAll() {
        for (Node node : nodes) {
            if (held.contains(node)) {
                continue;
            }
            Optional<Rendered> lock = node.read(node.layout().lock());
            Optional<Rendered> beat = node.read(node.layout().lockBeat());
            Watched before = watched.get(node.name());
            if (lock.isEmpty()) {
                watched.remove(node.name());
            } else if (before == null
                    || !before.lock().equals(lock.get())
                    || !before.beat().equals(beat)) {
                watched.put(node.name(), new Watched(lock.get(), beat, pace.elapsed()));
            }
        }
    }

    private void beat() {
        beats++;
        Rendered beat = Rendered.of(ours.run() + " " + beats + "\n");
        boolean all = true;
        for (Node node : held) {
            try {
                node.write(
                        node.layout().lockBeat(),
                        beat,
                        FileAttributes.ROOT_ONLY,
                        Guard.holds(node.layout().lock(), content.exposeBytes()));
            } catch (ChangedMeanwhileException e) {
                throw lost(node);
            } catch (NodeException e) {
                // One beat that did not get through is no loss: the next write carries the lock as its guard.
                if (pace.elapsed().minus(lastBeat).compareTo(timing.trust()) > 0) {
                    throw e;
                }
                all = false;
            }
        }
        if (all) {
            lastBeat = pace.elapsed();
        }
    }

    private static LockedException lost(Node node) {
        return new LockedException(
                "the lock on member " + node.name() + " is no longer this run's: it was taken over or removed."
                        + " What stands is as the last event says. Let the other run end, then make the same call again");
    }

    private static String describe(LockFile holder) {
        return (holder.holder().isEmpty() ? "somebody" : holder.holder())
                + (holder.pid().isEmpty() ? "" : " (pid " + holder.pid() + ")");
    }
}
