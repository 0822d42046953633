package dev.rekey.controlplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A stand-in for kubelet on one host: runs the apiserver that the manifest directory asks for, by kubelet's rules for
 * static pods, as a process in place of a container. Probes are not run and mirror pods are not written.
 */
public final class StaticPodHost implements AutoCloseable {
    static final String COMMAND = "kube-apiserver";

    private final HostSettings settings;
    private final ManifestDirectory manifests;
    private final WatchService watch;
    private final Thread kubelet;

    // All below is guarded by this.
    private final Map<String, StaticPodRun> runs = new HashMap<>();
    private final List<StaticPodRun> ending = new ArrayList<>();
    private final Map<String, Integer> eventsSeen = new HashMap<>();
    private boolean held;
    private boolean closed;

    private StaticPodHost(HostSettings settings) throws IOException {
        this.settings = settings;
        this.manifests = new ManifestDirectory(settings.manifests(), this::log);
        this.watch = settings.manifests().getFileSystem().newWatchService();
        this.kubelet = new Thread(this::followDirectory, "kubelet of " + settings.hostName());
        kubelet.setDaemon(true);
    }

    /** Begins at once with the manifests that are there, and goes on until closed. */
    static StaticPodHost start(HostSettings settings) {
        try {
            StaticPodHost host = new StaticPodHost(settings);
            settings.manifests()
                    .register(
                            host.watch,
                            StandardWatchEventKinds.ENTRY_CREATE,
                            StandardWatchEventKinds.ENTRY_MODIFY,
                            StandardWatchEventKinds.ENTRY_DELETE);
            host.relistNow();
            host.kubelet.start();
            return host;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the apiserver and starts it again at once, whatever pause it was in. Returns when the new one was started. */
    public void restart() {
        int before;
        synchronized (this) {
            if (held) {
                throw new IllegalStateException("the apiserver of " + settings.hostName() + " was stopped; start it");
            }
            before = starts();
            runs.values().forEach(StaticPodRun::restart);
        }
        Eventually.within(settings.grace().plusSeconds(10), "the apiserver was started", () -> starts() > before);
    }

    /** SIGKILL, as if it had crashed: it comes back by kubelet's rules. */
    public void crash() {
        processes().forEach(ChildProcess::kill);
    }

    /** Ends the apiserver and keeps it down, with kubelet's eyes still open, until {@link #startApiServer}. */
    public void stopApiServer() {
        hold(true);
        Eventually.within(settings.grace().plusSeconds(10), "the apiserver has ended", () -> !isRunning());
    }

    /** Lets the apiserver run again; returns at once, long before it is ready. */
    public void startApiServer() {
        hold(false);
    }

    /** Whether there is a process now; it may be far from ready. */
    public boolean isRunning() {
        return processes().stream().anyMatch(ChildProcess::isAlive);
    }

    /** The process that runs now. */
    public Optional<Long> pid() {
        return processes().stream().map(ChildProcess::pid).findFirst();
    }

    /** How often an apiserver was started on this host, by whatever cause; an attempt that failed counts. */
    public synchronized int starts() {
        return allRuns().mapToInt(StaticPodRun::starts).sum();
    }

    /** As the annotation {@code kubernetes.io/config.hash}: of each pod that is meant to run, by namespace and name. */
    public synchronized Map<String, String> configHashes() {
        return runs.values().stream()
                .map(StaticPodRun::pod)
                .collect(Collectors.toUnmodifiableMap(StaticPod::key, StaticPod::hash));
    }

    /** How many events of the file of this name were dealt with so far, be it one that is ignored. */
    public synchronized int eventsSeen(String fileName) {
        return eventsSeen.getOrDefault(fileName, 0);
    }

    /** Reads the directory as a whole, now instead of when the time has come. */
    public synchronized void relistNow() {
        try {
            manifests.relist();
        } catch (IOException e) {
            log("Unable to read config path " + settings.manifests() + ": " + e);
        }
        follow(manifests.pods());
    }

    /** What kubelet would say, and what the apiserver printed. */
    public Path logFile() {
        return settings.log();
    }

    /** Kills what runs; nothing is left when this returns. */
    @Override
    public void close() {
        List<StaticPodRun> all;
        synchronized (this) {
            closed = true;
            follow(List.of());
            all = List.copyOf(ending);
        }
        try {
            watch.close();
            kubelet.join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        all.forEach(run -> run.process().ifPresent(ChildProcess::kill));
        all.forEach(StaticPodRun::awaitEnd);
    }

    private synchronized void hold(boolean hold) {
        held = hold;
        runs.values().forEach(run -> run.hold(hold));
    }

    private synchronized Collection<ChildProcess> processes() {
        return allRuns().flatMap(run -> run.process().stream()).toList();
    }

    private void followDirectory() {
        long nextList = System.nanoTime() + settings.relist().toNanos();
        try {
            while (true) {
                WatchKey key = watch.poll(Math.max(1, nextList - System.nanoTime()), TimeUnit.NANOSECONDS);
                if (key != null) {
                    for (WatchEvent<?> event : key.pollEvents()) {
                        take(event);
                    }
                    key.reset();
                }
                if (System.nanoTime() >= nextList) {
                    relistNow();
                    nextList = System.nanoTime() + settings.relist().toNanos();
                }
            }
        } catch (ClosedWatchServiceException e) {
            // The host is closed, and this is the way to say so to a thread that waits.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void take(WatchEvent<?> event) {
        if (event.context() instanceof Path name) {
            Path file = settings.manifests().resolve(name);
            if (event.kind() == StandardWatchEventKinds.ENTRY_DELETE) {
                manifests.removed(file);
            } else {
                try {
                    manifests.changed(file);
                } catch (IOException e) {
                    log("can't read " + file + ": " + e);
                }
            }
            follow(manifests.pods());
            eventsSeen.merge(name.toString(), 1, Integer::sum);
        }
    }

    /** Makes what runs what is wanted: a pod with another hash is another pod, and waits for the end of the former. */
    private synchronized void follow(Collection<StaticPod> wanted) {
        Map<String, StaticPod> byKey =
                closed ? Map.of() : wanted.stream().collect(Collectors.toMap(StaticPod::key, pod -> pod));
        for (StaticPodRun run : List.copyOf(runs.values())) {
            StaticPod next = byKey.get(run.pod().key());
            if (next == null || !next.hash().equals(run.pod().hash())) {
                log("ending pod " + run.pod().key() + " " + run.pod().hash());
                runs.remove(run.pod().key());
                run.terminate();
                ending.add(run);
            }
        }
        for (StaticPod pod : byKey.values()) {
            if (!runs.containsKey(pod.key())) {
                log("new pod " + pod.key() + " " + pod.hash());
                List<StaticPodRun> predecessors = ending.stream()
                        .filter(run -> run.pod().key().equals(pod.key()))
                        .toList();
                runs.put(pod.key(), new StaticPodRun(pod, settings, this::log, held, predecessors));
            }
        }
    }

    private Stream<StaticPodRun> allRuns() {
        return Stream.concat(runs.values().stream(), ending.stream());
    }

    private void log(String line) {
        try {
            Files.writeString(
                    settings.log(),
                    Instant.now() + " host " + settings.hostName() + ": " + line + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            System.err.println(settings.hostName() + ": " + line);
        }
    }
}
