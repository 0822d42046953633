package dev.rekey.controlplane;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One static pod on a host from the moment it is known until it is not: starts its apiserver, starts it again when it
 * dies with a pause that doubles, and ends it with grace. One thread does all of it; the others only say what they want.
 */
final class StaticPodRun {
    private static final int LONGEST_PAUSE = 30;

    private final StaticPod pod;
    private final HostSettings settings;
    private final Consumer<String> log;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread;

    private boolean held;
    private boolean terminated;
    private boolean restartWanted;
    private int starts;
    private @Nullable ChildProcess process;
    private Duration nextPause = Duration.ZERO;

    /** Begins once the predecessors have ended: two pods of one name never run at the same time. */
    StaticPodRun(
            StaticPod pod, HostSettings settings, Consumer<String> log, boolean held, List<StaticPodRun> predecessors) {
        this.pod = pod;
        this.settings = settings;
        this.log = log;
        this.held = held;
        this.thread = new Thread(() -> run(predecessors), "pod " + pod.key() + " on " + settings.hostName());
        thread.setDaemon(true);
        thread.start();
    }

    StaticPod pod() {
        return pod;
    }

    int starts() {
        return locked(() -> starts);
    }

    Optional<ChildProcess> process() {
        return locked(() -> Optional.ofNullable(process));
    }

    void hold(boolean hold) {
        tell(() -> held = hold);
    }

    void restart() {
        tell(() -> restartWanted = true);
    }

    void terminate() {
        tell(() -> terminated = true);
    }

    /** Waits until nothing of this pod runs any more; meant after {@link #terminate}. */
    void awaitEnd() {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a pod ended", e);
        }
    }

    private void run(List<StaticPodRun> predecessors) {
        predecessors.forEach(StaticPodRun::awaitEnd);
        Duration pause = Duration.ZERO;
        while (awaitTurn(pause)) {
            long begin = System.nanoTime();
            ChildProcess started = startOrExplain();
            if (started == null) {
                pause = pauseAfterDeath(Duration.ZERO);
                continue;
            }
            boolean wanted = awaitDeathOrWish(started);
            if (wanted) {
                started.stop(settings.grace());
            }
            tell(() -> process = null);
            pause = wanted ? Duration.ZERO : pauseAfterDeath(Duration.ofNanos(System.nanoTime() - begin));
            log.accept("the apiserver ended"
                    + (wanted ? " as it was told" : "; next start in " + pause.toMillis() + " ms"));
        }
    }

    /** False if there is to be no next start. A wish for a restart cuts the pause short. */
    private boolean awaitTurn(Duration pause) {
        lock.lock();
        try {
            long left = pause.toNanos();
            while (!terminated && (held || (left > 0 && !restartWanted))) {
                if (held) {
                    changed.awaitUninterruptibly();
                    left = 0;
                } else {
                    left = changed.awaitNanos(left);
                }
            }
            restartWanted = false;
            return !terminated;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** True if somebody wants the process ended, false if it ended by itself. */
    private boolean awaitDeathOrWish(ChildProcess started) {
        started.onExit().thenRun(() -> tell(() -> {}));
        lock.lock();
        try {
            while (started.isAlive() && !terminated && !held && !restartWanted) {
                changed.await();
            }
            return terminated || held || restartWanted;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable ChildProcess startOrExplain() {
        tell(() -> starts++);
        Optional<StaticPod.Container> container = pod.containerRunning(StaticPodHost.COMMAND);
        if (container.isEmpty()) {
            log.accept(pod.key() + " has no container that runs " + StaticPodHost.COMMAND);
            return null;
        }
        Optional<String> obstacle = ContainerStart.obstacle(pod, container.get());
        if (obstacle.isPresent()) {
            log.accept("the apiserver cannot start: " + obstacle.get());
            return null;
        }
        List<String> command = new ArrayList<>(container.get().command());
        command.set(0, settings.kubeApiServer().toString());
        Map<String, String> environment = new HashMap<>(settings.environment());
        environment.putAll(container.get().environment());
        try {
            ChildProcess started = ChildProcess.start(
                    Launcher.underHostName(settings.hostName(), Launcher.dyingWithStarter(command)),
                    environment,
                    settings.log());
            tell(() -> process = started);
            return started;
        } catch (UncheckedIOException e) {
            log.accept("the apiserver cannot start: " + e.getMessage());
            return null;
        }
    }

    /** As kubelet: the first death costs nothing, then the pause doubles; a long life makes it the first again. */
    private Duration pauseAfterDeath(Duration lived) {
        Duration longest = settings.restartPause().multipliedBy(LONGEST_PAUSE);
        Duration pause = lived.compareTo(longest.multipliedBy(2)) > 0 ? Duration.ZERO : nextPause;
        Duration doubled = pause.isZero() ? settings.restartPause() : pause.multipliedBy(2);
        nextPause = doubled.compareTo(longest) > 0 ? longest : doubled;
        return pause;
    }

    private void tell(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private <T> T locked(Supplier<T> question) {
        lock.lock();
        try {
            return question.get();
        } finally {
            lock.unlock();
        }
    }
}
