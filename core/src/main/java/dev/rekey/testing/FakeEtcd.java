package dev.rekey.testing;

import dev.rekey.config.Reader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is stored. A value is its content and the reader that it needs: type, name and material of the key, so that no
 * ciphertext has to be made. Safe for threads.
 */
public final class FakeEtcd {
    private final Object monitor;
    private Map<String, TreeMap<FakeObject, Value>> objects = new TreeMap<>();
    private Map<String, Map<Reader, Integer>> counts = new HashMap<>();
    private final Set<FakeObject> broken = new TreeSet<>();
    private long revision = 1;

    FakeEtcd(Object monitor) {
        this.monitor = monitor;
    }

    /** What etcd holds at a moment, as a backup has it. */
    public static final class Snapshot {
        private final Map<FakeObject, Value> values;
        private final long revision;

        private Snapshot(Map<FakeObject, Value> values, long revision) {
            this.values = values;
            this.revision = revision;
        }
    }

    /** Grows with each write; goes back with {@link #restore}. */
    public long revision() {
        synchronized (monitor) {
            return revision;
        }
    }

    /** What the object's value needs to be read; empty where there is no such object. */
    public Optional<Reader> storedUnder(FakeObject object) {
        synchronized (monitor) {
            Value value = value(object);
            return value == null ? Optional.empty() : Optional.of(value.reader);
        }
    }

    /** Every object, sorted. */
    public List<FakeObject> objects() {
        synchronized (monitor) {
            List<FakeObject> all = new ArrayList<>();
            objects.values().forEach(resource -> all.addAll(resource.keySet()));
            return all;
        }
    }

    /** Stores past all apiservers, as a restore tool or an old mistake does. */
    public void put(FakeObject object, Reader reader, String content) {
        synchronized (monitor) {
            store(object, reader, content);
        }
    }

    /**
     * Makes the object one that today's validation refuses, such as a {@code kubernetes.io/tls} Secret without its keys: it is
     * read as before, and every update of it, an empty one too, is answered with 422.
     */
    public void breakObject(FakeObject object) {
        synchronized (monitor) {
            broken.add(object);
        }
    }

    /** Undoes {@link #breakObject}. */
    public void mendObject(FakeObject object) {
        synchronized (monitor) {
            broken.remove(object);
        }
    }

    /** A backup. */
    public Snapshot snapshot() {
        synchronized (monitor) {
            Map<FakeObject, Value> values = new TreeMap<>();
            objects.values().forEach(values::putAll);
            return new Snapshot(values, revision);
        }
    }

    /** Puts a backup back: objects and revision are what they were. Apiservers are not restarted by it. */
    public void restore(Snapshot snapshot) {
        synchronized (monitor) {
            objects = new TreeMap<>();
            counts = new HashMap<>();
            snapshot.values.forEach(this::place);
            revision = snapshot.revision;
        }
    }

    /** Names of the resources of which an object is stored, sorted. */
    List<String> resources() {
        return objects.entrySet().stream()
                .filter(resource -> !resource.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .toList();
    }

    List<FakeObject> list(String resource) {
        TreeMap<FakeObject, Value> found = objects.get(resource);
        return found == null ? List.of() : List.copyOf(found.keySet());
    }

    /** By resource: how many objects need which reader. */
    Map<String, Map<Reader, Integer>> counts() {
        return counts;
    }

    boolean isBroken(FakeObject object) {
        return broken.contains(object);
    }

    @Nullable
    Value value(FakeObject object) {
        TreeMap<FakeObject, Value> found = objects.get(object.resource());
        return found == null ? null : found.get(object);
    }

    Value store(FakeObject object, Reader reader, String content) {
        Value value = new Value(reader, content, ++revision);
        place(object, value);
        return value;
    }

    void remove(FakeObject object) {
        TreeMap<FakeObject, Value> found = objects.get(object.resource());
        Value old = found == null ? null : found.remove(object);
        if (old != null) {
            revision++;
            count(object.resource(), old.reader, -1);
        }
    }

    /** A write that is none of an object: kubeadm's ConfigMap, which the fake keeps apart. */
    long nextRevision() {
        return ++revision;
    }

    private void place(FakeObject object, Value value) {
        Value old = objects.computeIfAbsent(object.resource(), resource -> new TreeMap<>())
                .put(object, value);
        if (old != null) {
            count(object.resource(), old.reader, -1);
        }
        count(object.resource(), value.reader, 1);
    }

    private void count(String resource, Reader reader, int change) {
        counts.computeIfAbsent(resource, name -> new HashMap<>())
                .merge(reader, change, (had, more) -> had + more == 0 ? null : had + more);
    }

    record Value(Reader reader, String content, long revision) {}
}
