package dev.rekey.testing;

import dev.rekey.RekeyException;
import dev.rekey.spi.ApiServerProbe;
import dev.rekey.spi.KeyArchive;
import dev.rekey.spi.KubeadmConfig;
import dev.rekey.spi.NodeTransport;
import dev.rekey.spi.Pace;
import dev.rekey.spi.SecretRewriter;
import java.util.function.Supplier;

/**
 * A process that operates the plane, and the plugs it was given. It can be killed at any of its operations: what changes
 * something or takes time on purpose (a write, a delete, a sleep, the rewrite of one object, a replaced ClusterConfiguration,
 * keys archived). Reads are no operations; they take a few milliseconds of the plane's time.
 *
 * <p>Safe for threads; the plane has none of its own.
 */
public final class FakeOperator {
    private final World world;
    private Kill kill = Kill.NEVER;
    private int operationsLeft;
    private boolean dead;

    FakeOperator(World world) {
        this.world = world;
    }

    /** The file operations of a member. */
    public NodeTransport transport(String member) {
        return new FakeTransport(world, this, world.member(member));
    }

    /** Asks each apiserver at its own address. */
    public ApiServerProbe probe() {
        return new FakeProbe(world, this);
    }

    /** Sends each object through another apiserver, as a balancer may. */
    public SecretRewriter rewriter() {
        return new FakeRewriter(world, this);
    }

    /** kubeadm's ClusterConfiguration in the cluster. */
    public KubeadmConfig kubeadm() {
        return new FakeKubeadmConfig(world, this);
    }

    /** The plane's clock: sleeping moves it, and all that happens meanwhile happens then. */
    public Pace pace() {
        return new FakePace(world, this);
    }

    /** Remembers what it is given, see {@link FakeControlPlane#archived}. */
    public KeyArchive archive() {
        return keys -> change(
                "archive " + keys.stream().map(key -> key.ref().toString()).toList(), () -> {
                    if (world.archiveFails) {
                        throw new IllegalStateException("the archive is full");
                    }
                    world.archived.addAll(keys);
                    return keys;
                });
    }

    /** Kills the process when its {@code n}-th operation from now begins; nothing of that one takes effect. */
    public void crashBefore(int n) {
        crash(Kill.BEFORE, n);
    }

    /** Kills it in the {@code n}-th operation from now: a write leaves its parents and its dotfile, a delete the moved file. */
    public void crashWithin(int n) {
        crash(Kill.WITHIN, n);
    }

    /** Kills it when the {@code n}-th operation from now has taken effect, before it hears of it. */
    public void crashAfter(int n) {
        crash(Kill.AFTER, n);
    }

    /** Takes a crash back that was set. */
    public void crashNever() {
        synchronized (world) {
            kill = Kill.NEVER;
        }
    }

    /** Whether it was killed. */
    public boolean dead() {
        synchronized (world) {
            return dead;
        }
    }

    private void crash(Kill moment, int n) {
        synchronized (world) {
            if (n < 1) {
                throw new IllegalArgumentException("operations are counted from 1");
            }
            kill = moment;
            operationsLeft = n;
        }
    }

    void checkAlive() {
        if (dead) {
            throw new SimulatedCrash("before, and its plugs are dead; ask the plane for new ones");
        }
    }

    /** A read: it takes {@code millis} and is not counted. */
    <T> T look(long millis, Supplier<T> answer) {
        synchronized (world) {
            checkAlive();
            world.time.advance(millis);
            return answer.get();
        }
    }

    <T> T change(String description, Supplier<T> effect) {
        return change(description, effect, () -> {});
    }

    /** @param half what a process leaves that is killed in the middle */
    <T> T change(String description, Supplier<T> effect, Runnable half) {
        synchronized (world) {
            checkAlive();
            Kill now = kill != Kill.NEVER && --operationsLeft == 0 ? kill : Kill.NEVER;
            if (now == Kill.BEFORE || now == Kill.WITHIN) {
                if (now == Kill.WITHIN) {
                    half.run();
                    world.happened("half of: " + description);
                }
                throw die(now, description);
            }
            T result = done(description, effect);
            if (now == Kill.AFTER) {
                throw die(now, description);
            }
            return result;
        }
    }

    private <T> T done(String description, Supplier<T> effect) {
        try {
            T result = effect.get();
            world.operations.add(description);
            world.happened(description);
            return result;
        } catch (RekeyException e) {
            world.operations.add(description + " (" + e.code() + ")");
            world.happened(description);
            throw e;
        }
    }

    private SimulatedCrash die(Kill moment, String description) {
        dead = true;
        return new SimulatedCrash(moment.word + ": " + description);
    }

    private enum Kill {
        NEVER("never"),
        BEFORE("before"),
        WITHIN("within"),
        AFTER("after");

        private final String word;

        Kill(String word) {
            this.word = word;
        }
    }
}
