package dev.rekey.testing;

import dev.rekey.manifest.NodePath;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Runs the apiserver that the manifest directory describes: at once on a change, and by looking again each 20 s. */
final class Kubelet {
    private static final long RELIST_MILLIS = 20_000;
    private static final long FIRST_BACK_OFF_MILLIS = 10_000;
    private static final long LONGEST_BACK_OFF_MILLIS = 300_000;

    private final World world;
    private final FakeMember member;
    private final long relistPhase;
    private final Set<String> apiServerFiles = new TreeSet<>();
    private boolean on;
    private boolean relistSet;
    private @Nullable StaticPod pod;
    private String podFile = "";
    private @Nullable ApiServer process;
    private int attempt;
    private int crashes;
    private int starts;
    private long lastStart;
    private long lastServed = -1;
    private long describedVersion = -1;
    private @Nullable StaticPod described;

    Kubelet(World world, FakeMember member) {
        this.world = world;
        this.member = member;
        this.relistPhase = world.random.nextInt((int) RELIST_MILLIS);
    }

    @Nullable
    ApiServer process() {
        return process;
    }

    /** Processes begun, those that exited at once too. */
    int starts() {
        return starts;
    }

    long lastStart() {
        return lastStart;
    }

    /** When a process last answered; negative where none ever did. */
    long lastServed() {
        return process != null && process.listens() ? world.time.now() : lastServed;
    }

    boolean isOn() {
        return on;
    }

    /** As if it had run for long: ready at once, at some point between two polls. */
    void boot() {
        on = true;
        long firstPoll = 1L + world.random.nextInt((int) world.pollMillis);
        relist(0, firstPoll);
    }

    void switchOn() {
        if (!on) {
            on = true;
            relist(world.startMillis, world.pollMillis);
        }
    }

    void switchOff() {
        on = false;
        pod = null;
        apiServerFiles.clear();
        endProcess();
    }

    void written(NodePath path) {
        if (!watches(path)) {
            return;
        }
        setRelist();
        FakeFiles.Node file = member.tree().at(path);
        Optional<StaticPod> read = file == null ? Optional.empty() : world.pod(file);
        if (read.isPresent()) {
            apiServerFiles.add(path.name());
            run(read.get(), path.name(), world.startMillis, world.pollMillis);
        }
    }

    /** Ends the apiserver even where another file describes it too; that one is found at the next look. */
    void removed(NodePath path) {
        if (watches(path)) {
            setRelist();
            if (apiServerFiles.remove(path.name())) {
                pod = null;
                endProcess();
                world.happened(member.name() + " ended its apiserver");
            }
        }
    }

    /** The pod that a look at the directory gives: of several files the last one wins. Asked after every change, hence kept. */
    Optional<StaticPod> described() {
        long version = member.tree().version();
        if (describedVersion != version) {
            described = lastFile().flatMap(this::read).orElse(null);
            describedVersion = version;
        }
        return Optional.ofNullable(described);
    }

    private boolean watches(NodePath path) {
        return on && path.parent().equals(directory()) && !path.name().startsWith(".");
    }

    private NodePath directory() {
        return world.layout.manifest().parent();
    }

    private void setRelist() {
        if (!relistSet) {
            relistSet = true;
            long since = Math.floorMod(world.time.now() - relistPhase, RELIST_MILLIS);
            world.time.after(RELIST_MILLIS - since, () -> {
                relistSet = false;
                if (on) {
                    relist(world.startMillis, world.pollMillis);
                }
            });
        }
    }

    private void relist(long startMillis, long firstPoll) {
        apiServerFiles.clear();
        for (String name : member.tree().names(directory())) {
            if (read(name).isPresent()) {
                apiServerFiles.add(name);
            }
        }
        Optional<String> last = lastFile();
        Optional<StaticPod> next = last.flatMap(this::read);
        if (next.isPresent()) {
            run(next.get(), last.get(), startMillis, firstPoll);
        } else if (pod != null) {
            pod = null;
            endProcess();
            world.happened(member.name() + " ended its apiserver");
        }
    }

    private Optional<String> lastFile() {
        return member.tree().names(directory()).stream()
                .filter(name -> read(name).isPresent())
                .reduce((first, second) -> second);
    }

    private Optional<StaticPod> read(String name) {
        FakeFiles.Node file =
                name.startsWith(".") ? null : member.tree().at(directory().resolve(name));
        return file == null || !file.isFile() ? Optional.empty() : world.pod(file);
    }

    /** A text that means the same pod changes nothing. */
    private void run(StaticPod next, String file, long startMillis, long firstPoll) {
        boolean same = pod != null && pod.meaning().equals(next.meaning()) && file.equals(podFile);
        pod = next;
        podFile = file;
        if (!same) {
            crashes = 0;
            startProcess(startMillis, firstPoll);
        }
    }

    private void startProcess(long startMillis, long firstPoll) {
        endProcess();
        StaticPod next = pod;
        if (next == null) {
            return;
        }
        starts++;
        lastStart = world.time.now();
        int thisAttempt = ++attempt;
        makeDirectories(next);
        Optional<LoadedConfiguration> read =
                member.suffers(Fault.APISERVER_DOES_NOT_START) ? Optional.empty() : member.readAtStart(next);
        if (read.isPresent()) {
            boolean pins = next.onHost(next.configuration())
                    .map(StaticPod.HostFile::wholeMount)
                    .orElse(false);
            FakeFiles.Node pinned = pins ? member.fileOf(next) : null;
            ApiServer begun = new ApiServer(world, member, next, read.get(), pinned, startMillis);
            process = begun;
            begun.schedule(firstPoll);
            world.happened(member.name() + " started its apiserver");
        } else {
            long wait = Math.min(LONGEST_BACK_OFF_MILLIS, FIRST_BACK_OFF_MILLIS << Math.min(crashes, 10));
            crashes++;
            world.time.after(wait, () -> {
                if (on && attempt == thisAttempt) {
                    startProcess(startMillis, world.pollMillis);
                }
            });
            world.happened(member.name() + " did not start its apiserver");
        }
    }

    private void makeDirectories(StaticPod next) {
        for (StaticPod.Volume volume : next.volumes().values()) {
            if (volume.type().equals("DirectoryOrCreate")) {
                member.tree().makeDirectories(NodePath.of(volume.hostPath()), 0, 0, 0755);
            }
        }
    }

    private void endProcess() {
        ApiServer ended = process;
        if (ended != null) {
            lastServed = lastServed();
            ended.kill();
            process = null;
        }
        attempt++;
    }
}
