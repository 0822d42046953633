package dev.rekey.controlplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Real kube-apiservers on one real etcd, on loopback: members {@code cp1} to {@code cpN}, each with a folder for its file
 * system and a host that runs its apiserver from a manifest there. All have one certificate authority, one set of
 * service account keys and one admin. Nothing outlives the JVM or {@link #close}; with the system property
 * {@code rekey.keepControlPlane=true} the folder does.
 */
public final class RealControlPlane implements AutoCloseable {
    private static final Duration READY = Duration.ofMinutes(3);

    private final ControlPlaneFolder folder;
    private final Etcd etcd;
    private final Duration reloadPoll;
    private final List<Integer> ports;
    private final List<ControlPlaneMember> members = new ArrayList<>();

    private RealControlPlane(int count, ControlPlaneBinaries binaries, ControlPlaneOptions options) {
        this.folder = ControlPlaneFolder.create();
        this.etcd = Etcd.start(binaries.etcd(), folder.etcd());
        this.ports = LoopbackPorts.take(count);
        boolean pollIsSet = options.reloadPoll() != null && binaries.reloadPollCanBeSet();
        this.reloadPoll = pollIsSet ? options.reloadPoll() : Duration.ofMinutes(1);
    }

    /** Skips the calling test where there are no real servers; returns when every member is ready. */
    public static RealControlPlane start(int members) {
        return start(members, ControlPlaneOptions.fast());
    }

    /** As above, with options. */
    public static RealControlPlane start(int members, ControlPlaneOptions options) {
        ControlPlaneBinaries binaries = ControlPlaneBinaries.require();
        RealControlPlane controlPlane = new RealControlPlane(members, binaries, options);
        try {
            for (int number = 1; number <= members; number++) {
                controlPlane.members.add(controlPlane.startMember(number, binaries, options));
            }
            controlPlane.waitReady();
            return controlPlane;
        } catch (RuntimeException | Error e) {
            controlPlane.close();
            throw e;
        }
    }

    /** All, in the order of their names. */
    public List<ControlPlaneMember> members() {
        return List.copyOf(members);
    }

    /** The one of this name. */
    public ControlPlaneMember member(String name) {
        return members.stream()
                .filter(member -> member.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no member " + name));
    }

    /** What all apiservers store in. */
    public Etcd etcd() {
        return etcd;
    }

    /** The stored bytes of every Secret, by etcd key. */
    public SortedMap<String, byte[]> rawSecrets() {
        return etcd.range("/registry/secrets/");
    }

    /** How long a reload may be in coming: what was asked for, or a minute where the servers are not ours. */
    public Duration reloadPoll() {
        return reloadPoll;
    }

    /** Whether each apiserver has an identity Lease of its own; else all have the same, since they see one host name. */
    public boolean identitiesAreSeparate() {
        return Launcher.hostNamesAreSeparate();
    }

    /** An admin with a client certificate; the server is cp1. */
    public Path kubeconfig() {
        return folder.write(
                "admin.conf", folder.credentials().kubeconfig(members.get(0).apiServerUrl()));
    }

    /** The same admin with a bearer token. */
    public Path kubeconfigWithToken() {
        return folder.write(
                "admin-token.conf",
                folder.credentials().kubeconfigWithToken(members.get(0).apiServerUrl()));
    }

    /** Creates it through cp1. */
    public void createSecret(String namespace, String name, Map<String, byte[]> data, boolean immutable) {
        members.get(0).api().createSecret(namespace, name, data, immutable);
    }

    /** Reads it from etcd through this member's apiserver; empty if there is none. */
    public Optional<Map<String, byte[]>> readSecret(String member, String namespace, String name) {
        return member(member).api().readSecret(namespace, name);
    }

    /** Deletes it through cp1; false if there was none. */
    public boolean deleteSecret(String namespace, String name) {
        return members.get(0).api().deleteSecret(namespace, name);
    }

    /** Waits until every apiserver is ready and has the namespaces that every cluster has. */
    public void waitReady() {
        members.forEach(member -> waitReady(member.name()));
    }

    /** As above, for one member. */
    public void waitReady(String name) {
        ControlPlaneMember member = member(name);
        Eventually.within(
                READY,
                () -> name + " is ready; its log ends with\n"
                        + endOf(member.host().logFile()),
                () -> member.api().isReady()
                        && member.api().get("/api/v1/namespaces/default").status() == 200
                        && member.api().get("/api/v1/namespaces/kube-system").status() == 200);
    }

    /** Puts etcd back to this moment as an operator would: every apiserver is down while it is done, and ready after. */
    public void restore(EtcdSnapshot snapshot) {
        members.forEach(member -> member.host().stopApiServer());
        etcd.restore(snapshot);
        members.forEach(member -> member.host().startApiServer());
        waitReady();
    }

    /** Ends everything at once and removes its files. */
    @Override
    public void close() {
        members.parallelStream().forEach(member -> member.host().close());
        etcd.close();
        LoopbackPorts.giveBack(ports);
        if (Boolean.getBoolean("rekey.keepControlPlane")) {
            System.err.println("kept: " + folder.root());
        } else {
            Trees.delete(folder.root());
        }
    }

    private ControlPlaneMember startMember(int number, ControlPlaneBinaries binaries, ControlPlaneOptions options) {
        String name = "cp" + number;
        int port = ports.get(number - 1);
        // Of a range for documentation: loopback is refused, and each member needs its own.
        String address = "192.0.2." + number;
        Path root = folder.member(name);
        String manifest = KubeadmManifest.text(
                new KubeadmManifest.Member(root, address, port, etcd.url()), options.flagsOf(name));
        Path manifests = folder.prepareMember(name, manifest);
        StaticPodHost host = StaticPodHost.start(new HostSettings(
                name,
                manifests,
                binaries.kubeApiServer(),
                options.environment(),
                folder.root().resolve(name + ".log"),
                options.relist(),
                options.restartPause(),
                options.grace()));
        String url = "https://127.0.0.1:" + port;
        return new ControlPlaneMember(
                name, root, url, address, host, folder.credentials().api(url));
    }

    private static String endOf(Path log) {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
