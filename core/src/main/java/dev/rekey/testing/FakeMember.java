package dev.rekey.testing;

import dev.rekey.config.Rendered;
import dev.rekey.manifest.NodePath;
import dev.rekey.spi.ApiServerStatus.Loaded;
import dev.rekey.spi.FileStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A member of the plane: its files, its kubelet, its apiserver, and that apiserver's clients. Nothing here counts as an
 * operation of the operator or takes time. Safe for threads.
 */
public final class FakeMember {
    private static final int ALWAYS = -1;

    private final World world;
    private final String name;
    private final String address;
    private final long skewMillis;
    private final FakeFiles files;
    private final Kubelet kubelet;
    private final Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
    private final Set<String> failedKms = new TreeSet<>();

    FakeMember(World world, String name, String address) {
        this.world = world;
        this.name = name;
        this.address = address;
        this.skewMillis = world.random.nextInt(8_000) - 4_000L;
        this.files = new FakeFiles(this::clock);
        this.kubelet = new Kubelet(world, this);
    }

    /** As {@code cp1}; also its host name. */
    public String name() {
        return name;
    }

    /** {@code ip:port} of its apiserver. */
    public String address() {
        return address;
    }

    /** The fault strikes the next time that its moment comes. */
    public void once(Fault fault) {
        synchronized (world) {
            faults.merge(fault, 1, (had, more) -> had == ALWAYS ? ALWAYS : had + more);
        }
    }

    /** The fault strikes each time until {@link #mend}. */
    public void always(Fault fault) {
        synchronized (world) {
            faults.put(fault, ALWAYS);
        }
    }

    /** Takes back every fault that has not struck yet, and mends the KMS plugins. */
    public void mend() {
        synchronized (world) {
            faults.clear();
            failedKms.clear();
        }
    }

    /** The plugin of that name fails on this member from now on. */
    public void failKms(String plugin) {
        synchronized (world) {
            failedKms.add(plugin);
        }
    }

    /** Regular files and their text, dotfiles too. */
    public SortedMap<NodePath, String> files() {
        synchronized (world) {
            SortedMap<NodePath, String> texts = new TreeMap<>();
            files.all().forEach((path, node) -> {
                if (node.isFile()) {
                    texts.put(path, text(node));
                }
            });
            return texts;
        }
    }

    /** Files and directories with owner, mode and time: what must be equal before and after a call that changes nothing. */
    public SortedMap<NodePath, FileStatus> statuses() {
        synchronized (world) {
            SortedMap<NodePath, FileStatus> statuses = new TreeMap<>();
            files.all().forEach((path, node) -> statuses.put(path, node.status()));
            return statuses;
        }
    }

    /** The text of a file; empty where there is none. */
    public Optional<String> file(NodePath path) {
        synchronized (world) {
            FakeFiles.Node node = files.at(path);
            return node == null || !node.isFile() ? Optional.empty() : Optional.of(text(node));
        }
    }

    /** Replaces or makes a file of root with mode 0600, as somebody else than Rekey would, in one step. */
    public void put(NodePath path, String text) {
        synchronized (world) {
            files.makeDirectories(path.parent(), 0, 0, 0755);
            files.write(path, text.getBytes(StandardCharsets.UTF_8), 0, 0, 0600);
            kubelet.written(path);
            world.happened("somebody wrote " + name + ":" + path);
        }
    }

    /** Removes a file or an empty directory, as somebody else than Rekey would. */
    public void remove(NodePath path) {
        synchronized (world) {
            files.remove(path);
            kubelet.removed(path);
            world.happened("somebody removed " + name + ":" + path);
        }
    }

    /** Kubelet and apiserver are down; the files can still be reached, unless {@link Fault#TRANSPORT_DOWN}. */
    public void stop() {
        synchronized (world) {
            kubelet.switchOff();
            world.happened(name + " stopped");
        }
    }

    /** After {@link #stop}: kubelet reads its directory and starts what is there. */
    public void start() {
        synchronized (world) {
            kubelet.switchOn();
        }
    }

    /** A reboot: the apiserver starts anew with the files that are there now, or does not. */
    public void restart() {
        synchronized (world) {
            kubelet.switchOff();
            kubelet.switchOn();
        }
    }

    /** Starts of the apiserver so far, those that failed too; 1 at the beginning. */
    public int starts() {
        synchronized (world) {
            return kubelet.starts();
        }
    }

    /** Whether an apiserver process lives. */
    public boolean running() {
        synchronized (world) {
            return kubelet.process() != null;
        }
    }

    /** Whether the apiserver serves its clients. */
    public boolean ready() {
        synchronized (world) {
            ApiServer process = kubelet.process();
            return process != null && process.ready();
        }
    }

    /** What the apiserver has in memory, whatever its version tells; unknown where none lives. */
    public Loaded loaded() {
        synchronized (world) {
            ApiServer process = kubelet.process();
            if (process == null) {
                return Loaded.UNKNOWN;
            }
            String sha256 = process.loaded().sha256();
            return sha256.isEmpty() ? Loaded.NONE : Loaded.hash(sha256);
        }
    }

    /** A GET that goes to etcd. */
    public Answer read(FakeObject object) {
        return served(server -> server.read(object));
    }

    /** A POST. */
    public Answer create(FakeObject object, String content) {
        return served(server -> server.create(object, content));
    }

    /** A POST that is encrypted now and stored after {@code duration}, if the process lives until then. */
    public void createSlowly(FakeObject object, String content, Duration duration) {
        served(server -> {
            server.createSlowly(object, content, duration.toMillis());
            return new Answer(0, "in flight", 0);
        });
    }

    /** A PUT of other content. */
    public Answer update(FakeObject object, String content) {
        return served(server -> server.update(object, content));
    }

    /** A merge-patch {@code {}}: stored anew only where the apiserver finds it stale. */
    public Answer patchNothing(FakeObject object) {
        return served(server -> server.patchNothing(object));
    }

    /** A DELETE. */
    public Answer delete(FakeObject object) {
        return served(server -> server.delete(object));
    }

    @Override
    public String toString() {
        return name;
    }

    private Answer served(Function<ApiServer, Answer> request) {
        synchronized (world) {
            ApiServer process = kubelet.process();
            if (process == null || !process.ready()) {
                return new Answer(0, "no answer", 0);
            }
            return request.apply(process);
        }
    }

    private static String text(FakeFiles.Node node) {
        return new String(node.content(), StandardCharsets.UTF_8);
    }

    FakeFiles tree() {
        return files;
    }

    Kubelet kubelet() {
        return kubelet;
    }

    Set<String> failedKms() {
        return failedKms;
    }

    /** Its own clock. */
    Instant clock() {
        return at(world.time.now());
    }

    Instant at(long millis) {
        return world.begin().plusMillis(millis + skewMillis);
    }

    /** Uses up a fault that was set once. */
    boolean suffers(Fault fault) {
        Integer left = faults.get(fault);
        if (left == null) {
            return false;
        }
        if (left == 1) {
            faults.remove(fault);
        } else if (left != ALWAYS) {
            faults.put(fault, left - 1);
        }
        return true;
    }

    boolean answersOperator() {
        ApiServer process = kubelet.process();
        return process != null && process.ready() && !suffers(Fault.APISERVER_UNREACHABLE);
    }

    boolean answers() {
        ApiServer process = kubelet.process();
        return process != null && process.listens() && !suffers(Fault.APISERVER_UNREACHABLE);
    }

    /** The file that the pod's flag leads to; null where it leads to none. */
    FakeFiles.@Nullable Node fileOf(StaticPod pod) {
        Optional<StaticPod.HostFile> onHost = pod.onHost(pod.configuration());
        FakeFiles.Node node = onHost.isEmpty() ? null : files.at(onHost.get().path());
        return node == null || !node.isFile() ? null : node;
    }

    /** Empty where the process would exit. */
    Optional<LoadedConfiguration> readAtStart(StaticPod pod) {
        if (!pod.configuration().isEmpty() && suffers(Fault.CONFIGURATION_NOT_READABLE)) {
            return Optional.empty();
        }
        return describedBy(pod);
    }

    /** As {@link #readAtStart}, faults left aside. The server refuses the reload flag alone, and an older one that flag at all. */
    Optional<LoadedConfiguration> describedBy(StaticPod pod) {
        boolean knowsReload = world.server.capabilities().automaticReload();
        if (pod.automaticReload() && (!knowsReload || pod.configuration().isEmpty())) {
            return Optional.empty();
        }
        if (pod.configuration().isEmpty()) {
            return Optional.of(LoadedConfiguration.NONE);
        }
        FakeFiles.Node file = fileOf(pod);
        return file == null ? Optional.empty() : world.configuration(file, pod.automaticReload());
    }

    /** Name of its identity Lease. */
    String lease() {
        return leaseOf(name);
    }

    static String leaseOf(String host) {
        return "apiserver-"
                + Rendered.sha256(host.getBytes(StandardCharsets.UTF_8)).substring(0, 26);
    }
}
