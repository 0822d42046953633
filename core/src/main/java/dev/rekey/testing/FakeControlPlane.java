package dev.rekey.testing;

import dev.rekey.config.KeyRef;
import dev.rekey.config.KubernetesVersion;
import dev.rekey.config.Reader;
import dev.rekey.config.ServerProfile;
import dev.rekey.lifecycle.EncryptionLifecycle;
import dev.rekey.manifest.NodeLayout;
import dev.rekey.spi.ApiServerProbe;
import dev.rekey.spi.ClusterAccess;
import dev.rekey.spi.KeyArchive;
import dev.rekey.spi.KubeadmConfig;
import dev.rekey.spi.NodeTransport;
import dev.rekey.spi.Pace;
import dev.rekey.spi.SecretRewriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A control plane in memory: members {@code cp1}, {@code cp2}, … each with files, a kubelet and a kube-apiserver, and one etcd.
 * It does to stored objects what the real one would, harm included, on a clock that only operators and {@link #passTime} move.
 *
 * <p>The plugs come from {@link #operator}, or by the shortcuts of the same names here. After a {@link SimulatedCrash} they are
 * dead, and the same methods give those of a new operator. Equal builders give planes that behave equally. Safe for threads; it
 * has none of its own.
 */
public final class FakeControlPlane {
    private final World world;
    private FakeOperator operator;
    private int secrets;

    private FakeControlPlane(World world) {
        this.world = world;
        this.operator = new FakeOperator(world);
    }

    /** A plane as kubeadm leaves it, without encryption. */
    public static FakeControlPlane withMembers(int count) {
        return builder().members(count).build();
    }

    /** For other sizes, versions, layouts. */
    public static Builder builder() {
        return new Builder();
    }

    /** Where things lie on each member. */
    public NodeLayout layout() {
        return world.layout;
    }

    /** Names of the members, in order. */
    public List<String> members() {
        return List.copyOf(world.members.keySet());
    }

    /** A member by its name. */
    public FakeMember member(String name) {
        return world.member(name);
    }

    /** What is stored. */
    public FakeEtcd etcd() {
        return world.etcd;
    }

    /** The operator that lives; a new one after a crash. */
    public FakeOperator operator() {
        synchronized (world) {
            if (operator.dead()) {
                operator = new FakeOperator(world);
            }
            return operator;
        }
    }

    /** One more process beside it, as when two people start a run. */
    public FakeOperator newOperator() {
        return new FakeOperator(world);
    }

    /** Of {@link #operator}. */
    public NodeTransport transport(String member) {
        return operator().transport(member);
    }

    /** Of {@link #operator}. */
    public ApiServerProbe probe() {
        return operator().probe();
    }

    /** Of {@link #operator}. */
    public SecretRewriter rewriter() {
        return operator().rewriter();
    }

    /** Of {@link #operator}. */
    public KubeadmConfig kubeadm() {
        return operator().kubeadm();
    }

    /** Of {@link #operator}. */
    public Pace pace() {
        return operator().pace();
    }

    /** Of {@link #operator}. */
    public KeyArchive archive() {
        return operator().archive();
    }

    /** A lifecycle of all members over the plugs of {@link #operator}, on the plane's clock. */
    public EncryptionLifecycle.Builder lifecycle() {
        Map<String, NodeTransport> transports = new TreeMap<>();
        members().forEach(member -> transports.put(member, transport(member)));
        return EncryptionLifecycle.on(transports, new ClusterAccess(probe(), rewriter(), kubeadm()), archive())
                .layout(layout())
                .pace(pace());
    }

    /** Every key that was archived, in order. */
    public List<Reader.OfKey> archived() {
        synchronized (world) {
            return List.copyOf(world.archived);
        }
    }

    /** Whether the archive throws from now on. */
    public void archiveFails(boolean fails) {
        synchronized (world) {
            world.archiveFails = fails;
        }
    }

    /** The text of kubeadm's ClusterConfiguration; empty where the plane has none. */
    public String kubeadmText() {
        synchronized (world) {
            return world.kubeadmText;
        }
    }

    /** Somebody else replaces kubeadm's ClusterConfiguration. */
    public void putKubeadmText(String text) {
        synchronized (world) {
            world.kubeadmText = text;
            world.kubeadmVersion = world.etcd.nextRevision();
        }
    }

    /** Identity Lease of an apiserver that is no member: one that lives and renews it, or one that died just now. */
    public void addLease(String host, boolean alive) {
        synchronized (world) {
            world.leases.add(new World.ForeignLease(host, alive, world.time.now()));
        }
    }

    /** Rights that the operator is told it lacks, as {@code patch secrets}; none takes that back. */
    public void lackRights(String... rights) {
        synchronized (world) {
            world.missingRights.clear();
            world.missingRights.addAll(List.of(rights));
        }
    }

    /** Creates that many Secrets in {@code default}, through the members in turn, and gives their names. */
    public List<FakeObject> createSecrets(int count) {
        synchronized (world) {
            List<FakeObject> created = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                FakeObject secret = FakeObject.secret("secret-" + ++secrets);
                world.anyReady()
                        .orElseThrow(() -> new IllegalStateException("no apiserver is ready to create Secrets"))
                        .create(secret, "content of " + secret.name());
                created.add(secret);
            }
            return created;
        }
    }

    /** Moves the clock without an operator. */
    public void passTime(Duration duration) {
        synchronized (world) {
            world.time.advance(duration.toMillis());
        }
    }

    /** How far the clock has moved. */
    public Duration elapsed() {
        synchronized (world) {
            return Duration.ofMillis(world.time.now());
        }
    }

    /** What all operators have done, a line each; names and paths, no content. */
    public List<String> operations() {
        synchronized (world) {
            return List.copyOf(world.operations);
        }
    }

    /**
     * Calls {@code watcher} after each operation and after each change that comes with time (an apiserver started, loaded, became
     * ready, ended), with a line that says which. It may look at everything here and set faults; what it throws is thrown by the
     * plug in use.
     */
    public void onChange(Consumer<String> watcher) {
        synchronized (world) {
            world.watchers.add(watcher);
        }
    }

    /** By resource and reader, how many objects are stored. */
    public Map<String, Map<KeyRef, Integer>> storedUnder() {
        synchronized (world) {
            Map<String, Map<KeyRef, Integer>> stored = new TreeMap<>();
            world.etcd.counts().forEach((resource, readers) -> {
                Map<KeyRef, Integer> byRef = new TreeMap<>();
                readers.forEach((reader, count) -> byRef.merge(reader.ref(), count, Integer::sum));
                if (!byRef.isEmpty()) {
                    stored.put(resource, byRef);
                }
            });
            return stored;
        }
    }

    /** What a running apiserver cannot read with what it has loaded (I1); empty is good. */
    public List<Harm> unreadable() {
        synchronized (world) {
            return new Readability(world).now();
        }
    }

    /** What an apiserver could not read, or why it would not start, if it were restarted now with the files on its member (I2). */
    public List<Harm> unreadableAfterRestart() {
        synchronized (world) {
            return new Readability(world).afterRestart();
        }
    }

    /** Keys that something is stored under and that were never archived (a part of I3). */
    public List<KeyRef> usedButNotArchived() {
        synchronized (world) {
            return new Readability(world).notArchived();
        }
    }

    /** What is not set is Kubernetes 1.36.3 as kubeadm makes it, three members, KubeOne's layout. */
    public static final class Builder {
        private int members = 3;
        private String version = "v1.36.3";
        private NodeLayout layout = NodeLayout.DEFAULT;
        private String kubeadm = KubeadmTexts.clusterConfiguration("v1.36.3");
        private Duration poll = Duration.ofSeconds(60);
        private Duration start = Duration.ofSeconds(5);
        private long seed = 1;

        private Builder() {}

        /** Number of members. */
        public Builder members(int count) {
            members = count;
            return this;
        }

        /** Of every apiserver. */
        public Builder version(String text) {
            version = text;
            kubeadm = kubeadm.isEmpty() ? "" : KubeadmTexts.clusterConfiguration(text);
            return this;
        }

        /** Of every member. */
        public Builder layout(NodeLayout paths) {
            layout = paths;
            return this;
        }

        /** Another ClusterConfiguration than kubeadm's default; the empty string = none. Set it after the version. */
        public Builder kubeadm(String text) {
            kubeadm = text;
            return this;
        }

        /** How often an apiserver looks at its configuration. */
        public Builder reloadPoll(Duration every) {
            poll = every;
            return this;
        }

        /** From an apiserver's start until it is ready. */
        public Builder startTime(Duration duration) {
            start = duration;
            return this;
        }

        /** Another seed moves the polls and clocks of the members against each other. */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /** Makes it; its apiservers are ready. */
        public FakeControlPlane build() {
            ServerProfile server = ServerProfile.of(KubernetesVersion.parse(version));
            World world = new World(layout, server, kubeadm, poll, start, seed);
            for (int i = 1; i <= members; i++) {
                FakeMember member = new FakeMember(world, "cp" + i, "10.0.0." + i + ":6443");
                world.members.put(member.name(), member);
                KubeadmTexts.place(member, layout, "10.0.0." + i, version);
                member.kubelet().boot();
            }
            return new FakeControlPlane(world);
        }
    }
}
