package dev.rekey.testing;

import dev.rekey.config.Reader;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One process of kube-apiserver, from its start to its end. */
final class ApiServer {
    private final World world;
    private final FakeMember member;
    private final StaticPod pod;
    private final FakeFiles.@Nullable Node pinned;
    private final long readyAt;
    private LoadedConfiguration loaded;
    private boolean alive = true;
    private boolean cachesFilled;
    private long retryMillis;

    /** @param pinned what a mount of the single file shows for as long as this container lives */
    ApiServer(
            World world,
            FakeMember member,
            StaticPod pod,
            LoadedConfiguration loaded,
            FakeFiles.@Nullable Node pinned,
            long startMillis) {
        this.world = world;
        this.member = member;
        this.pod = pod;
        this.loaded = loaded;
        this.pinned = pinned;
        this.readyAt = world.time.now() + startMillis;
    }

    void schedule(long firstPollMillis) {
        if (readyAt > world.time.now()) {
            world.time.after(readyAt - world.time.now(), () -> {
                if (ready()) {
                    world.happened(member.name() + " is ready");
                }
            });
        }
        if (pod.automaticReload() && !pod.configuration().isEmpty()) {
            world.time.after(firstPollMillis, this::poll);
        }
    }

    void kill() {
        alive = false;
    }

    LoadedConfiguration loaded() {
        return loaded;
    }

    boolean listens() {
        return alive && world.time.now() >= readyAt;
    }

    /** Its first lists must succeed: one object that it cannot read keeps it from ever being ready. */
    boolean ready() {
        if (listens() && !cachesFilled) {
            cachesFilled = readsEverything();
        }
        return listens() && cachesFilled && failedKms().isEmpty();
    }

    Set<String> failedKms() {
        Set<String> failed = loaded.kmsPlugins();
        failed.retainAll(member.failedKms());
        return failed;
    }

    private boolean readsEverything() {
        for (Map.Entry<String, Map<Reader, Integer>> resource :
                world.etcd.counts().entrySet()) {
            for (Reader reader : resource.getValue().keySet()) {
                if (!loaded.reads(resource.getKey(), reader)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** What it finds is taken or not; either way what it had stays until then, and nobody is told. */
    private void poll() {
        if (!alive) {
            return;
        }
        long next = world.pollMillis;
        FakeFiles.Node file = pinned != null ? pinned : member.fileOf(pod);
        if (file != null && !file.sha256().equals(loaded.sha256())) {
            Optional<LoadedConfiguration> read = take(file);
            if (read.isPresent()) {
                loaded = read.get();
                retryMillis = 0;
                world.happened(member.name() + " loaded " + loaded.sha256().substring(0, 8));
            } else {
                retryMillis = Math.min(world.pollMillis, Math.max(1000, retryMillis * 2));
                next = retryMillis;
            }
        }
        world.time.after(next, this::poll);
    }

    private Optional<LoadedConfiguration> take(FakeFiles.Node file) {
        if (member.suffers(Fault.APISERVER_DOES_NOT_RELOAD) || member.suffers(Fault.CONFIGURATION_NOT_READABLE)) {
            return Optional.empty();
        }
        return world.configuration(file, true).filter(read -> {
            Set<String> added = read.kmsPlugins();
            added.removeAll(loaded.kmsPlugins());
            added.retainAll(member.failedKms());
            return added.isEmpty();
        });
    }

    Answer read(FakeObject object) {
        FakeEtcd.Value value = world.etcd.value(object);
        if (value == null) {
            return new Answer(404, "not found", 0);
        }
        if (!loaded.reads(object.resource(), value.reader())) {
            return new Answer(500, "Internal error occurred: " + reason(object.resource(), value.reader()), 0);
        }
        if (member.failedKms().contains(value.reader().ref().name()) && value.reader() instanceof Reader.OfKms) {
            return new Answer(500, "Internal error occurred: the KMS plugin does not answer", 0);
        }
        return new Answer(200, value.content(), value.revision());
    }

    Answer create(FakeObject object, String content) {
        if (world.etcd.value(object) != null) {
            return new Answer(409, "already exists", 0);
        }
        return store(object, content, 201);
    }

    Answer update(FakeObject object, String content) {
        Answer read = read(object);
        if (!read.ok()) {
            return read;
        }
        if (world.etcd.isBroken(object)) {
            return new Answer(422, "Invalid", 0);
        }
        return store(object, content, 200);
    }

    /** Writes only what is stale: what the first key of the first provider would not have read. */
    Answer patchNothing(FakeObject object) {
        Answer read = read(object);
        FakeEtcd.Value value = world.etcd.value(object);
        if (!read.ok() || value == null) {
            return read;
        }
        if (world.etcd.isBroken(object)) {
            return new Answer(422, "Invalid", 0);
        }
        return value.reader().equals(loaded.writer(object.resource())) ? read : store(object, value.content(), 200);
    }

    Answer delete(FakeObject object) {
        Answer read = read(object);
        if (read.ok()) {
            world.etcd.remove(object);
        }
        return read;
    }

    /** A request in flight: encrypted now, stored later, unless the process ends first. */
    void createSlowly(FakeObject object, String content, long millis) {
        Reader writer = loaded.writer(object.resource());
        world.time.after(millis, () -> {
            if (alive && world.etcd.value(object) == null) {
                world.etcd.store(object, writer, content);
                world.happened(member.name() + " stored " + object + ", begun earlier");
            }
        });
    }

    private Answer store(FakeObject object, String content, int status) {
        Reader writer = loaded.writer(object.resource());
        if (writer instanceof Reader.OfKms kms && member.failedKms().contains(kms.name())) {
            return new Answer(500, "Internal error occurred: the KMS plugin does not answer", 0);
        }
        return new Answer(
                status, content, world.etcd.store(object, writer, content).revision());
    }

    private String reason(String resource, Reader storedUnder) {
        boolean sameName = loaded.readers(resource).stream()
                .anyMatch(reader -> reader.ref().equals(storedUnder.ref()));
        return sameName ? "the value was not made with the key of that name" : "no matching prefix found";
    }
}
